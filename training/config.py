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
    decay_every: int = 0  # epochs between two divisions of the rate by 10; 0: a cosine


@dataclass(frozen=True)
class Network:
    weights: str  # "imagenet", "none", or a run's best.pt to go on from
    drop_path: float
    dropout: float
    size: int = 0  # the input's side, a multiple of 32; 0: model/preprocess.json's
    frozen_blocks: int = 0  # of a Lite trunk, stem included: neither weights nor norms learn

    def __post_init__(self) -> None:
        if self.size % 32 != 0:
            raise ValueError(f"size must be a multiple of 32, not {self.size}")


@dataclass(frozen=True)
class LandmarkFeature:
    """The paper's network (`networks/landmark_feature.py`); without this section the student."""

    trunk: str  # vgg19, efficientnet_lite0, efficientnet_lite1 or efficientnet_lite2
    glem: int = 512  # channels of the GLEM map
    decoder: int = 64  # channels of the landmark decoder on Lite trunks
    heatmap_stride: int = 8  # on Lite trunks 8 or 4; with vgg19 heatmaps are full size
    branch: int = 512  # features of a recognition branch
    join: str = "plain"  # none, pooled, attention, plain (the paper) or gate
    group_heads: bool = False  # a branch with its own pooling for each attribute group

    def __post_init__(self) -> None:
        if self.heatmap_stride not in (4, 8):
            raise ValueError(f"heatmap_stride must be 4 or 8, not {self.heatmap_stride}")


@dataclass(frozen=True)
class Loss:
    label_smoothing: float
    positive_weight: float
    attributes: float
    heatmaps: float
    coordinates: float
    presence: float
    color: float
    negative_weight: float = 1.0  # eq. 2: w_neg
    squared_heatmaps: bool = False  # eq. 3 as published, instead of heatmaps as distributions
    heatmap_sigma: float = 1.0  # of a target heatmap's Gaussian, in cells


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
    decode: float = 0.0


@dataclass(frozen=True)
class Distil:
    """Learning from teachers (`imitation.py`): weights of the terms beside the labels' own."""

    teachers: list[str]  # runs' best.pt or last.pt; several are averaged
    temperature: float  # of the category
    category: float
    attributes: float
    heatmaps: float
    presence: float
    features: float
    labels: float  # weight of the labels' joint loss
    mix: float = 0.0  # share of the batches whose pictures are blended; there only teachers count


@dataclass(frozen=True)
class Quantise:
    """Training as served (`int8/fake.py`)."""

    ranges_factor: float  # of the learning rate, for the activations' ranges


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
    landmark_feature: LandmarkFeature | None = None
    distil: Distil | None = None
    quantise: Quantise | None = None
    dataset: str = "clothing"  # or "deepfashion" (`datasets/deepfashion.py`)
    sizes: tuple[int, ...] = ()  # a step's input is one of these; none: always the same size
    share: float = 1.0  # of the photographs to train on, drawn by the seed

    def __post_init__(self) -> None:
        if any(size % 32 for size in self.sizes):
            raise ValueError(f"sizes must be multiples of 32, not {self.sizes}")
        if not 0 < self.share <= 1:
            raise ValueError(f"share must be above 0 and at most 1, not {self.share}")
        if self.share != 1 and self.dataset != "clothing":
            raise ValueError("share is for the clothing photographs, which are kept in memory")
        if self.dataset not in ("clothing", "deepfashion"):
            raise ValueError(f"dataset must be clothing or deepfashion, not {self.dataset!r}")


SECTIONS = {"optimiser": Optimiser, "network": Network, "loss": Loss, "augment": Augment}
OPTIONAL = {"landmark_feature": LandmarkFeature, "distil": Distil, "quantise": Quantise}


def build(kind: Any, raw: dict[str, Any], where: str) -> Any:
    """The dataclass `kind` of `raw`. Raises `ValueError` naming the keys unknown or missing."""
    fields = dataclasses.fields(kind)
    needed = {f.name for f in fields if f.default is dataclasses.MISSING}
    unknown, missing = sorted(raw.keys() - {f.name for f in fields}), sorted(needed - raw.keys())
    if unknown or missing:
        raise ValueError(f"{where}: unknown {unknown}, missing {missing}")
    return kind(**raw)


def load_config(path: Path, **overrides: Any) -> Config:
    """Read TOML, or a run's config.json; `overrides` replace top-level keys.

    Raises `ValueError` naming the key.
    """
    text = path.read_text()
    raw: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    raw.update({k: v for k, v in overrides.items() if v is not None})
    for name, kind in SECTIONS.items():
        raw[name] = build(kind, raw.get(name, {}), f"{path} [{name}]")
    for name, optional in OPTIONAL.items():
        if raw.get(name) is not None:
            raw[name] = build(optional, raw[name], f"{path} [{name}]")
    raw["sizes"] = tuple(raw.get("sizes", ()))
    config: Config = build(Config, raw, str(path))
    if config.epochs < 1 or config.batch < 2:
        raise ValueError(f"{path}: epochs must be >= 1 and batch >= 2")
    return config


def with_options(
    config: Config,
    trunk: str | None,
    weights: str | None,
    size: int | None,
    teachers: list[str] | None = None,
) -> Config:
    """The configuration with what the command line asks for. Raises `ValueError`."""
    if trunk is not None:
        if config.landmark_feature is None:
            raise ValueError("--trunk needs a configuration with [landmark_feature]")
        knobs = dataclasses.replace(config.landmark_feature, trunk=trunk)
        config = dataclasses.replace(config, landmark_feature=knobs)
    if teachers is not None:
        if config.distil is None:
            raise ValueError("--teacher needs a configuration with [distil]")
        distil = dataclasses.replace(config.distil, teachers=teachers)
        config = dataclasses.replace(config, distil=distil)
    network = dataclasses.replace(
        config.network,
        weights=config.network.weights if weights is None else weights,
        size=config.network.size if size is None else size,
    )
    return dataclasses.replace(config, network=network)


def save_config(config: Config, path: Path) -> None:
    path.write_text(json.dumps(dataclasses.asdict(config), indent=2) + "\n")
