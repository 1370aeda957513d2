"""The joint loss (Lee et al. 2020, eq. 1 to 3), with masks for what is not labelled."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import Loss
from training.datasets.targets import UNKNOWN, Targets
from training.distributed import mean_over_processes, processes
from training.networks.outputs import Outputs


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """The mean where `mask` is 1. Of several processes each divides by the mean count of all,
    so that the mean of their results is that of the whole batch.
    """
    count = mean_over_processes(mask.sum().float())
    return (values * mask).sum() / count.clamp(min=1 / processes())


def category_loss(logits: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """Eq. 1: cross-entropy over categories, labels smoothed."""
    loss = F.cross_entropy(
        logits, target, ignore_index=UNKNOWN, label_smoothing=smoothing, reduction="none"
    )
    return masked_mean(loss, (target != UNKNOWN).float())


def attribute_loss(
    logits: Tensor, target: Tensor, known: Tensor, positive: float, negative: float = 1.0
) -> Tensor:
    """Eq. 2: weighted binary cross-entropy of one group, w_pos = `positive`, w_neg = `negative`."""
    loss = F.binary_cross_entropy_with_logits(logits, target.to(logits.dtype), reduction="none")
    weight = torch.where(target > 0, positive, negative)
    return masked_mean((loss * weight).mean(1), known)


def gaussian_exponents(points: Tensor, h: int, w: int, sigma: float) -> Tensor:
    """[n,8,2] fractions -> [n,8,h,w]: -distance^2 / (2 sigma^2), distances in cells."""
    xs = torch.arange(w, device=points.device) + 0.5
    ys = torch.arange(h, device=points.device) + 0.5
    dx = (xs - points[..., :1] * w) ** 2  # [n,8,w]
    dy = (ys - points[..., 1:] * h) ** 2  # [n,8,h]
    return -(dy[..., :, None] + dx[..., None, :]) / (2 * sigma**2)


def target_heatmaps(points: Tensor, h: int, w: int, sigma: float = 1.0) -> Tensor:
    """[n,8,2] fractions -> [n,8,h*w] Gaussians that sum to 1."""
    return torch.softmax(gaussian_exponents(points, h, w, sigma).flatten(2), dim=-1)


def squared_heatmap_loss(
    heatmaps: Tensor, points: Tensor, seen: Tensor, sigma: float = 1.0
) -> Tensor:
    """Eq. 3: squared error of heatmaps [n,8,h,w] and Gaussians with a peak of 1.

    Summed over positions, averaged over the landmarks there are.
    """
    h, w = heatmaps.shape[2:]
    target = torch.exp(gaussian_exponents(points, h, w, sigma))
    return masked_mean(((heatmaps.float() - target) ** 2).sum((2, 3)), seen)


def heatmap_loss(heatmaps: Tensor, points: Tensor, seen: Tensor, sigma: float = 1.0) -> Tensor:
    """In place of eq. 3's squared error: cross-entropy of the spatial softmax and the Gaussian.

    A soft-argmax reads the map as a distribution, so the distribution is what is trained.
    """
    h, w = heatmaps.shape[2:]
    log_p = torch.log_softmax(heatmaps.float().flatten(2), dim=-1)
    return masked_mean(-(target_heatmaps(points, h, w, sigma) * log_p).sum(-1), seen)


def joint_loss(out: Outputs, target: Targets, knobs: Loss) -> dict[str, Tensor]:
    """Every term, weighted; `total` is their sum."""
    groups = [
        attribute_loss(
            logits.float(),
            target.attributes[g],
            target.attributes_known,
            knobs.positive_weight,
            knobs.negative_weight,
        )
        for g, logits in out.attributes.items()
    ]
    heatmaps = squared_heatmap_loss if knobs.squared_heatmaps else heatmap_loss
    distance = (out.landmarks - target.points).abs().sum(-1)
    presence = F.binary_cross_entropy_with_logits(
        out.presence.float(), (target.seen > 0).float(), reduction="none"
    )
    colored = out.color.shape[1] > 0  # DeepFashion names no colours
    terms = {
        "category": category_loss(out.category.float(), target.category, knobs.label_smoothing),
        "attributes": knobs.attributes * torch.stack(groups).mean() * len(groups) / 5,
        "color": knobs.color * category_loss(out.color.float(), target.color, knobs.label_smoothing)
        if colored
        else out.category.new_zeros(()).float(),
        "heatmaps": knobs.heatmaps
        * heatmaps(out.heatmaps, target.points, target.seen, knobs.heatmap_sigma),
        "coordinates": knobs.coordinates * masked_mean(distance, target.seen),
        "presence": knobs.presence * masked_mean(presence.mean(1), target.points_known),
    }
    terms["total"] = torch.stack(list(terms.values())).sum()
    return terms
