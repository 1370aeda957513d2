"""One face for every trunk of the landmark-feature network: `vgg19`, `efficientnet_lite0|1|2`."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from training.networks.efficientnet_lite import (
    MULTIPLIERS,
    EfficientNetLite,
    pretrained_state,
)
from training.networks.vgg import CONV4_CHANNELS, VGG19, vgg19_state

TRUNKS = ("vgg19", *MULTIPLIERS)


@dataclass(frozen=True)
class Features:
    """What a trunk hands to the branches, NCHW."""

    shared: Tensor  # feeds the landmark branch: VGG's Conv4, Lite's stride 16
    lateral: Tensor | None  # a finer map for the landmark decoder: Lite's stride 8
    recognition: Tensor  # joined with the GLEM map: Conv4 again, Lite's stride 32


@dataclass(frozen=True)
class Widths:
    """Channels of the maps above; `lateral` 0 where there is none."""

    shared: int
    lateral: int
    recognition: int


class VggTrunk(nn.Module):
    """VGG-19 to Conv4: one map is shared by both branches, as published."""

    def __init__(self) -> None:
        super().__init__()
        self.vgg = VGG19()
        self.widths = Widths(CONV4_CHANNELS, 0, CONV4_CHANNELS)

    def forward(self, x: Tensor) -> Features:
        """`x`: [n,3,h,w], (rgb - 127) / 128."""
        conv4 = self.vgg(x)
        return Features(conv4, None, conv4)

    def load_pretrained(self) -> None:
        self.vgg.load_state_dict(vgg19_state())


class LiteTrunk(nn.Module):
    """EfficientNet-Lite: the landmark branch leaves at stride 16, the stages go on to 32."""

    def __init__(self, name: str, drop_path: float) -> None:
        super().__init__()
        self.name = name
        self.lite = EfficientNetLite(name, drop_path)
        s8, s16, s32 = self.lite.tap_channels
        self.widths = Widths(s16, s8, s32)

    def forward(self, x: Tensor) -> Features:
        """`x`: [n,3,h,w], (rgb - 127) / 128."""
        maps = self.lite(x)
        return Features(maps.s16, maps.s8, maps.s32)

    def load_pretrained(self) -> None:
        state = pretrained_state(self.name)
        self.lite.load_state_dict({k: state[k] for k in self.lite.state_dict()})


def build_trunk(name: str, drop_path: float) -> VggTrunk | LiteTrunk:
    """Raises `ValueError` naming the trunks there are."""
    if name == "vgg19":
        return VggTrunk()
    if name in MULTIPLIERS:
        return LiteTrunk(name, drop_path)
    raise ValueError(f"no trunk {name!r}; there are {', '.join(TRUNKS)}")
