"""The student: EfficientNet-Lite0, a small landmark branch (GLEM), joined recognition heads.

After "Fashion Landmark-Driven Feature Exploitation Network for Clothing Recognition"
(Lee, Oh, Jung, Kim 2020) and its Global-Local Embedding Module (Lee et al., ICCVW 2019):
the features learnt while finding landmarks are joined with the trunk's for recognition.
Shapes below are for a 192 x 192 input; n is the batch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.labels import Labels
from training.networks.efficientnet_lite import (
    EfficientNetLite,
    SameConv,
    batch_norm,
    pretrained_state,
)
from training.networks.outputs import Outputs

GLEM_CHANNELS = 128
EMBED_CHANNELS = 64
LATERAL_CHANNELS = 32
DECODER_CHANNELS = 64
JOIN_CHANNELS = 1280


class ConvBlock(nn.Module):
    """Convolution, batch norm, ReLU6."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = SameConv(inputs, outputs, kernel)
        self.bn = batch_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.bn(self.conv(x)))


class NonLocal(nn.Module):
    """Embedded-Gaussian non-local block (Wang et al. 2018, eq. 4 and 6), unscaled softmax."""

    def __init__(self, channels: int, embed: int) -> None:
        super().__init__()
        self.theta = nn.Conv2d(channels, embed, 1)
        self.phi = nn.Conv2d(channels, embed, 1)
        self.g = nn.Conv2d(channels, embed, 1)
        self.w = nn.Conv2d(embed, channels, 1, bias=False)
        self.bn = batch_norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        theta = self.theta(x).flatten(2).transpose(1, 2)  # [n,144,64]
        phi = self.phi(x).flatten(2)  # [n,64,144]
        g = self.g(x).flatten(2).transpose(1, 2)  # [n,144,64]
        attention = torch.softmax(theta @ phi, dim=-1)  # [n,144,144], rows sum to 1
        y = (attention @ g).transpose(1, 2).reshape(len(x), -1, *x.shape[2:])  # [n,64,12,12]
        return x + self.bn(self.w(y))  # [n,128,12,12]


class Glem(nn.Module):
    """Global-Local Embedding Module: non-local, then two chained 3x3 convolutions."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.reduce = ConvBlock(inputs, GLEM_CHANNELS, 1)
        self.nonlocal_ = NonLocal(GLEM_CHANNELS, EMBED_CHANNELS)
        self.conv1 = ConvBlock(GLEM_CHANNELS, GLEM_CHANNELS, 3)
        self.conv2 = ConvBlock(GLEM_CHANNELS, GLEM_CHANNELS, 3)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv2(self.conv1(self.nonlocal_(self.reduce(x))))
        return out


class LandmarkDecoder(nn.Module):
    """GLEM map and the trunk's stride-8 map to heatmap logits at stride 8."""

    def __init__(self, s8: int, landmarks: int) -> None:
        super().__init__()
        self.lateral = ConvBlock(s8, LATERAL_CHANNELS, 1)
        self.conv = ConvBlock(GLEM_CHANNELS + LATERAL_CHANNELS, DECODER_CHANNELS, 3)
        self.out = nn.Conv2d(DECODER_CHANNELS, landmarks, 1)

    def forward(self, glem: Tensor, s8: Tensor) -> Tensor:
        up = F.interpolate(glem, size=s8.shape[2:], mode="bilinear", align_corners=False)
        joined = torch.cat([up, self.lateral(s8)], dim=1)  # [n,160,24,24]
        heatmaps: Tensor = self.out(self.conv(joined))  # [n,8,24,24]
        return heatmaps


def soft_argmax(heatmaps: Tensor) -> Tensor:
    """[n,k,h,w] logits -> [n,k,2] x,y: expectation over cell centres, in fractions."""
    n, k, h, w = heatmaps.shape
    p = torch.softmax(heatmaps.float().flatten(2), dim=-1).view(n, k, h, w)
    xs = (torch.arange(w, device=p.device) + 0.5) / w
    ys = (torch.arange(h, device=p.device) + 0.5) / h
    return torch.stack([(p.sum(2) * xs).sum(-1), (p.sum(3) * ys).sum(-1)], dim=-1)


class Student(nn.Module):
    """Input [n,3,size,size], (rgb - 127) / 128."""

    PRETRAINED = ("trunk.", "join.")  # parameters that begin with ImageNet's values
    HEADS = ("category", "attributes")

    def __init__(self, labels: Labels, drop_path: float = 0.0, dropout: float = 0.0) -> None:
        super().__init__()
        self.trunk = EfficientNetLite("efficientnet_lite0", drop_path)
        s8, s16, s32 = self.trunk.tap_channels  # 40, 112, 320
        marks = len(labels.landmarks)
        self.glem = Glem(s16)
        self.decoder = LandmarkDecoder(s8, marks)
        self.presence = nn.Linear(GLEM_CHANNELS + marks, marks)
        self.join = ConvBlock(s32 + GLEM_CHANNELS, JOIN_CHANNELS, 1)
        self.dropout = nn.Dropout(dropout)
        self.category = nn.Linear(JOIN_CHANNELS, len(labels.category))
        self.color = nn.Linear(JOIN_CHANNELS, len(labels.colors))
        self.attributes = nn.ModuleDict(
            {group: nn.Linear(JOIN_CHANNELS, len(ids)) for group, ids in labels.attributes.items()}
        )

    def forward(self, x: Tensor) -> Outputs:
        maps = self.trunk(x)  # s8 [n,40,24,24], s16 [n,112,12,12], s32 [n,320,6,6]
        glem = self.glem(maps.s16)  # [n,128,12,12]
        heatmaps = self.decoder(glem, maps.s8)  # [n,8,24,24]
        evidence = torch.cat([glem.mean((2, 3)), heatmaps.amax((2, 3))], dim=1)  # [n,136]
        join = self.join(torch.cat([maps.s32, F.avg_pool2d(glem, 2)], dim=1))  # [n,1280,6,6]
        features = join.mean((2, 3))  # [n,1280]
        pooled = self.dropout(features)
        return Outputs(
            category=self.category(pooled),
            attributes={group: head(pooled) for group, head in self.attributes.items()},
            heatmaps=heatmaps,
            landmarks=soft_argmax(heatmaps),
            presence=self.presence(evidence),
            color=self.color(pooled),
            features=features,
        )

    def load_pretrained(self) -> None:
        """ImageNet weights into the trunk, and ImageNet's head convolution into the join.

        The GLEM part of the join starts at zero: the network begins as plain EfficientNet-Lite0.
        """
        state = pretrained_state("efficientnet_lite0")
        missing, _ = self.trunk.load_state_dict(
            {k: v for k, v in state.items() if not k.startswith(("_conv_head", "_bn1.", "_fc"))},
            strict=False,
        )
        if missing:
            raise ValueError(f"pretrained weights lack {missing[:3]}")
        s32 = self.trunk.tap_channels[2]
        with torch.no_grad():
            self.join.conv.weight.zero_()
            self.join.conv.weight[:, :s32] = state["_conv_head.weight"]
            for key in ("weight", "bias", "running_mean", "running_var"):
                getattr(self.join.bn, key).copy_(state[f"_bn1.{key}"])
