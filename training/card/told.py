"""The category as the labellers had it: told the set's own coarse label.

The photographs came with 17 coarse labels of their contributors ("Shirt", "Outwear", …). Those who
made our labels saw them, in both passes; a network sees the picture alone. So that its score can be
set beside theirs, its probabilities are multiplied with how often train's photographs of each
category carry the coarse label at hand (Bayes' rule, the coarse label independent of the picture
given the category). This measures the labels; it is not what the Worker answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.data import Split
from training.datasets.clothing import Photograph
from training.labels import load_labels
from training.metrics import Array, Predictions, top_k

PRIOR = 0.5  # of every pair, beside its count (Jeffreys)


def told(category: Array, photos: Sequence[Photograph], train: Sequence[Photograph]) -> Array:
    """[n,C] probabilities -> [n,C], rows summing to 1; columns as in `model/labels.json`."""
    names = load_labels().category
    coarse = sorted({p.coarse for p in (*photos, *train)})
    counts = np.full((len(names), len(coarse)), PRIOR)
    for p in train:
        if p.category in names:
            counts[names.index(p.category), coarse.index(p.coarse)] += 1
    likelihood = counts / counts.sum(1, keepdims=True)
    joint: Array = category * likelihood[:, [coarse.index(p.coarse) for p in photos]].T
    return joint / joint.sum(1, keepdims=True)


def told_accuracy(p: Predictions, split: Split, train: Sequence[Photograph]) -> dict[str, float]:
    """`told_top1`, `told_top3`, `told_top5` of a split's photographs."""
    photos = [photo for photo in split.photos if isinstance(photo, Photograph)]
    informed = told(p.category[: len(photos)], photos, train)
    target = split.targets.category[: len(photos)].numpy()
    return {f"told_top{k}": round(top_k(informed, target, k), 5) for k in (1, 3, 5)}
