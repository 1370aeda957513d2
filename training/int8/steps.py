"""The trunk as a list of steps, one for every activation that is quantised."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.efficientnet_lite import MBConv, SameConv
from training.networks.student import StudentTrunk

INPUT = "input"
T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """Convolution, folded batch norm, then ReLU6 or the residual's sum or nothing."""

    name: str  # of the activation: "stem", "<n>.expand", "<n>.depthwise", "<n>.out", "head"
    conv: SameConv
    norm: nn.BatchNorm2d
    relu: bool
    source: str  # the activation it reads
    residual: str | None  # the activation it adds


@dataclass(frozen=True)
class Taps:
    """Names of the activations that leave the trunk."""

    s8: str
    s16: str
    head: str


def steps_of(trunk: StudentTrunk) -> tuple[list[Step], Taps]:
    """In the order of the forward pass."""
    steps = [Step("stem", trunk._conv_stem, trunk._bn0, True, INPUT, None)]
    x = "stem"
    for n, module in enumerate(trunk._blocks):
        block = cast(MBConv, module)
        entry = x
        if block.expands:
            steps.append(Step(f"{n}.expand", block._expand_conv, block._bn0, True, x, None))
            x = f"{n}.expand"
        steps.append(Step(f"{n}.depthwise", block._depthwise_conv, block._bn1, True, x, None))
        added = entry if block.residual else None
        steps.append(
            Step(f"{n}.out", block._project_conv, block._bn2, False, f"{n}.depthwise", added)
        )
        x = f"{n}.out"
    steps.append(Step("head", trunk._conv_head, trunk._bn1, True, x, None))
    ends = {tap: f"{n}.out" for n, tap in trunk.taps.items()}
    return steps, Taps(ends["s8"], ends["s16"], "head")


def walk(steps: list[Step], x: T, apply: Callable[[Step, T, T | None], T]) -> dict[str, T]:
    """Every activation by name; `apply(step, source, residual)` computes one."""
    values = {INPUT: x}
    for step in steps:
        added = None if step.residual is None else values[step.residual]
        values[step.name] = apply(step, values[step.source], added)
    return values


def same_padding(height: int, width: int, kernel: int, stride: int) -> tuple[int, int, int, int]:
    """TensorFlow's 'SAME' as `F.pad` takes it: left, right, top, bottom."""

    def pads(n: int) -> tuple[int, int]:
        total = max((math.ceil(n / stride) - 1) * stride + kernel - n, 0)
        return total // 2, total - total // 2

    return *pads(width), *pads(height)


def same_conv(x: Tensor, conv: SameConv, weight: Tensor, bias: Tensor | None) -> Tensor:
    """`conv` with other weights: zeros around the picture."""
    kernel, stride = conv.kernel_size[0], conv.stride[0]
    left, right, top, bottom = same_padding(x.shape[2], x.shape[3], kernel, stride)
    if left == right and top == bottom:
        return F.conv2d(x, weight, bias, stride, (top, left), 1, conv.groups)
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, stride, 0, 1, conv.groups)
