"""The integer scheme, exactly: what training evaluates, the build proves and the kernels compute.

Weights: int8 -127..127, symmetric, one scale per output channel:
    s_w[c] = fround(max|w_c| / 127), 1 where that is 0;  q = clamp(rte(w / s_w[c]), -127, 127).
    In the trunk s_w[c] = fround(max(max|w_c| / 127, |b_c| / (s_in * 2^22))): a channel whose
    weights are nearly nothing beside its bias must not push the bias out of the accumulator.
Activations: uint8, one scale and zero point a tensor: real = (q - z) * s.
    The input: s = 1/128, z = 127: its bytes as they are.
    After ReLU6: z = 0, s = fround(high / 255), high <= 6; the clamp at 255 is the ReLU6.
    Elsewhere (linear bottleneck, or the sum where the block adds its input), low <= 0 <= high:
    s = fround((high - low) / 255), z = clamp(rte(-low / s), 0, 255).
Padding holds the source's zero point, real 0.
Bias: int32, rte(b / (s_in * s_w[c])) - z_in * (sum of the channel's q).
Accumulator: sum of q_in * q_w + bias; |accumulator| < 2^24, so float32 holds it exactly.
Requantise: m[c] = fround(s_in * s_w[c] / s_out);
    y = fround(float32(accumulator) * m[c]); q = clamp(rte(y) + z_out, 0, 255).
    With a residual r (s_r, z_r): m_r = fround(s_r / s_out),
    y = fround(fround(float32(accumulator) * m[c]) + fround(float32(r - z_r) * m_r)).
    Every operation is rounded to float32 by itself: no fused multiply-add.
Global average pooling of a map with z = 0: fround(float32(sum) * fround(s / pixels)).

rte: to the nearest integer, halves to even; quotients and products of scales in float64, from
left to right; fround: to float32. Tensors here are float32 or float64 that hold integers: a
convolution of them is exact as long as every partial sum stays below 2^24 (`check_range`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from training.int8.steps import same_padding

LIMIT = 127
TOP = 255
EXACT = 2**24
BIAS_LIMIT = 2**22


@dataclass(frozen=True)
class Activation:
    """A tensor's scale (a float32 value) and zero point."""

    scale: float
    zero: int


INPUT_ACTIVATION = Activation(1 / 128, 127)


def fround(x: float) -> float:
    """To float32's nearest, as a Python float."""
    return float(torch.tensor(x, dtype=torch.float64).to(torch.float32))


def activation(low: float, high: float, relu: bool) -> Activation:
    """Scale and zero point of a range. Raises `ValueError` where it does not hold 0."""
    if not low <= 0 < high or (relu and (low != 0 or high > 6)):
        raise ValueError(f"range {low}..{high} of {'ReLU6' if relu else 'a linear tensor'}")
    if relu:
        return Activation(fround(high / TOP), 0)
    scale = fround((high - low) / TOP)
    zero = int(torch.round(torch.tensor(-low / scale, dtype=torch.float64)))
    return Activation(scale, min(max(zero, 0), TOP))


def quantise_weights(weight: Tensor, least: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """[out,...] float -> integers -127..127 and scales [out] (float32 values), both float64.

    `least` [out]: no scale below it.
    """
    w = weight.double()
    wanted = w.flatten(1).abs().amax(1) / LIMIT
    scales = (wanted if least is None else torch.maximum(wanted, least)).float().double()
    scales = torch.where(scales == 0, torch.ones_like(scales), scales)
    steps = torch.round(w / scales.view(-1, *[1] * (w.ndim - 1)))
    return steps.clamp(-LIMIT, LIMIT), scales


def dequantised(weight: Tensor, least: Tensor | None = None) -> Tensor:
    """What the int8 weights stand for, in `weight`'s own type."""
    steps, scales = quantise_weights(weight, least)
    return (steps * scales.view(-1, *[1] * (weight.ndim - 1))).to(weight.dtype)


@dataclass(frozen=True)
class IntegerConv:
    """One convolution of the trunk; tensors hold integers unless said otherwise."""

    weight: Tensor  # [out,in/groups,k,k]
    bias: Tensor  # [out], the source's zero point worked in
    multiplier: Tensor  # [out], float32 values
    stride: int
    groups: int
    source: Activation
    target: Activation
    residual: Activation | None
    residual_multiplier: float  # 0 without residual

    @classmethod
    def make(
        cls,
        weight: Tensor,
        bias: Tensor,
        stride: int,
        groups: int,
        source: Activation,
        target: Activation,
        residual: Activation | None,
    ) -> IntegerConv:
        """From folded float32 weights [out,in/groups,k,k] and biases [out]."""
        steps, scales = quantise_weights(weight, bias.double().abs() / (source.scale * BIAS_LIMIT))
        step = source.scale * scales  # of the accumulator
        integer_bias = torch.round(bias.double() / step) - source.zero * steps.flatten(1).sum(1)
        added = 0.0 if residual is None else fround(residual.scale / target.scale)
        multiplier = (step / target.scale).float()
        conv = cls(steps, integer_bias, multiplier, stride, groups, source, target, residual, added)
        conv.check_range()
        return conv

    def check_range(self) -> None:
        """Raises `ValueError` where some input could leave the accumulator inexact."""
        w = self.weight.flatten(1)
        highest = TOP * w.clamp(min=0).sum(1) + self.bias.clamp(min=0)
        lowest = TOP * w.clamp(max=0).sum(1) + self.bias.clamp(max=0)
        worst = float(torch.maximum(highest, -lowest).max())
        if worst >= EXACT:
            raise ValueError(f"an accumulator could reach {worst:.0f}, not below 2^24")

    def __call__(self, x: Tensor, added: Tensor | None) -> Tensor:
        """Integers 0..255 [n,in,h,w] -> [n,out,h',w'], in `x`'s own type."""
        kernel = self.weight.shape[2]
        pads = same_padding(x.shape[2], x.shape[3], kernel, self.stride)
        if any(pads):
            x = F.pad(x, pads, value=float(self.source.zero))
        total = F.conv2d(x, self.weight.to(x), self.bias.to(x), self.stride, 0, 1, self.groups)
        y = total.float() * self.multiplier.to(x.device).view(1, -1, 1, 1)
        if added is not None and self.residual is not None:
            shifted = added.float() - self.residual.zero
            y = y + shifted * torch.tensor(self.residual_multiplier, device=x.device)
        return (torch.round(y) + self.target.zero).clamp(0, TOP).to(x.dtype)


def pool(x: Tensor, scale: float) -> Tensor:
    """Global average of integers [n,c,h,w] with zero point 0 -> float32 [n,c]."""
    pixels = x.shape[2] * x.shape[3]
    return x.sum((2, 3)).float() * torch.tensor(fround(scale / pixels), device=x.device)


def real(x: Tensor, of: Activation) -> Tensor:
    """Integers -> the float32 values that they stand for."""
    return (x.float() - of.zero) * torch.tensor(of.scale, device=x.device)
