"""A network over pictures as served, in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import nn

from training.datasets.streamed import Pictures, StreamedPictures
from training.metrics import Predictions
from training.networks.outputs import Outputs
from training.preprocess import Preprocess, normalise


@torch.no_grad()
def predict(
    model: nn.Module,
    pictures: Pictures,
    record: Preprocess,
    device: torch.device,
    batch: int = 64,
) -> Predictions:
    """`pictures` [n,size,size,3] uint8 -> probabilities."""
    model.eval()
    starts = range(0, len(pictures), batch)
    if isinstance(pictures, StreamedPictures):
        rows = np.arange(len(pictures))
        pictures.expect(rows[start : start + batch] for start in starts)

    def answers() -> Iterator[Outputs]:
        for start in starts:
            x = torch.from_numpy(normalise(pictures[start : start + batch], record)).to(device)
            yield model(x.to(memory_format=torch.channels_last))

    return collect(answers())


def collect(outputs: Iterable[Outputs]) -> Predictions:
    """Batches of outputs -> probabilities of them all."""
    category, landmarks, presence, color = [], [], [], []
    attributes: dict[str, list[torch.Tensor]] = {}
    for out in outputs:
        category.append(torch.softmax(out.category.float(), 1))
        landmarks.append(out.landmarks)
        color.append(torch.softmax(out.color.float(), 1))
        presence.append(torch.sigmoid(out.presence.float()))
        for group, logits in out.attributes.items():
            attributes.setdefault(group, []).append(torch.sigmoid(logits.float()))

    def join(parts: list[torch.Tensor]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return torch.cat(parts).cpu().numpy().astype(np.float64)

    return Predictions(
        join(category),
        {g: join(p) for g, p in attributes.items()},
        join(landmarks),
        join(presence),
        join(color),
    )
