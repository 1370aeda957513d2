"""Pictures without a garment: made the same every time, never from skipped folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.datasets.clothing import read_labels
from training.datasets.negatives import make, picture_files
from training.tests.drawn import write_photographs


def write_scene(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    Image.fromarray(noise).save(path)


def test_same_seed_same_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_photographs(tmp_path / "p", 12)
    write_scene(tmp_path / "scenes" / "hill.png")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(tmp_path / "p"))
    photos = [p for p in read_labels(tmp_path / "p" / "labels.jsonl") if p.split == "val"]
    runs = [list(make("val", photos, [tmp_path / "scenes"], 3)) for _ in range(2)]
    assert [name for name, _ in runs[0]] == [name for name, _ in runs[1]]
    assert all(a.tobytes() == b.tobytes() for (_, a), (_, b) in zip(*runs, strict=True))
    kinds = {name.split("-")[0] for name, _ in runs[0]}
    assert {"scene", "drawn"} <= kinds


def test_clothes_and_second_sizes_are_left_out(tmp_path: Path) -> None:
    for name in ("clothes/hat.png", "sky/640x480.png", "sky/800x600.png", "tree.png"):
        write_scene(tmp_path / name)
    names = [str(p.relative_to(tmp_path)) for p in picture_files([tmp_path])]
    assert names == ["sky/640x480.png", "tree.png"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        picture_files([tmp_path / "nowhere"])
