"""The Global-Local Embedding Module (Lee, Oh, Jung, Kim, ICCVW 2019)."""

from __future__ import annotations

from torch import Tensor, nn

from training.networks.blocks import FRESH_MOMENTUM, ConvReLU
from training.networks.student import NonLocal


class Glem(nn.Module):
    """A non-local block over all positions, then two 3x3 convolutions, each fed by the last.

    As published 512 -> 256 -> 512 channels over VGG's Conv4. A trunk of another width is first
    brought to `channels` by a 1x1 convolution.
    """

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.reduce = nn.Identity() if inputs == channels else ConvReLU(inputs, channels, 1)
        self.nonlocal_ = NonLocal(channels, channels // 2)
        self.nonlocal_.bn.momentum = FRESH_MOMENTUM
        self.conv1 = ConvReLU(channels, channels, 3)
        self.conv2 = ConvReLU(channels, channels, 3)

    def forward(self, shared: Tensor) -> Tensor:
        """Shapes for VGG-19 at 224 x 224."""
        x = self.reduce(shared)  # [n,512,28,28]
        x = self.nonlocal_(x)  # [n,512,28,28], attention over 784 positions
        x = self.conv1(x)  # [n,512,28,28]
        out: Tensor = self.conv2(x)  # [n,512,28,28]
        return out
