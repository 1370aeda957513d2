"""A run can begin where a checkpoint ended."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from training import start
from training.distill import load_run
from training.labels import load_labels
from training.networks.dimensions import load_dimensions, save_dimensions
from training.networks.narrowed import narrowed
from training.networks.student import Student


def test_pruning_leaves_a_teacher_and_initial_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = load_labels()
    today = load_dimensions()
    deep = dataclasses.replace(today, repeats=(1, 2, 2, 3, 3, 4, 1))
    before = Student(labels, dimensions=deep)
    save_file(before.state_dict(), tmp_path / "student.safetensors")
    save_dimensions(deep, tmp_path)
    out = tmp_path / "started"
    monkeypatch.setattr(
        "sys.argv",
        [
            *("start", str(tmp_path / "student.safetensors"), "--size", "96"),
            *("--dimensions", str(tmp_path / "student.json"), "--out", str(out)),
        ],
    )
    start.main()
    teacher = load_run(out / "teacher" / "best.pt", labels)
    assert teacher.size == 96
    x = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(teacher.network(x).category, before.eval()(x).category)
    begun = torch.load(out / "best.pt", weights_only=True)["model"]
    student = Student(labels)
    assert set(begun) == set(student.state_dict())
    student.load_state_dict(begun)


def test_heads_that_got_new_inputs_answer_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = load_labels()
    bare = dataclasses.replace(load_dimensions(), local=0)
    before = Student(labels, dimensions=bare).eval()
    save_file(before.state_dict(), tmp_path / "student.safetensors")
    record = {k: v for k, v in dataclasses.asdict(bare).items() if k != "local"}
    (tmp_path / "student.json").write_text(json.dumps(record))
    monkeypatch.setattr(
        "sys.argv",
        [
            *("start", str(tmp_path / "student.safetensors")),
            *("--dimensions", str(tmp_path / "student.json"), "--out", str(tmp_path / "out")),
        ],
    )
    start.main()
    student = Student(labels).eval()
    begun = torch.load(tmp_path / "out" / "best.pt", weights_only=True)["model"]
    missing = student.load_state_dict(begun, strict=False).missing_keys
    assert missing == ["local.weight", "local.bias"]
    x = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(student(x).category, before(x).category)
    torch.testing.assert_close(student(x).attributes["part"], before(x).attributes["part"])


def test_channels_that_do_nothing_are_not_missed() -> None:
    torch.manual_seed(1)
    labels = load_labels()
    wide = load_dimensions()
    narrow = dataclasses.replace(wide, width=0.5)
    before = Student(labels, dimensions=wide).eval()
    after = Student(labels, dimensions=narrow).eval()
    trunks = before.trunk, after.trunk
    idle: dict[int, torch.Tensor] = {}  # of a map of so many channels
    for block, thin in zip(trunks[0]._blocks, trunks[1]._blocks, strict=True):
        for name in ("_bn1", "_bn2"):
            norm, kept = getattr(block, name), getattr(thin, name).num_features
            norm.weight.data.uniform_(0.5, 1.5)
            if name == "_bn1":
                drop = torch.randperm(norm.num_features)[kept:]
            else:  # a stage's blocks share their outputs
                drop = idle.setdefault(norm.num_features, torch.randperm(norm.num_features)[kept:])
            norm.weight.data[drop] = 0
            norm.bias.data[drop] = 0
    after.load_state_dict(narrowed(before.state_dict(), narrow))
    x = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(after(x).category, before(x).category, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(after(x).heatmaps, before(x).heatmaps, rtol=1e-4, atol=1e-5)
