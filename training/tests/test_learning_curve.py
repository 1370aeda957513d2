"""The learning curve end to end on drawn garments, shares of a split, and the power law."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from training import data, learning_curve
from training import train as training
from training.ablation.report import read_runs
from training.config import Config, load_config
from training.data import fewer, load_split
from training.datasets import clothing, pictures
from training.labels import ROOT, load_labels
from training.learning_curve_report import GOALS, SPLITS, PowerLaw, fit, table, write_report
from training.networks import student as students
from training.tests.drawn import write_photographs
from training.tests.small import SMALL


def tiny_config() -> Config:
    config = load_config(ROOT / "training/configs/student.toml", epochs=1, batch=6)
    network = dataclasses.replace(config.network, weights="none", size=32)
    return dataclasses.replace(config, network=network)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[clothing.Photograph]:
    folder = tmp_path / "photographs"
    write_photographs(folder, 24)
    read = clothing.read_labels(folder / "labels.jsonl")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(folder))
    for module in (training, learning_curve, data):
        monkeypatch.setattr(module, "read_labels", lambda: read)
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(students, "load_dimensions", lambda: SMALL)
    return read


def test_a_share_is_repeated_to_the_whole(photos: list[clothing.Photograph]) -> None:
    own = [p for p in photos if p.split == "train"]
    split = load_split(own, None, load_labels(), 32, exact=True)
    half = fewer(split, 0.5, seed=3)
    names = [p.id for p in half.photos if isinstance(p, clothing.Photograph)]
    assert len(names) == len(own) and len(set(names)) == round(len(own) / 2)
    where = [[p.id for p in own].index(name) for name in names]
    assert np.array_equal(half.pictures[np.arange(len(own))], split.pictures[np.array(where)])
    assert torch.equal(half.targets.points, split.targets.points[where])
    assert torch.equal(half.aspect, split.aspect[where])
    assert half.files == [split.files[i] for i in where]
    assert [f.stem for f in fewer(split, 0.5, seed=4).files] != names
    assert fewer(split, 1.0, seed=3) is split


def test_every_run_once_and_a_report(
    photos: list[clothing.Photograph], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for shares in ([0.5], [0.5, 1.0]):  # stopped, and gone on
        learning_curve.run(tiny_config(), shares, 1, out, tmp_path / "runs", tmp_path / "none")
    whole = sum(p.split == "train" for p in photos)
    assert capsys.readouterr().out.count(f"{round(whole / 2)} photographs, seed 7\n") == 1
    rows = read_runs(out / "runs.csv")
    assert [r["photographs"] for r in rows] == [str(round(whole / 2)), str(whole)]
    assert all(0 <= float(r[f"{s}.category_top3"]) <= 1 for r in rows for s in SPLITS)


def drawn_runs(b: float) -> list[dict[str, str]]:
    """Errors that follow .3 (n / 100)^-b exactly."""
    runs = []
    for count in (100, 400, 1600):
        error = 0.3 * (count / 100) ** -b
        values = {m: error if m == "landmark_ne" else 1 - error for m in GOALS}
        named = {f"{s}.{m}": f"{v:.9f}" for s in SPLITS for m, v in values.items()}
        runs.append({"photographs": str(count), "seed": "7", **named})
    return runs


def test_the_power_law_and_what_it_asks_for(tmp_path: Path) -> None:
    runs = drawn_runs(0.5)
    shown = table(runs, "test")
    # 0.15 is half of the first error, so four times its photographs
    top = "| category top1 | 70.0 ± 0.0 | 85.0 ± 0.0 | 92.5 ± 0.0 | 0.50 | 85 | 400 |"
    assert top in shown
    assert "| landmark ne x 1000 | 300.0 ± 0.0 | 150.0 ± 0.0 | 75.0 ± 0.0 | 0.50 | 28 |" in shown
    write_report(runs, tmp_path)
    assert (tmp_path / "curve.png").stat().st_size > 1000
    law = fit([100, 400], [0.3, 0.15])
    assert law and law.error(1600) == pytest.approx(0.075)
    assert PowerLaw(0.3, 0.0).needed(0.1) == float("inf")


def test_too_little_for_a_power_law(tmp_path: Path) -> None:
    assert fit([100, 100], [0.3, 0.2]) is None
    assert fit([100, 200], [0.3, 0.0]) is None
    write_report(drawn_runs(0.5)[:1], tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("share", [0.0, 1.5])
def test_shares_that_are_none(share: float) -> None:
    with pytest.raises(ValueError, match="share must be above 0"):
        dataclasses.replace(tiny_config(), share=share)
    with pytest.raises(ValueError, match="clothing photographs"):
        dataclasses.replace(tiny_config(), share=0.5, dataset="deepfashion")
