"""Scores that mean what they say: a temperature a head, and how far off they still are.

Guo et al. 2017, "On Calibration of Modern Neural Networks": logits divided by one number, fitted
by likelihood on val, change no ranking.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from training.datasets.targets import UNKNOWN
from training.metrics import Array, Predictions

BINS = 10
SMALL = 1e-7


def tempered_softmax(p: Array, temperature: float) -> Array:
    """Rows that sum to 1, as if their logits had been divided."""
    logits = np.log(np.clip(p, SMALL, 1)) / temperature
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def tempered_sigmoid(p: Array, temperature: float) -> Array:
    clipped = np.clip(p, SMALL, 1 - SMALL)
    return np.asarray(1 / (1 + (1 / clipped - 1) ** (1 / temperature)))


def tempered(p: Predictions, temperatures: dict[str, float]) -> Predictions:
    """Predictions as served: `temperatures` of `category` and of every group."""
    return dataclasses.replace(
        p,
        category=tempered_softmax(p.category, temperatures["category"]),
        attributes={g: tempered_sigmoid(v, temperatures[g]) for g, v in p.attributes.items()},
    )


def category_temperature(p: Array, target: npt.NDArray[np.int64]) -> float:
    """The temperature of least negative log likelihood; rows without a target are left out."""
    rows = np.nonzero(target != UNKNOWN)[0]
    logits, wanted = torch.from_numpy(np.log(np.clip(p[rows], SMALL, 1))), target[rows]
    return _fit(lambda t: F.cross_entropy(logits / t, torch.from_numpy(wanted)))


def group_temperature(p: Array, target: Array) -> float:
    """The temperature of least binary cross-entropy over all labels of a group."""
    logits = torch.logit(torch.from_numpy(p), SMALL)
    wanted = torch.from_numpy(target)
    return _fit(lambda t: F.binary_cross_entropy_with_logits(logits / t, wanted))


@torch.enable_grad()
def _fit(loss: Callable[[Tensor], Tensor]) -> float:
    log_t = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = loss(log_t.exp())
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return round(float(log_t.detach().exp()), 4)


@dataclass(frozen=True)
class Reliability:
    """By bins of confidence: how many, how confident on average, how often right."""

    counts: list[int]
    confidence: list[float]
    accuracy: list[float]

    @property
    def ece(self) -> float:
        """Expected calibration error: |confidence - accuracy|, averaged over predictions."""
        gaps = zip(self.counts, self.confidence, self.accuracy, strict=True)
        return sum(n * abs(c - a) for n, c, a in gaps) / max(sum(self.counts), 1)


def reliability(confidence: Array, right: npt.NDArray[np.bool_]) -> Reliability:
    """`confidence` [n] 0..1 and whether each was right, in `BINS` bins of equal width."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    counts = np.bincount(place, minlength=BINS)

    def mean(values: Array) -> list[float]:
        sums = np.bincount(place, weights=values, minlength=BINS)
        return [float(s / n) if n else 0.0 for s, n in zip(sums, counts, strict=True)]

    return Reliability(counts.tolist(), mean(confidence), mean(right.astype(float)))


def category_reliability(p: Array, target: npt.NDArray[np.int64]) -> Reliability:
    """Of the first category; a target the model lacks counts as wrong."""
    return reliability(p.max(1), p.argmax(1) == target)
