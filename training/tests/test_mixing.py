"""Blended pictures: the same for student and teacher, and no label speaks of them."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from training.config import Augment, load_config
from training.datasets.targets import encode
from training.imitation import Imitation, lesson
from training.labels import ROOT, load_labels
from training.networks.student import Student
from training.preprocess import Preprocess
from training.tasks import Task
from training.tests.small import FEATURES, SMALL
from training.views import CHUNK, View

STILL = Augment(**{f.name: 0.0 for f in dataclasses.fields(Augment)})


def flat_view(n: int) -> View:
    """Pictures of one grey each, 10 apart."""
    greys = (torch.arange(n) * 10).to(torch.uint8)
    pictures = greys[:, None, None, None].expand(n, 8, 8, 3).contiguous()
    seeds = list(range(-(-n // CHUNK)))
    record = Preprocess(size=32, mean=127, scale=128)
    return View(pictures, torch.ones(n), torch.zeros(n, 8, 2), torch.ones(n, 8), seeds, record)


def test_a_picture_is_blended_with_its_neighbour_in_the_chunk_alike_at_every_size() -> None:
    n = CHUNK + 4
    plain, mixed = flat_view(n), flat_view(n).mixed()
    assert mixed.mixing is not None
    partner, share = mixed.mixing.partner, mixed.mixing.share
    assert partner[0] == CHUNK - 1 and partner[CHUNK] == n - 1 and partner[1] == 0
    assert 0 <= float(share.min()) < float(share.max()) <= 1
    greys = plain.draw(32, STILL)[0].mean((1, 2, 3))
    wanted = greys * share + greys[partner] * (1 - share)
    for size in (32, 64):
        assert torch.allclose(mixed.draw(size, STILL)[0].mean((1, 2, 3)), wanted, atol=1e-4)
    again = flat_view(n).mixed().mixing
    assert again is not None and torch.equal(again.share, share)


def test_what_is_known_of_a_blend_is_known_of_both() -> None:
    target = dataclasses.replace(
        encode([], 2, load_labels()),
        attributes_known=torch.tensor([1.0, 0.0]),
        seen=torch.tensor([[1.0] * 8, [0.5] * 8]),
    )
    both = target.known_of_both(torch.tensor([1, 0]))
    assert both.attributes_known.tolist() == [0, 0]
    assert both.seen[:, 0].tolist() == [0.5, 0.5]


def test_labels_count_for_nothing_where_only_the_teacher_can_speak() -> None:
    torch.manual_seed(1)
    student = Student(load_labels(), dimensions=SMALL).eval()
    config = load_config(ROOT / "training/configs/distill.toml")
    task = Task(student, config, None, 0)
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        taught = lesson([student(x)], 2.0, 8)
    assert config.distil is not None
    task.imitation = Imitation(FEATURES, [FEATURES], config.distil)
    target = encode([], 2, load_labels())
    with torch.no_grad():
        heard = task(x, target, taught)
        alone = task(x, target, dataclasses.replace(taught, alone=True))
    assert float(heard["category"]) > 0
    assert all(float(alone[name]) == 0 for name in ("category", "attributes", "presence", "color"))
    lessons = sum(float(v) for name, v in alone.items() if name.startswith("teacher_"))
    assert float(alone["total"]) == pytest.approx(lessons)
