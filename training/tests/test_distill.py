"""Teacher to student to integers, in miniature, on drawn garments."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest
import torch

from training import train as training
from training.config import Config, load_config, with_options
from training.datasets import clothing, pictures
from training.datasets.targets import encode
from training.distill import load_run
from training.imitation import Imitation, lesson, resized_distribution
from training.int8.network import IntegerStudent
from training.labels import ROOT, load_labels
from training.networks import student as students
from training.networks.student import Student
from training.preprocess import Preprocess, load_preprocess
from training.tests.drawn import write_photographs
from training.tests.small import FEATURES, SMALL

TINY = Preprocess(size=32, mean=127, scale=128)


@pytest.fixture
def photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_photographs(tmp_path / "photographs", 24)
    photos = clothing.read_labels(tmp_path / "photographs" / "labels.jsonl")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(tmp_path / "photographs"))
    monkeypatch.setattr(training, "read_labels", lambda: photos)
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(students, "load_dimensions", lambda: SMALL)
    monkeypatch.setattr("training.int8.prepare.NORM_BATCHES", 1)
    monkeypatch.setattr("training.int8.prepare.RANGE_BATCHES", 1)


def tiny(name: str, epochs: int, weights: str, teachers: list[str] | None) -> Config:
    config = load_config(ROOT / f"training/configs/{name}.toml", epochs=epochs, batch=12)
    sizes = (32, 64) if name == "distill" else ()
    config = dataclasses.replace(config, sizes=sizes)
    return with_options(config, None, weights, None, teachers)


def rows(run: Path) -> list[dict[str, str]]:
    with (run / "curves.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_student_learns_from_its_teacher_and_then_in_integers(
    photographs: None, tmp_path: Path
) -> None:
    teacher = tmp_path / "teacher"
    training.run(tiny("student", 1, "none", None), teacher, tmp_path / "none", TINY)
    taught = tmp_path / "taught"
    config = tiny("distill", 4, "none", [str(teacher / "best.pt")])
    training.run(config, taught, tmp_path / "none", TINY)
    losses = [float(row["loss_total"]) for row in rows(taught)]
    assert losses[-1] < losses[0]
    assert float(rows(taught)[0]["loss_teacher_category"]) > 0
    assert "category_top1@64" in rows(taught)[0]
    assert load_run(taught / "last.pt", load_labels()).size == load_preprocess().size

    served = tmp_path / "qat"
    config = tiny("qat", 2, str(taught / "best.pt"), [str(teacher / "best.pt")])
    training.run(config, served, tmp_path / "none", TINY)
    state = torch.load(served / "best.pt", weights_only=True)
    student = Student(load_labels())
    student.load_state_dict(state["model"])
    x = torch.zeros(1, 3, 32, 32)
    assert torch.isfinite(IntegerStudent(student, state["ranges"])(x).category).all()


def test_nothing_is_left_to_learn_from_oneself() -> None:
    torch.manual_seed(1)
    with torch.no_grad():
        out = Student(load_labels(), dimensions=SMALL).eval()(torch.randn(3, 3, 64, 64))
    config = load_config(ROOT / "training/configs/distill.toml")
    assert config.distil is not None
    loss = Imitation(FEATURES, [FEATURES], config.distil)
    torch.nn.init.eye_(loss.projections[0].weight)  # type: ignore[arg-type]
    torch.nn.init.zeros_(loss.projections[0].bias)  # type: ignore[arg-type]
    target = encode([], 3, load_labels())
    target = dataclasses.replace(target, seen=torch.ones(3, 8), attributes_known=torch.ones(3))
    taught = lesson([out], config.distil.temperature, 8)
    loss.requires_grad_(False)
    terms = loss(out, taught, target)
    for name in ("category", "heatmaps", "features"):
        assert float(terms[f"teacher_{name}"]) == pytest.approx(0, abs=1e-5), name
    wrong = dataclasses.replace(
        out, category=out.category.flip(1) * 5, heatmaps=out.heatmaps + 5 * torch.randn(3, 8, 8, 8)
    )
    worse = loss(wrong, taught, target)
    assert float(worse["teacher_category"]) > 0.01 and float(worse["teacher_heatmaps"]) > 0.01


def test_a_teacher_without_its_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"best\.pt"):
        load_run(tmp_path / "best.pt", load_labels())


def test_heatmaps_of_another_size_remain_distributions() -> None:
    peak = torch.full((1, 1, 8, 8), -20.0)
    peak[0, 0, 2, 5] = 20.0
    for side in (4, 8, 16):
        p = resized_distribution(peak, side)
        assert float(p.sum()) == pytest.approx(1)
        at = divmod(int(p.argmax()), side)
        assert abs((at[0] + 0.5) / side - 2.5 / 8) <= 0.5 / side
        assert abs((at[1] + 0.5) / side - 5.5 / 8) <= 0.5 / side
