"""GLEM map to one heatmap a landmark."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.blocks import ConvReLU, Deconv


class PaperDecoder(nn.Module):
    """The published decoder: three transposed convolutions to the input's own size."""

    def __init__(self, glem: int, landmarks: int) -> None:
        super().__init__()
        self.squeeze = ConvReLU(glem, 64, 1)
        self.conv1 = nn.Sequential(*(ConvReLU(64, 64, 3) for _ in range(2)), ConvReLU(64, 128, 3))
        self.up1 = Deconv(128, 64)
        self.conv2 = nn.Sequential(*(ConvReLU(64, 64, 3) for _ in range(2)))
        self.up2 = Deconv(64, 32)
        self.conv3 = nn.Sequential(*(ConvReLU(32, 32, 3) for _ in range(2)))
        self.up3 = Deconv(32, 16)
        self.conv4 = ConvReLU(16, 16, 3)
        self.out = nn.Conv2d(16, landmarks, 1)

    def forward(self, glem: Tensor, lateral: Tensor | None = None) -> Tensor:
        x = self.squeeze(glem)  # [n,64,28,28]
        x = self.conv1(x)  # [n,128,28,28]
        x = self.up1(x)  # [n,64,56,56]
        x = self.conv2(x)  # [n,64,56,56]
        x = self.up2(x)  # [n,32,112,112]
        x = self.conv3(x)  # [n,32,112,112]
        x = self.up3(x)  # [n,16,224,224]
        x = self.conv4(x)  # [n,16,224,224]
        heatmaps: Tensor = self.out(x)  # [n,8,224,224]
        return heatmaps


class LateralDecoder(nn.Module):
    """For a GLEM map at stride 16: up to a finer map of the trunk, joined with it.

    Heatmaps at stride 8, or 4 by one transposed convolution more. Shapes for 224 x 224.
    """

    def __init__(self, glem: int, lateral: int, channels: int, stride: int, landmarks: int) -> None:
        super().__init__()
        self.squeeze = ConvReLU(glem, channels, 1)
        self.lateral = ConvReLU(lateral, channels, 1)
        self.conv = ConvReLU(2 * channels, channels, 3)
        self.up = Deconv(channels, channels) if stride == 4 else nn.Identity()
        self.out = nn.Conv2d(channels, landmarks, 1)

    def forward(self, glem: Tensor, lateral: Tensor) -> Tensor:
        squeezed = self.squeeze(glem)  # [n,64,14,14]
        up = F.interpolate(squeezed, lateral.shape[2:], mode="bilinear", align_corners=False)
        joined = torch.cat([up, self.lateral(lateral)], dim=1)  # [n,128,28,28]
        heatmaps: Tensor = self.out(self.up(self.conv(joined)))  # [n,8,28,28], or [n,8,56,56]
        return heatmaps
