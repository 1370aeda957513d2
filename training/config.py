"""A run's knobs: read from TOML, checked, and saved resolved beside the run's results."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Optimiser:
    learning_rate: float
    trunk_factor: float
    heads_factor: float
    weight_decay: float
    ema: float
    clip: float


@dataclass(frozen=True)
class Network:
    weights: str  # "imagenet", "none", or a run's best.pt to go on from
    drop_path: float
    dropout: float


@dataclass(frozen=True)
class Loss:
    label_smoothing: float
    positive_weight: float
    attributes: float
    heatmaps: float
    coordinates: float
    presence: float
    color: float


@dataclass(frozen=True)
class Augment:
    rotation: float
    scale: float
    aspect: float
    shift: float
    brightness: float
    contrast: float
    saturation: float
    balance: float
    erase: float
    soften: float
    noise: float
    grey: float
    lie: float


@dataclass(frozen=True)
class Config:
    seed: int
    epochs: int
    warmup_epochs: int
    batch: int
    negatives_per_epoch: int
    optimiser: Optimiser
    network: Network
    loss: Loss
    augment: Augment


SECTIONS = {"optimiser": Optimiser, "network": Network, "loss": Loss, "augment": Augment}


def _build(kind: Any, raw: dict[str, Any], where: str) -> Any:
    names = {f.name for f in dataclasses.fields(kind)}
    unknown, missing = sorted(raw.keys() - names), sorted(names - raw.keys())
    if unknown or missing:
        raise ValueError(f"{where}: unknown {unknown}, missing {missing}")
    return kind(**raw)


def load_config(path: Path, **overrides: Any) -> Config:
    """Read a TOML file; `overrides` replace top-level keys. Raises `ValueError` naming the key."""
    raw: dict[str, Any] = tomllib.loads(path.read_text())
    raw.update({k: v for k, v in overrides.items() if v is not None})
    for name, kind in SECTIONS.items():
        raw[name] = _build(kind, raw.get(name, {}), f"{path} [{name}]")
    config: Config = _build(Config, raw, str(path))
    if config.epochs < 1 or config.batch < 2:
        raise ValueError(f"{path}: epochs must be >= 1 and batch >= 2")
    return config


def save_config(config: Config, path: Path) -> None:
    path.write_text(json.dumps(dataclasses.asdict(config), indent=2) + "\n")
