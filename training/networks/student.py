"""The student: a small trunk with its ImageNet head, a landmark branch (GLEM), recognition heads.

After "Fashion Landmark-Driven Feature Exploitation Network for Clothing Recognition"
(Lee, Oh, Jung, Kim 2020) and its Global-Local Embedding Module (Lee et al., ICCVW 2019):
the features learnt while finding landmarks are joined with the trunk's for recognition.
The trunk runs in int8 when served, the rest in float (`training/int8`).
Shapes below are for a 160 x 160 input and `model/student.json`; n is the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.labels import Labels
from training.networks.dimensions import Dimensions, load_dimensions
from training.networks.efficientnet_lite import (
    EfficientNetLite,
    SameConv,
    batch_norm,
    pretrained_state,
    published_repeats,
    renumbered,
)
from training.networks.outputs import Outputs


class ConvBlock(nn.Module):
    """Convolution, batch norm, ReLU6."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = SameConv(inputs, outputs, kernel)
        self.bn = batch_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.bn(self.conv(x)))


class SeparableBlock(nn.Module):
    """Depthwise 3x3, batch norm, ReLU6; then 1x1, batch norm, ReLU6."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.depthwise = SameConv(inputs, inputs, 3, groups=inputs)
        self.bn0 = batch_norm(inputs)
        self.pointwise = SameConv(inputs, outputs, 1)
        self.bn1 = batch_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu6(self.bn0(self.depthwise(x)))
        return F.relu6(self.bn1(self.pointwise(x)))


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
        theta = self.theta(x).flatten(2).transpose(1, 2)  # [n,100,48]
        phi = self.phi(x).flatten(2)  # [n,48,100]
        g = self.g(x).flatten(2).transpose(1, 2)  # [n,100,48]
        attention = torch.softmax(theta @ phi, dim=-1)  # [n,100,100], rows sum to 1
        y = (attention @ g).transpose(1, 2).reshape(len(x), -1, *x.shape[2:])  # [n,48,10,10]
        return x + self.bn(self.w(y))  # [n,96,10,10]


class Glem(nn.Module):
    """Global-Local Embedding Module: non-local, then two chained convolutions (separable)."""

    def __init__(self, inputs: int, channels: int, embed: int) -> None:
        super().__init__()
        self.reduce = ConvBlock(inputs, channels, 1)
        self.nonlocal_ = NonLocal(channels, embed)
        self.conv1 = SeparableBlock(channels, channels)
        self.conv2 = SeparableBlock(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv2(self.conv1(self.nonlocal_(self.reduce(x))))
        return out


class LandmarkDecoder(nn.Module):
    """GLEM map and the trunk's stride-8 map to heatmap logits at stride 8."""

    def __init__(self, glem: int, s8: int, lateral: int, channels: int, landmarks: int) -> None:
        super().__init__()
        self.squeeze = ConvBlock(glem, lateral, 1)
        self.lateral = ConvBlock(s8, lateral, 1)
        self.conv = SeparableBlock(2 * lateral, channels)
        self.out = nn.Conv2d(channels, landmarks, 1)

    def forward(self, glem: Tensor, s8: Tensor) -> Tensor:
        squeezed = self.squeeze(glem)  # [n,32,10,10]
        up = F.interpolate(squeezed, size=s8.shape[2:], mode="bilinear", align_corners=False)
        joined = torch.cat([up, self.lateral(s8)], dim=1)  # [n,64,20,20]
        heatmaps: Tensor = self.out(self.conv(joined))  # [n,8,20,20]
        return heatmaps


def soft_argmax(heatmaps: Tensor) -> Tensor:
    """[n,k,h,w] logits -> [n,k,2] x,y: expectation over cell centres, in fractions."""
    n, k, h, w = heatmaps.shape
    p = torch.softmax(heatmaps.float().flatten(2), dim=-1).view(n, k, h, w)
    xs = (torch.arange(w, device=p.device) + 0.5) / w
    ys = (torch.arange(h, device=p.device) + 0.5) / h
    return torch.stack([(p.sum(2) * xs).sum(-1), (p.sum(3) * ys).sum(-1)], dim=-1)


def read_at_landmarks(x: Tensor, heatmaps: Tensor, presence: Tensor) -> Tensor:
    """[n,c,h,w], heatmap logits [n,k,2h,2w], presence logits [n,k] -> [n,k,c].

    The map's mean under each landmark's heatmap, times the landmark's probability: FashionNet's
    pooling at landmarks (Liu et al. 2016, section 3.1), softly.
    """
    n, k, h, w = heatmaps.shape
    p = torch.softmax(heatmaps.float().flatten(2), dim=-1).view(n, k, h, w)
    coarse = F.avg_pool2d(p, 2) * 4  # a cell of x: the sum of its four
    reading = coarse.flatten(2).to(x.dtype) @ x.flatten(2).transpose(1, 2)
    return reading * torch.sigmoid(presence).to(x.dtype).unsqueeze(-1)


