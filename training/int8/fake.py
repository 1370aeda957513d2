"""Quantisation-aware training: the integer scheme in float, gradients passed straight through.

Batch norms are frozen and folded, so what is rounded is what the build rounds (Jacob et al. 2018,
"Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference").
Ranges are learnt with the weights (Esser et al. 2020, "Learned Step Size Quantization"), as
factors of the calibrated ones.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.func import functional_call

from training.int8.fold import norm_factor
from training.int8.network import Ranges, norm_pairs, plain_layers
from training.int8.scheme import BIAS_LIMIT, INPUT_ACTIVATION, TOP, dequantised
from training.int8.steps import Step, same_conv, steps_of, walk
from training.networks.outputs import Outputs
from training.networks.student import Student, TrunkMaps


class FakeQuantise(torch.autograd.Function):
    """Values as their 8-bit stand-ins; `low` and `high` learn from what is clamped and rounded."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, low: Tensor, high: Tensor) -> Tensor:
        scale = (high - low) / TOP
        zero = torch.round(-low / scale)
        ctx.save_for_backward(x, scale, zero)
        steps = torch.round(x / scale).clamp_(-zero, TOP - zero)
        return steps.mul_(scale)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        (grad,) = grads
        x, scale, zero = ctx.saved_tensors
        v = x / scale
        above, below = v > TOP - zero, v < -zero
        inside = grad.masked_fill(above | below, 0)
        rounding = (inside * (torch.round(v) - v)).sum() / TOP
        high = (grad * above).sum() + rounding
        low = (grad * below).sum() - rounding
        return inside, low, high


def straight_through(weight: Tensor, replaced: Tensor) -> Tensor:
    """`replaced` forward, `weight`'s gradient backward."""
    return weight + (replaced - weight).detach()


class FloatPart(nn.Module):
    """What stands behind the trunk, as a module that can be called with other weights."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(self, maps: TrunkMaps) -> Outputs:
        return self.student.from_maps(maps)


class FakeQuantStudent(nn.Module):
    """A student that trains as it will be served. Batch norms stay as they are."""

    def __init__(self, student: Student, ranges: Ranges) -> None:
        super().__init__()
        self.part = FloatPart(student)
        self.steps, self.taps = steps_of(student.trunk)
        start = torch.tensor([ranges[step.name] for step in self.steps])
        self.register_buffer("start", start)  # [activations,2]
        self.log_ranges = nn.Parameter(torch.zeros(len(self.steps), 2))
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.requires_grad_(False)  # the convolution's weights learn its part

    @property
    def student(self) -> Student:
        return self.part.student

    def train(self, mode: bool = True) -> FakeQuantStudent:
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def range_tensors(self) -> tuple[Tensor, Tensor]:
        """Low and high [activations], within what the scheme allows."""
        current = cast(Tensor, self.start) * torch.exp(self.log_ranges)
        relu = torch.tensor([step.relu for step in self.steps], device=current.device)
        high = torch.where(relu, current[:, 1].clamp(max=6), current[:, 1])
        return current[:, 0], high

    def ranges(self) -> dict[str, tuple[float, float]]:
        """For `IntegerTrunk`: what has been learnt."""
        low, high = (t.detach().cpu() for t in self.range_tensors())
        return {s.name: (float(low[i]), float(high[i])) for i, s in enumerate(self.steps)}

    def forward(self, x: Tensor) -> Outputs:
        """`x`: [n,3,size,size], (rgb - 127) / 128; rounded to whole bytes."""
        maps = self.trunk_maps(torch.round(x * 128) / 128)
        out: Outputs = functional_call(self.part, self.rounded_weights(), (maps,))
        return out

    def trunk_maps(self, x: Tensor) -> TrunkMaps:
        low, high = self.range_tensors()
        index = {step.name: i for i, step in enumerate(self.steps)}

        def apply(step: Step, source: Tensor, added: Tensor | None) -> Tensor:
            i = index[step.name]
            j = index.get(step.source)
            scale = (
                (high[j] - low[j]) / TOP if j is not None else torch.tensor(INPUT_ACTIVATION.scale)
            )
            weight, bias = folded(step, scale.detach())
            y = same_conv(source, step.conv, weight, bias)
            y = y if added is None else y + added
            edges = (low[i], high[i])
            if not step.conv.weight.requires_grad:  # frozen: nothing is followed back here
                edges = (low[i].detach(), high[i].detach())
            out: Tensor = FakeQuantise.apply(y, *edges)  # type: ignore[no-untyped-call]
            return out

        values = walk(self.steps, x, apply)
        return TrunkMaps(
            values[self.taps.s8], values[self.taps.s16], values[self.taps.head].mean((2, 3))
        )

    def rounded_weights(self) -> dict[str, Tensor]:
        """The float part's weights as the artefact holds them, by their names in `part`."""
        names = {id(p): name for name, p in self.part.named_parameters()}
        out = {}
        for conv, norm in norm_pairs(self.student):
            factor = norm_factor(norm)[0].float().view(-1, 1, 1, 1)
            kept = factor.abs() > 1e-9
            value = dequantised(conv.weight.half().float() * factor) / torch.where(kept, factor, 1)
            value = torch.where(kept, value, conv.weight)
            out[names[id(conv.weight)]] = straight_through(conv.weight, value)
        for layer in plain_layers(self.student):
            value = dequantised(layer.weight.half().float())
            out[names[id(layer.weight)]] = straight_through(layer.weight, value)
        return out


def folded(step: Step, scale: Tensor) -> tuple[Tensor, Tensor]:
    """The step's int8 weights and its bias, batch norm worked in; `scale` of the source."""
    factor, _ = norm_factor(step.norm)
    factor = factor.detach().float()
    if step.norm.running_mean is None:
        raise ValueError(f"{step.name}: a batch norm without statistics")
    bias = step.norm.bias - step.norm.running_mean * factor
    shape = (-1, 1, 1, 1)
    weight = step.conv.weight * factor.view(shape)
    with torch.no_grad():
        stored = step.conv.weight.half().float() * factor.view(shape)
        value = dequantised(stored, bias.double().abs() / (scale.double() * BIAS_LIMIT))
    return straight_through(weight, value), bias
