"""Scoring a run, and averaging over mirror images."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from training import data, evaluate
from training.averaging import mirrored, predict_averaged
from training.config import load_config, save_config, with_options
from training.datasets import clothing, pictures
from training.labels import ROOT, load_labels
from training.networks.build import build_network
from training.preprocess import Preprocess
from training.tests.drawn import write_photographs


def test_a_run_is_scored_with_thresholds_of_val(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, run = tmp_path / "photographs", tmp_path / "run"
    write_photographs(folder, 24)
    photos = clothing.read_labels(folder / "labels.jsonl")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(folder))
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(data, "read_labels", lambda: photos)
    config = load_config(ROOT / "training/configs/teacher.toml")
    config = with_options(config, "efficientnet_lite0", "none", 32)
    assert config.landmark_feature is not None
    small = dataclasses.replace(config.landmark_feature, glem=16, decoder=8, branch=32)
    config = dataclasses.replace(config, landmark_feature=small)
    run.mkdir()
    save_config(config, run / "config.json")
    network = build_network(config, load_labels())
    torch.save({"model": network.state_dict()}, run / "best.pt")
    arguments = ["evaluate", "--run", str(run), "--split", "test", "--mirror"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--negatives", str(tmp_path / "none")])
    evaluate.main()
    printed = capsys.readouterr().out
    assert "best.pt on test" in printed and "landmark_ne" in printed


def test_averaging_makes_a_mirror_image_give_the_mirrored_answer() -> None:
    torch.manual_seed(3)
    config = load_config(ROOT / "training/configs/student.toml")
    model, where = build_network(config, load_labels()).eval(), torch.device("cpu")
    record = Preprocess(size=64, mean=127, scale=128)
    shown = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), np.uint8)
    one = predict_averaged(model, shown, record, where)
    other = mirrored(predict_averaged(model, shown[:, :, ::-1], record, where))
    for name in ("category", "landmarks", "presence"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-5)
