"""The mean of runs' weights."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from training import soup


def write(run: Path, value: float, shape: tuple[int, ...] = (2,)) -> Path:
    run.mkdir()
    model = {"weight": torch.full(shape, value), "batches": torch.tensor(7)}
    torch.save({"model": model, "epoch": 3}, run / "best.pt")
    (run / "config.json").write_text("{}")
    return run


def cook(monkeypatch: pytest.MonkeyPatch, out: Path, *runs: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["soup", *map(str, runs), "--out", str(out)])
    soup.main()


def test_the_mean_of_two_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "soup"
    cook(monkeypatch, out, write(tmp_path / "a", 1.0), write(tmp_path / "b", 4.0))
    state = torch.load(out / "best.pt", weights_only=True)
    assert state["model"]["weight"].tolist() == [2.5, 2.5]
    assert int(state["model"]["batches"]) == 7
    assert state["mean_of"] == {"a": 3, "b": 3}
    assert (out / "config.json").exists() and (out / "a/config.json").exists()


def test_refusals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, other = write(tmp_path / "a", 1.0), write(tmp_path / "other", 1.0, (3,))
    out = tmp_path / "soup"
    with pytest.raises(SystemExit, match="name two runs"):
        cook(monkeypatch, out, a)
    (tmp_path / "again").mkdir()
    with pytest.raises(SystemExit, match="different names"):
        cook(monkeypatch, out, a, write(tmp_path / "again" / "a", 1.0))
    with pytest.raises(SystemExit, match=r"no .*nowhere/best\.pt"):
        cook(monkeypatch, out, a, tmp_path / "nowhere")
    begun = write(tmp_path / "begun", 1.0)
    torch.save({"model": {}}, begun / "best.pt")
    with pytest.raises(SystemExit, match=r"trained: .*begun"):
        cook(monkeypatch, out, a, begun)
    with pytest.raises(SystemExit, match="different networks: weight"):
        cook(monkeypatch, out, a, other)
    assert not out.exists()
