"""The numbers by which a model is chosen and reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.datasets.targets import UNKNOWN

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predictions:
    """Probabilities, not logits; one row a picture."""

    category: Array  # [n,C]
    attributes: dict[str, Array]  # group -> [n,G]
    landmarks: Array  # [n,8,2]
    presence: Array  # [n,8]
    color: Array  # [n,19]


def top_k(scores: Array, target: npt.NDArray[np.int64], k: int) -> float:
    """Share of rows whose target is among the k best; a target the model lacks is a miss."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float((best == target[:, None]).any(1).mean())


def recall_at_k(scores: Array, target: Array, k: int) -> float:
    """Hits among the k best of the group / positives (the DeepFashion benchmark's recall)."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(target, best, 1).sum() / max(target.sum(), 1))


def micro_f1(chosen: npt.NDArray[np.bool_], target: Array) -> float:
    hits = float((chosen * target).sum())
    return 2 * hits / max(float(chosen.sum() + target.sum()), 1)


def normalised_error(points: Array, target: Array, visible: Array) -> float:
    """Mean Euclidean distance in fractions of width and height, over visible landmarks."""
    distance = np.linalg.norm(points - target, axis=-1)
    return float((distance * visible).sum() / max(visible.sum(), 1))


def best_threshold(scores: Array, target: Array) -> float:
    """The threshold of 0.1, 0.12 .. 0.9 with the best micro-F1; the middle one of equals."""
    grid = [t / 100 for t in range(10, 91, 2)]
    f1 = [micro_f1(scores >= t, target) for t in grid]
    best = [t for t, value in zip(grid, f1, strict=True) if value == max(f1)]
    return best[len(best) // 2]


def choose_thresholds(scores: Array, target: Array, rare: int = 30) -> list[float]:
    """A threshold for each label of a group: the best F1, shrunk to the group's where rare.

    The group's threshold maximises micro-F1. A label's own is the mean of its best and the
    group's, weighted by its positives: with few of them the best is mostly luck. `rare` was chosen
    by two-fold cross-validation within val, 20 times (0.4 points better than 12, equal to 60).
    """
    group = best_threshold(scores, target)
    chosen = []
    for i in range(scores.shape[1]):
        own = best_threshold(scores[:, i], target[:, i])
        trust = float(target[:, i].sum()) / (float(target[:, i].sum()) + rare)
        chosen.append(round(float(trust * own + (1 - trust) * group), 3))
    return chosen


def report(
    p: Predictions,
    category: npt.NDArray[np.int64],
    attributes: dict[str, Array],
    known: Array,
    points: Array,
    seen: Array,
    thresholds: dict[str, list[float]] | None = None,
) -> dict[str, float]:
    """All metrics. Without `thresholds`, one a group that is best on these very rows."""
    rows = known > 0
    out = {f"category_top{k}": top_k(p.category, category, k) for k in (1, 3, 5)}
    out["category_unoffered"] = float((category == UNKNOWN).mean())
    for group, target in attributes.items():
        scores = p.attributes[group][rows]
        if thresholds is None:
            grid = np.arange(0.2, 0.7, 0.05)
            out[f"{group}_f1"] = max(micro_f1(scores >= t, target[rows]) for t in grid)
        else:
            out[f"{group}_f1"] = micro_f1(scores >= np.array(thresholds[group]), target[rows])
        out[f"{group}_recall3"] = recall_at_k(scores, target[rows], 3)
    out["landmark_ne"] = normalised_error(p.landmarks, points, (seen == 1).astype(float))
    out["presence_accuracy"] = float(((p.presence > 0.5) == (seen > 0))[rows].mean())
    f1 = float(np.mean([out[f"{g}_f1"] for g in attributes]))
    out["choice"] = out["category_top1"] + f1 - 2 * out["landmark_ne"]
    return out
