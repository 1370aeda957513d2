"""Independent branches for category and attributes over the joined map."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.labels import Labels
from training.networks.blocks import ConvReLU, HeadConv
from training.networks.joins import Join, Landmarks
from training.networks.trunks import Features


class MeanPool(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class AttentionPool(nn.Module):
    """A learnt weighting of positions, the mean to begin with: a group looks where it must."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.score = nn.Conv2d(channels, 1, 1)
        nn.init.zeros_(self.score.weight)

    def forward(self, x: Tensor) -> Tensor:
        weights = torch.softmax(self.score(x).flatten(2), dim=-1)  # [n,1,h*w], sums to 1
        return (x.flatten(2) * weights).sum(-1)  # [n,channels]


class Branch(nn.Module):
    """One task's way: join, convolutions, pooling, to a feature vector [n,width]."""

    def __init__(self, join: Join, width: int, paper: bool, pool: nn.Module) -> None:
        """`paper`: 3x3 convolutions over Conv4; otherwise Lite's 1x1 head convolution."""
        super().__init__()
        self.join = join
        self.convs: nn.Module = HeadConv(join.channels, width)
        if paper:
            self.convs = nn.Sequential(
                ConvReLU(join.channels, width, 3),  # [n,512,28,28]
                nn.MaxPool2d(2),  # [n,512,14,14]
                ConvReLU(width, width, 3),  # [n,512,14,14]
            )
        self.pool = pool

    def forward(self, features: Features, found: Landmarks) -> Tensor:
        joined = self.join(features, found)
        out: Tensor = self.pool(self.convs(joined))
        return out


class Recognition(nn.Module):
    """Category, attributes and main colour from the branches' features.

    `groups`: a branch with its own join and attention pooling for each attribute group, instead
    of one for all attributes.
    """

    def __init__(
        self,
        labels: Labels,
        make_join: Callable[[], Join],
        width: int,
        paper: bool,
        groups: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        own = list(labels.attributes) if groups else []
        self.branch_of = {g: g if groups else "attributes" for g in labels.attributes}

        def branch(pool: nn.Module) -> Branch:
            return Branch(make_join(), width, paper, pool)

        self.branches = nn.ModuleDict({"category": branch(MeanPool())})
        for name in own or ["attributes"]:
            self.branches[name] = branch(AttentionPool(width) if groups else MeanPool())
        self.dropout = dropout
        self.category = nn.Linear(width, len(labels.category))
        self.attributes = nn.ModuleDict(
            {group: nn.Linear(width, len(ids)) for group, ids in labels.attributes.items()}
        )
        self.color = nn.Linear(width, len(labels.colors)) if labels.colors else None

    def forward(
        self, features: Features, found: Landmarks
    ) -> tuple[Tensor, dict[str, Tensor], Tensor, Tensor]:
        """Logits of category, attribute groups, colours; and all branches' features [n,F]."""
        pooled = {name: branch(features, found) for name, branch in self.branches.items()}
        kept = {name: F.dropout(v, self.dropout, self.training) for name, v in pooled.items()}
        category = self.category(kept["category"])
        attributes = {g: head(kept[self.branch_of[g]]) for g, head in self.attributes.items()}
        color = self.color(kept["category"]) if self.color is not None else category[:, :0]
        return category, attributes, color, torch.cat(list(pooled.values()), dim=1)
