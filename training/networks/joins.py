"""How the landmark branch reaches recognition: one kind of join for each row of the ablation.

Each join takes the trunk's map for recognition and the landmark branch's findings and gives the
map [n,channels,h,w] that a recognition branch convolves.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.blocks import ConvReLU
from training.networks.trunks import Features, Widths

JOINS = ("none", "pooled", "attention", "plain", "gate")


@dataclass(frozen=True)
class Landmarks:
    """What the landmark branch found."""

    glem: Tensor  # [n,G,h,w]
    peaks: Tensor  # [n,8,h,w] in 0..1: heatmaps with their highest cell at 1, times presence
    points: Tensor  # [n,8,2] x,y in fractions
    presence: Tensor  # [n,8] in 0..1


def shrink(x: Tensor, like: Tensor) -> Tensor:
    """[n,c,h,w] averaged to the size of `like`."""
    return F.adaptive_avg_pool2d(x, (like.shape[2], like.shape[3]))


class Join(nn.Module):
    """`channels`: of the map that comes out."""

    channels: int

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        raise NotImplementedError


class NoJoin(Join):
    """Recognition by the trunk alone, as in Corbiere et al. 2017: no landmark branch."""

    def __init__(self, widths: Widths) -> None:
        super().__init__()
        self.channels = widths.recognition

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        return features.recognition


class PooledJoin(Join):
    """Features read at the predicted landmarks, as in FashionNet (Liu et al. 2016).

    The shared map is read bilinearly at each point and weighted by the landmark's presence; the
    eight readings together are one vector, laid over all positions. Points are not learnt by it.
    """

    def __init__(self, widths: Widths, landmarks: int, width: int) -> None:
        super().__init__()
        self.local = nn.Linear(widths.shared * landmarks, width)
        self.channels = widths.recognition + width

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        grid = (found.points.detach() * 2 - 1).unsqueeze(2)  # [n,8,1,2]
        read = F.grid_sample(features.shared, grid.to(features.shared.dtype), align_corners=False)
        seen = found.presence.detach()[:, None, :, None]  # [n,1,8,1]
        local = F.relu(self.local((read * seen).flatten(1)))  # [n,width]
        h, w = features.recognition.shape[2:]
        laid = local[:, :, None, None].expand(-1, -1, h, w)
        return torch.cat([features.recognition, laid], dim=1)


class AttentionJoin(Join):
    """The map raised where landmarks are: F + A F, as in Wang et al. 2018 and Liu and Lu 2018.

    A in 0..1, one value a position and channel, is a convolution of the heatmaps' peaks.
    """

    def __init__(self, widths: Widths, landmarks: int) -> None:
        super().__init__()
        self.attention = nn.Conv2d(landmarks, widths.recognition, 3, padding=1)
        self.channels = widths.recognition

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        h, w = features.recognition.shape[2:]
        attention = torch.sigmoid(self.attention(F.adaptive_max_pool2d(found.peaks, (h, w))))
        return features.recognition * (1 + attention)


class PlainJoin(Join):
    """GLEM map and trunk map side by side, as published (Lee et al. 2020)."""

    def __init__(self, widths: Widths, glem: int) -> None:
        super().__init__()
        self.channels = widths.recognition + glem

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        context = shrink(found.glem, features.recognition)
        return torch.cat([features.recognition, context], dim=1)


class GateJoin(Join):
    """A learnt balance of shared and context features, one gate a channel, for one task.

    The context is brought to the trunk map's width; g in 0..1 comes from both maps' means;
    joined = [2 g shared, 2 (1 - g) context]. It starts at g = 1/2: the plain join.
    """

    def __init__(self, widths: Widths, glem: int) -> None:
        super().__init__()
        width = widths.recognition
        self.context = nn.Identity() if glem == width else ConvReLU(glem, width, 1)
        self.gate = nn.Linear(2 * width, width)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        self.channels = 2 * width

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        shared = features.recognition  # [n,C,h,w]
        context = self.context(shrink(found.glem, shared))  # [n,C,h,w]
        means = torch.cat([shared.mean((2, 3)), context.mean((2, 3))], dim=1)  # [n,2C]
        g = torch.sigmoid(self.gate(means))[:, :, None, None]  # [n,C,1,1]
        return torch.cat([2 * g * shared, 2 * (1 - g) * context], dim=1)  # [n,2C,h,w]


def build_join(kind: str, widths: Widths, glem: int, landmarks: int) -> Join:
    """Raises `ValueError` naming the kinds there are."""
    if kind == "none":
        return NoJoin(widths)
    if kind == "pooled":
        return PooledJoin(widths, landmarks, glem)
    if kind == "attention":
        return AttentionJoin(widths, landmarks)
    if kind == "plain":
        return PlainJoin(widths, glem)
    if kind == "gate":
        return GateJoin(widths, glem)
    raise ValueError(f"no join {kind!r}; there are {', '.join(JOINS)}")
