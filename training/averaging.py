"""Test-time averaging, for teachers only: what is served must stay one forward pass."""

from __future__ import annotations

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


def mean(a: Predictions, b: Predictions) -> Predictions:
    """Of probabilities and points."""

    def half(x: Array, y: Array) -> Array:
        return (x + y) / 2

    return Predictions(
        half(a.category, b.category),
        {g: half(a.attributes[g], b.attributes[g]) for g in a.attributes},
        half(a.landmarks, b.landmarks),
        half(a.presence, b.presence),
        half(a.color, b.color),
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
    return mean(straight, mirrored(predict(model, Mirrored(pictures), record, device)))
