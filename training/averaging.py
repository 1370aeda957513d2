"""Test-time averaging, for teachers only: what is served must stay one forward pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from training.datasets.streamed import Pictures
from training.labels import FLIP
from training.metrics import Array, Predictions
from training.predict import predict
from training.preprocess import Preprocess, Rgb


def mirrored(p: Predictions) -> Predictions:
    """What was said of mirrored pictures, as of the pictures: left and right exchanged."""
    landmarks = p.landmarks[:, list(FLIP)]
    landmarks = np.stack([1 - landmarks[..., 0], landmarks[..., 1]], -1)
    return Predictions(p.category, p.attributes, landmarks, p.presence[:, list(FLIP)], p.color)


def mean(several: Sequence[Predictions]) -> Predictions:
    """Of probabilities and points."""

    def middle(parts: list[Array]) -> Array:
        return np.asarray(np.mean(parts, 0))

    return Predictions(
        middle([p.category for p in several]),
        {g: middle([p.attributes[g] for p in several]) for g in several[0].attributes},
        middle([p.landmarks for p in several]),
        middle([p.presence for p in several]),
        middle([p.color for p in several]),
    )


class Mirrored:
    """Pictures read from right to left."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, rows: slice, /) -> Rgb:
        return self.pictures[rows][:, :, ::-1]


def predict_averaged(
    model: nn.Module, pictures: Pictures, record: Preprocess, device: torch.device
) -> Predictions:
    """The mean over each picture and its mirror image."""
    straight = predict(model, pictures, record, device)
    return mean([straight, mirrored(predict(model, Mirrored(pictures), record, device))])
