"""A network's metrics on a split."""

from __future__ import annotations

import torch
from torch import nn

from training.data import Split
from training.datasets.targets import UNKNOWN
from training.labels import load_labels
from training.metrics import Predictions, choose_thresholds, report, top_k
from training.predict import predict
from training.preprocess import Preprocess


def evaluate_split(
    model: nn.Module,
    split: Split,
    record: Preprocess,
    where: torch.device,
    thresholds: dict[str, list[float]] | None = None,
) -> dict[str, float]:
    """Metrics of the photographs, and how many of the others are called `none`."""
    return score(predict(model, split.pictures, record, where), split, thresholds)


def score(
    p: Predictions, split: Split, thresholds: dict[str, list[float]] | None = None
) -> dict[str, float]:
    """The same for predictions at hand; one row a picture of the split."""
    n, t = len(split.photos), split.targets
    none = p.category.argmax(1) == load_labels().category.index("none")
    rows = {k: v[:n] for k, v in p.attributes.items()}
    photos = type(p)(p.category[:n], rows, p.landmarks[:n], p.presence[:n], p.color[:n])
    out = report(
        photos,
        t.category[:n].numpy(),
        {g: v[:n].double().numpy() for g, v in t.attributes.items()},
        t.attributes_known[:n].double().numpy(),
        t.points[:n].double().numpy(),
        t.seen[:n].double().numpy(),
        thresholds,
    )
    colored = t.color[:n] != UNKNOWN
    out["main_color"] = top_k(p.color[:n][colored], t.color[:n][colored].numpy(), 1)
    out["none_rate"] = float(none[n:].mean()) if split.negatives else float("nan")
    out["garments_called_none"] = float(none[:n].mean())
    return out


def chosen_thresholds(p: Predictions, val: Split) -> dict[str, list[float]]:
    """Thresholds of every group's labels, by what was predicted for val."""
    rows = val.targets.attributes_known.numpy() > 0
    return {
        g: choose_thresholds(p.attributes[g][rows], t.double().numpy()[rows])
        for g, t in val.targets.attributes.items()
    }
