"""Convolutions that several parts of the landmark-feature network are made of."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.efficientnet_lite import BN_EPS, SameConv

# Trunks keep ImageNet's slow statistics (0.01); layers that begin from nothing must follow faster,
# or a short run is evaluated with statistics of its beginning.
FRESH_MOMENTUM = 0.1


def fresh_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BN_EPS, momentum=FRESH_MOMENTUM)


class ConvReLU(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = SameConv(inputs, outputs, kernel)
        self.bn = fresh_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Deconv(nn.Module):
    """Transposed convolution to twice the size, batch norm, ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False)
        self.bn = fresh_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class HeadConv(nn.Module):
    """1x1 convolution, batch norm, ReLU6: EfficientNet-Lite's head, over a joined map."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = SameConv(inputs, outputs, 1)
        self.bn = fresh_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.bn(self.conv(x)))

    @torch.no_grad()
    def start_from_imagenet(self, state: dict[str, Tensor]) -> None:
        """ImageNet's head on the trunk's channels, zero on what is joined to them.

        The network then begins with the plain classifier's features and learns the rest in.
        Narrower than ImageNet's 1280, it takes the first filters.
        """
        head = state["_conv_head.weight"]
        width = min(len(head), len(self.conv.weight))
        self.conv.weight[:width] = 0
        self.conv.weight[:width, : head.shape[1]] = head[:width]
        for key in ("weight", "bias", "running_mean", "running_var"):
            getattr(self.bn, key)[:width] = state[f"_bn1.{key}"][:width]