@dataclass(frozen=True)
class TrunkMaps:
    """What the trunk hands to the float part, NCHW."""

    s8: Tensor  # [n,40,20,20]
    s16: Tensor  # [n,112,10,10]
    pooled: Tensor  # [n,1280]


class StudentTrunk(EfficientNetLite):
    """EfficientNet-Lite with its published head convolution, pooled."""

    def __init__(self, dimensions: Dimensions, drop_path: float) -> None:
        super().__init__(dimensions.trunk, drop_path, dimensions.width, dimensions.repeats)
        self._conv_head = SameConv(self.tap_channels[2], dimensions.head, 1)
        self._bn1 = batch_norm(dimensions.head)

    def forward(self, x: Tensor) -> TrunkMaps:  # type: ignore[override]
        """`x`: [n,3,h,w], (rgb - 127) / 128."""
        maps = super().forward(x)
        head = F.relu6(self._bn1(self._conv_head(maps.s32)))  # [n,1280,5,5]
        return TrunkMaps(maps.s8, maps.s16, head.mean((2, 3)))


class Student(nn.Module):
    """Input [n,3,size,size], (rgb - 127) / 128; size a multiple of 32."""

    PRETRAINED = ("trunk.",)  # parameters that begin with ImageNet's values
    HEADS = ("category", "attributes")

    def __init__(
        self,
        labels: Labels,
        drop_path: float = 0.0,
        dropout: float = 0.0,
        dimensions: Dimensions | None = None,
    ) -> None:
        super().__init__()
        d = self.dimensions = dimensions or load_dimensions()
        self.trunk = StudentTrunk(d, drop_path)
        s8, s16, _ = self.trunk.tap_channels  # 40, 112, 320
        marks = len(labels.landmarks)
        self.glem = Glem(s16, d.glem, d.embed)
        self.decoder = LandmarkDecoder(d.glem, s8, d.lateral, d.decoder, marks)
        self.presence = nn.Linear(d.glem + marks, marks)
        self.context = ConvBlock(d.glem, d.context, 1)
        self.local = nn.Linear(marks * s16, d.local) if d.local else None
        self.dropout = nn.Dropout(dropout)
        joined = d.head + d.context + d.local
        self.category = nn.Linear(joined, len(labels.category))
        self.color = nn.Linear(joined, len(labels.colors))
        self.attributes = nn.ModuleDict(
            {group: nn.Linear(joined, len(ids)) for group, ids in labels.attributes.items()}
        )

    def forward(self, x: Tensor) -> Outputs:
        return self.from_maps(self.trunk(x))

    def from_maps(self, maps: TrunkMaps) -> Outputs:
        """The float part: everything behind the trunk."""
        glem = self.glem(maps.s16)  # [n,96,10,10]
        heatmaps = self.decoder(glem, maps.s8)  # [n,8,20,20]
        evidence = torch.cat([glem.mean((2, 3)), heatmaps.amax((2, 3))], dim=1)  # [n,104]
        presence = self.presence(evidence)  # [n,8]
        context = self.context(glem).mean((2, 3))  # [n,256]
        parts = [maps.pooled, context]
        if self.local is not None:
            reading = read_at_landmarks(maps.s16, heatmaps.detach(), presence.detach())
            parts.append(F.relu6(self.local(reading.flatten(1))))  # [n,192]
        features = torch.cat(parts, dim=1)  # [n,1728]
        kept = self.dropout(features)
        return Outputs(
            category=self.category(kept),
            attributes={group: head(kept) for group, head in self.attributes.items()},
            heatmaps=heatmaps,
            landmarks=soft_argmax(heatmaps),
            presence=presence,
            color=self.color(kept),
            features=features,
        )

    def freeze(self, blocks: int) -> None:
        """The trunk's stem and first `blocks` stop learning."""
        self.trunk.freeze(blocks)

    def load_pretrained(self) -> None:
        """ImageNet weights into the trunk, its head convolution included.

        Raises `ValueError` where the trunk's width is not the published one.
        """
        d = self.dimensions
        state = pretrained_state(d.trunk)
        state = renumbered(state, published_repeats(d.trunk), d.repeats)
        load_trunk(self.trunk, {k: v for k, v in state.items() if not k.startswith("_fc")})


def load_trunk(trunk: StudentTrunk, state: Mapping[str, Tensor]) -> None:
    """Every tensor of the trunk from `state`. Raises `ValueError` where one is missing or odd."""
    own = trunk.state_dict()
    for name, tensor in own.items():
        if name.endswith("num_batches_tracked"):
            continue
        if name not in state or state[name].shape != tensor.shape:
            found = list(state[name].shape) if name in state else "missing"
            raise ValueError(f"initial weights: {name} is {found}, not {list(tensor.shape)}")
    trunk.load_state_dict({k: v for k, v in state.items() if k in own}, strict=False)
