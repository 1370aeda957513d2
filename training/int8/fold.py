"""Batch norms folded as `build/fold.ts` folds them: in float64, then rounded to float32 once."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def norm_factor(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Factor and offset of every channel at inference, float64."""
    if norm.running_var is None or norm.running_mean is None:
        raise ValueError("a batch norm without statistics cannot be folded")
    factor = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    return factor, norm.bias.double() - norm.running_mean.double() * factor


@torch.no_grad()
def fold(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weights [out,in/groups,k,k] as stored (half precision) and biases [out], float32."""
    factor, offset = norm_factor(norm)
    stored = conv.weight.half().double()
    return (stored * factor.view(-1, 1, 1, 1)).float(), offset.float()
