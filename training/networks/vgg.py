"""VGG-19 (Simonyan and Zisserman 2014) up to Conv4, in torchvision's parameter names."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CONV4_CHANNELS = 512
# Convolutions of the four stages; a max pooling stands between two stages, none after the last.
STAGES = ((64, 2), (128, 2), (256, 4), (512, 4))
# ImageNet's, for inputs in 0..1: what torchvision's weights were trained with.
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


class VGG19(nn.Module):
    """conv1_1 .. conv4_4 with ReLU: stride 8, 512 channels."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for stage, (channels, count) in enumerate(STAGES):
            if stage > 0:
                layers.append(nn.MaxPool2d(2, 2))
            for _ in range(count):
                layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU(inplace=True)]
                inputs = channels
        self.features = nn.Sequential(*layers)
        for name, value in (("mean", MEAN), ("deviation", DEVIATION)):
            self.register_buffer(name, torch.tensor(value).view(1, 3, 1, 1), persistent=False)
        for layer in layers:
            if isinstance(layer, nn.Conv2d) and layer.bias is not None:
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """`x`: [n,3,224,224], (rgb - 127) / 128 like every network here."""
        x = ((x * 128 + 127) / 255 - self.mean) / self.deviation
        # conv1 [n,64,224,224] -> conv2 [n,128,112,112] -> conv3 [n,256,56,56]
        conv4: Tensor = self.features(x)  # [n,512,28,28]
        return conv4


def vgg19_state() -> dict[str, Tensor]:
    """torchvision's ImageNet weights up to conv4_4.

    Raises `ModuleNotFoundError` where torchvision is not installed.
    """
    try:
        from torchvision.models import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
            VGG19_Weights,
        )
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "VGG-19's ImageNet weights come from torchvision: `pip install torchvision`, "
            'or train with weights = "none"'
        ) from error
    state: dict[str, Tensor] = VGG19_Weights.IMAGENET1K_V1.get_state_dict(progress=True)
    return {name: state[name] for name in VGG19().state_dict()}
