"""The ablation end to end on drawn garments, its views, and its table."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from training.ablation import __main__ as ablation
from training.ablation import maps
from training.ablation.report import mean_and_spread, read_runs, write_report
from training.ablation.variants import VARIANTS, configured
from training.config import Config, load_config
from training.datasets import clothing, pictures
from training.labels import ROOT
from training.networks.trunks import LiteTrunk, build_trunk
from training.preprocess import Preprocess
from training.tests.drawn import write_photographs

TINY = Preprocess(size=32, mean=127, scale=128)


def tiny_config() -> Config:
    config = load_config(ROOT / "training/configs/ablation.toml", epochs=1, batch=4)
    assert config.landmark_feature is not None
    small = dataclasses.replace(config.landmark_feature, glem=16, decoder=8, branch=16)
    network = dataclasses.replace(config.network, weights="none", size=32)
    return dataclasses.replace(config, landmark_feature=small, network=network)


@pytest.fixture
def photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "photographs"
    write_photographs(folder, 24)
    photos = clothing.read_labels(folder / "labels.jsonl")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(folder))
    monkeypatch.setattr(ablation, "read_labels", lambda: photos)
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    return folder


def test_views_move_landmarks_and_are_made_once(photographs: Path, tmp_path: Path) -> None:
    cpu = torch.device("cpu")
    splits, made = ablation.load(tiny_config(), TINY, 2, tmp_path / "cache", cpu)
    n = len(splits["train"].photos)
    assert len(made["train"]) == 2 * n and len(made["val"]) == len(splits["val"].photos)
    first, second = made["train"].targets.points[:n], made["train"].targets.points[n:]
    assert not torch.equal(first, second)
    assert torch.equal(made["val"].targets.points, splits["val"].targets.points)
    features = made["train"].features(torch.tensor([0, n]), cpu)
    assert features.recognition.shape == (2, 320, 1, 1)
    stamp = [p.stat().st_mtime_ns for p in sorted((tmp_path / "cache").rglob("*.npy"))]
    ablation.load(tiny_config(), TINY, 2, tmp_path / "cache", cpu)
    assert [p.stat().st_mtime_ns for p in sorted((tmp_path / "cache").rglob("*.npy"))] == stamp


def test_stopped_maps_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "FLUSH", 1)
    trunk = build_trunk("efficientnet_lite0", 0.0)
    assert isinstance(trunk, LiteTrunk)
    pictures = torch.randn(3, 3, 32, 32)
    asked: list[list[int]] = []

    def draw(rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        asked.append(rows.tolist())
        if len(asked) == 2:
            raise KeyboardInterrupt
        return pictures[rows], torch.ones(len(rows), 8, 2), torch.ones(len(rows), 8)

    with pytest.raises(KeyboardInterrupt):
        maps.write_maps(trunk.eval(), [draw], 3, tmp_path, batch=2)
    maps.write_maps(trunk, [draw], 3, tmp_path, batch=2)
    assert asked == [[0, 1], [2], [2]]
    written = np.load(tmp_path / "recognition.npy")
    expected = trunk(pictures).recognition.detach().half().numpy()
    np.testing.assert_allclose(written, expected, rtol=1e-2, atol=1e-3)


def test_every_run_once_and_a_report(
    photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, cache = tmp_path / "out", tmp_path / "cache"
    for variants in (["plain"], ["plain", "gate_groups", "untaught"]):  # stopped, and gone on
        ablation.run(tiny_config(), variants, 1, 2, out, cache)
    assert capsys.readouterr().out.count("plain seed 1:") == 1
    runs = read_runs(out / "runs.csv")
    assert [r["variant"] for r in runs] == ["plain", "gate_groups", "untaught"]
    assert all(0 <= float(r["test.category_top3"]) <= 1 for r in runs)
    table = (out / "table.md").read_text()
    assert table.index(VARIANTS["plain"].title) < table.index(VARIANTS["gate_groups"].title)
    assert (out / "val.png").stat().st_size > 1000 and (out / "table.csv").exists()


def test_mean_and_spread(tmp_path: Path) -> None:
    mean, spread = mean_and_spread([0.1, 0.2, 0.3])
    assert mean == pytest.approx(0.2) and spread == pytest.approx(0.1)
    assert mean_and_spread([0.4]) == (0.4, 0.0)
    row = {"variant": "none", "seed": "1", "head_parameters": "2000000"}
    names = ["category_top1", "category_top3", "landmark_ne"]
    names += [f"{g}_{m}" for g in clothing.GROUPS for m in ("recall3", "f1")]
    values = {f"{s}.{n}": "0.5" for s in ("val", "test") for n in names}
    other = {**row, "seed": "2", **values, "val.category_top1": "0.7"}
    write_report([{**row, **values}, other], tmp_path)
    assert "| 2.00 M | 60.0 ± 14.1 |" in (tmp_path / "table.md").read_text()


def test_only_the_control_is_untaught() -> None:
    base = tiny_config()
    for name, variant in VARIANTS.items():
        config = configured(base, variant, 5)
        assert config.seed == 5
        assert (config.loss.heatmaps == 0) == (name == "untaught")
