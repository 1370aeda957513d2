"""Ranges of the trunk's activations from pictures, by least squared error."""

from __future__ import annotations

import torch
from torch import Tensor

from training.int8.fold import fold
from training.int8.scheme import TOP
from training.int8.steps import INPUT, Step, same_conv, steps_of, walk
from training.networks.student import StudentTrunk

KEPT = 100_000  # values kept of each activation
SHRINKS = tuple(1 - 0.04 * i for i in range(18))  # of the observed range: 1 .. 0.32


@torch.no_grad()
def calibrate(trunk: StudentTrunk, batches: list[Tensor]) -> dict[str, tuple[float, float]]:
    """`batches` of [n,3,size,size], (rgb - 127) / 128 -> low and high of every activation.

    The float trunk is run; of every tensor the range is taken that loses least, in squared
    error, to rounding inside and clamping outside.
    """
    steps, _ = steps_of(trunk)
    folded = {step.name: fold(step.conv, step.norm) for step in steps}
    kept: dict[str, list[Tensor]] = {step.name: [] for step in steps}
    share = max(KEPT // len(batches), 1)
    rng = torch.Generator().manual_seed(0)

    def apply(step: Step, x: Tensor, added: Tensor | None) -> Tensor:
        weight, bias = (t.to(x.device) for t in folded[step.name])
        y = same_conv(x, step.conv, weight, bias)
        y = y if added is None else y + added
        y = y.clamp(0, 6) if step.relu else y
        flat = y.flatten()
        chosen = torch.randint(len(flat), (min(share, len(flat)),), generator=rng)
        kept[step.name].append(flat[chosen.to(flat.device)].float().cpu())
        return y

    for batch in batches:
        values = walk(steps, batch, apply)
        del values[INPUT]
    return {s.name: best_range(torch.cat(kept[s.name]), s.relu) for s in steps}


def best_range(values: Tensor, relu: bool) -> tuple[float, float]:
    """Low and high, holding 0, with the least squared error over `values`."""
    high = max(float(values.max()), 1e-3)
    low = 0.0 if relu else min(float(values.min()), 0.0)
    candidates = [
        (low * a, high * b) for a in ((1.0,) if relu or low == 0 else SHRINKS[::3]) for b in SHRINKS
    ]
    errors = [squared_error(values, *candidate) for candidate in candidates]
    return candidates[errors.index(min(errors))]


def squared_error(values: Tensor, low: float, high: float) -> float:
    scale = (high - low) / TOP
    zero = round(-low / scale)
    steps = torch.round(values / scale).add_(zero).clamp_(0, TOP).sub_(zero)
    return float((steps.mul_(scale) - values).square().mean())
