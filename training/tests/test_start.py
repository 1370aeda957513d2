"""A run can begin where a checkpoint ended."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from training import start
from training.distill import load_run
from training.labels import load_labels
from training.networks.dimensions import load_dimensions, save_dimensions
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
