"""Labels as tensors, with masks for what is unknown."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from training.datasets.clothing import Photograph
from training.labels import Labels

UNKNOWN = -1  # a category the model does not offer: no category loss


@dataclass(frozen=True)
class Targets:
    category: Tensor  # [n] int64, UNKNOWN where the model offers no such category
    attributes: dict[str, Tensor]  # group -> [n,G] 0 or 1
    attributes_known: Tensor  # [n] 1 where the groups are labelled
    points: Tensor  # [n,8,2] fractions; 0 where there is no landmark
    seen: Tensor  # [n,8] 1 seen, 0.5 hidden but estimated, 0 absent
    color: Tensor  # [n] int64 main colour, UNKNOWN where there is none
    points_known: Tensor  # [n] 1 where landmarks are labelled (garments, and `none`)

    def __getitem__(self, index: Tensor) -> Targets:
        return self._map(lambda t: t[index])

    def to(self, device: torch.device) -> Targets:
        return self._map(lambda t: t.to(device))

    def known_of_both(self, partner: Tensor) -> Targets:
        """Of pictures blended with their `partner` [n]: what is known counts where both know it."""
        return dataclasses.replace(
            self,
            attributes_known=self.attributes_known * self.attributes_known[partner],
            seen=self.seen * self.seen[partner],
            points_known=self.points_known * self.points_known[partner],
        )

    def _map(self, fn: Callable[[Tensor], Tensor]) -> Targets:
        return Targets(
            category=fn(self.category),
            attributes={group: fn(t) for group, t in self.attributes.items()},
            attributes_known=fn(self.attributes_known),
            points=fn(self.points),
            seen=fn(self.seen),
            color=fn(self.color),
            points_known=fn(self.points_known),
        )


def encode(photos: list[Photograph], negatives: int, labels: Labels) -> Targets:
    """Targets of the photographs, followed by `negatives` pictures without a garment."""
    n = len(photos) + negatives
    category = torch.full((n,), labels.category.index("none"))
    attributes = {g: torch.zeros(n, len(ids)) for g, ids in labels.attributes.items()}
    attributes_known, points_known = torch.zeros(n), torch.ones(n)
    points, seen = torch.zeros(n, len(labels.landmarks), 2), torch.zeros(n, len(labels.landmarks))
    color = torch.full((n,), UNKNOWN)
    for i, photo in enumerate(photos):
        if photo.color is not None:
            color[i] = labels.colors.index(photo.color[0])
        offered = photo.category in labels.category
        category[i] = labels.category.index(photo.category) if offered else UNKNOWN
        if photo.attributes is not None:
            attributes_known[i] = 1
            for group, ids in labels.attributes.items():
                for name in photo.attributes[group]:
                    if name in ids:
                        attributes[group][i, ids.index(name)] = 1
        if photo.landmarks is None:
            points_known[i] = 0
            continue
        for k, point in enumerate(photo.landmarks):
            if point is not None:
                points[i, k] = torch.tensor(point[:2])
                seen[i, k] = 1.0 if point[2] else 0.5
    return Targets(category, attributes, attributes_known, points, seen, color, points_known)
