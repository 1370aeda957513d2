"""What a student learns from a teacher's answers to the same view.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network": softened category logits. The
same idea for the other heads: attribute probabilities, heatmaps as distributions, and features by
their direction (Romero et al. 2015, "FitNets", through a projection that is thrown away).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.config import Distil
from training.datasets.targets import Targets
from training.losses import masked_mean
from training.networks.outputs import Outputs


@dataclass(frozen=True)
class Lesson:
    """Teachers' answers, averaged as probabilities; rows as in the batch."""

    category: Tensor  # [n,C] softened, rows sum to 1
    attributes: dict[str, Tensor]  # group -> [n,G] probabilities
    heatmaps: Tensor  # [n,8,h,w] at the student's side, sum to 1
    presence: Tensor  # [n,8] probabilities
    features: list[Tensor]  # of each teacher [n,F]
    alone: bool = False  # to blended pictures: labels say nothing of these


def lesson(answers: list[Outputs], temperature: float, side: int) -> Lesson:
    """The ensemble's answer; `side` of the student's heatmaps."""

    def mean(parts: list[Tensor]) -> Tensor:
        return torch.stack(parts).mean(0)

    return Lesson(
        mean([torch.softmax(a.category.float() / temperature, 1) for a in answers]),
        {
            g: mean([torch.sigmoid(a.attributes[g].float()) for a in answers])
            for g in answers[0].attributes
        },
        mean([resized_distribution(a.heatmaps.float(), side) for a in answers]),
        mean([torch.sigmoid(a.presence.float()) for a in answers]),
        [a.features.float() for a in answers],
    )


def resized_distribution(heatmaps: Tensor, side: int) -> Tensor:
    """[n,k,h,w] logits -> [n,k,side,side] shares that sum to 1."""
    n, k, h, w = heatmaps.shape
    p = torch.softmax(heatmaps.flatten(2), -1).view(n, k, h, w)
    if (h, w) != (side, side):
        mode = "area" if h > side else "bilinear"
        p = F.interpolate(p, size=(side, side), mode=mode)
        p = p / p.sum((2, 3), keepdim=True)
    return p


class Imitation(nn.Module):
    """The loss; holds the projections from the student's features to each teacher's."""

    def __init__(self, student: int, teachers: list[int], knobs: Distil) -> None:
        super().__init__()
        self.knobs = knobs
        self.projections = nn.ModuleList(nn.Linear(student, width) for width in teachers)

    def forward(self, out: Outputs, taught: Lesson, target: Targets) -> dict[str, Tensor]:
        """Weighted terms; attributes count where labelled, heatmaps where a landmark is."""
        k = self.knobs
        everyone = torch.ones(len(out.category), device=out.category.device)
        log_p = torch.log_softmax(out.category.float() / k.temperature, 1)
        category = F.kl_div(log_p, taught.category, reduction="none").sum(1) * k.temperature**2
        groups = [
            masked_mean(
                F.binary_cross_entropy_with_logits(
                    logits.float(), taught.attributes[g], reduction="none"
                ).mean(1),
                target.attributes_known,
            )
            for g, logits in out.attributes.items()
        ]
        log_maps = torch.log_softmax(out.heatmaps.float().flatten(2), -1)
        maps = F.kl_div(log_maps, taught.heatmaps.flatten(2), reduction="none").sum(-1)
        presence = F.binary_cross_entropy_with_logits(
            out.presence.float(), taught.presence, reduction="none"
        ).mean(1)
        directions = [
            masked_mean(1 - F.cosine_similarity(project(out.features.float()), theirs), everyone)
            for project, theirs in zip(self.projections, taught.features, strict=True)
        ]
        return {
            "teacher_category": k.category * masked_mean(category, everyone),
            "teacher_attributes": k.attributes * torch.stack(groups).mean(),
            "teacher_heatmaps": k.heatmaps * masked_mean(maps, target.seen),
            "teacher_presence": k.presence * masked_mean(presence, target.points_known),
            "teacher_features": k.features * torch.stack(directions).mean(),
        }
