"""One tiny run, for the test of several processes: `run_tiny.py PHOTOGRAPHS OUT`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import torch

from training import train
from training.config import load_config
from training.datasets import clothing, pictures
from training.distributed import leave_world
from training.labels import ROOT
from training.preprocess import Preprocess


def main(photographs: Path, out: Path) -> None:
    torch.set_num_threads(1)
    photos = clothing.read_labels(photographs / "labels.jsonl")
    vars(train)["read_labels"] = lambda: photos
    vars(pictures)["ROOT"] = out
    config = load_config(ROOT / "training/configs/teacher.toml", epochs=1, batch=32)
    assert config.landmark_feature is not None
    # What each process draws for itself, dropout and stochastic depth, is switched off.
    network = dataclasses.replace(
        config.network, weights="none", drop_path=0.0, dropout=0.0, size=32, frozen_blocks=0
    )
    # The paper's join, all of it learning: where gradients nearly vanish, Adam magnifies rounding.
    small = dataclasses.replace(
        config.landmark_feature,
        trunk="efficientnet_lite0",
        glem=16,
        decoder=8,
        branch=32,
        join="plain",
        group_heads=False,
    )
    config = dataclasses.replace(config, network=network, landmark_feature=small)
    train.run(config, out / "run", out / "none", Preprocess(size=32, mean=127, scale=128))
    leave_world()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
