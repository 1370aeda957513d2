"""A student with fewer channels out of a wider one: the channels that batch norms scale most stay.

Network slimming (Liu et al. 2017) without its penalty: a stage's blocks add to one another, so
they keep the same outputs, chosen by the sum of their scales; within a block, the expanded channels
are chosen by the scale behind the depthwise convolution. What remains must be trained.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from training.networks.dimensions import Dimensions
from training.networks.efficientnet_lite import STAGES, EfficientNetLite

TRUNK = "trunk."
NORM = ("weight", "bias", "running_mean", "running_var")


def narrowed(state: Mapping[str, Tensor], after: Dimensions) -> dict[str, Tensor]:
    """`state`: the tensors of a student that differs from `after` in `width` alone."""
    out = dict(state)

    def cut(name: str, rows: Tensor | None, columns: Tensor | None = None) -> None:
        tensor = out[name] if rows is None else out[name][rows]
        out[name] = tensor if columns is None else tensor[:, columns]

    def cut_norm(name: str, channels: Tensor) -> None:
        for part in NORM:
            cut(f"{name}.{part}", channels)

    widths = EfficientNetLite(after.trunk, scale=after.width, repeats=after.repeats).channels
    inputs, block, streams = torch.arange(32), 0, []
    for stage, count, width in zip(STAGES, after.repeats, widths, strict=True):
        names = [f"{TRUNK}_blocks.{block + i}" for i in range(count)]
        scales = torch.stack([state[f"{name}._bn2.weight"].abs() for name in names]).sum(0)
        outputs = strongest(scales, width)
        for name in names:
            hidden = inputs
            if stage.expand > 1:
                expanded = stage.expand * len(inputs)
                hidden = strongest(state[f"{name}._bn1.weight"].abs(), expanded)
                cut(f"{name}._expand_conv.weight", hidden, inputs)
                cut_norm(f"{name}._bn0", hidden)
            cut(f"{name}._depthwise_conv.weight", hidden)
            cut_norm(f"{name}._bn1", hidden)
            cut(f"{name}._project_conv.weight", outputs, hidden)
            cut_norm(f"{name}._bn2", outputs)
            inputs = outputs
        streams.append(outputs)
        block += count
    s8, s16, s32 = streams[2], streams[4], streams[6]
    cut(f"{TRUNK}_conv_head.weight", None, s32)
    cut("glem.reduce.conv.weight", None, s16)
    cut("decoder.lateral.conv.weight", None, s8)
    if "local.weight" in out:
        every = out["local.weight"]  # [local, landmarks * channels at stride 16]
        channels = len(state[f"{TRUNK}_blocks.{sum(after.repeats[:5]) - 1}._bn2.weight"])
        out["local.weight"] = every.view(len(every), -1, channels)[:, :, s16].flatten(1)
    return out


def strongest(scales: Tensor, count: int) -> Tensor:
    """The indices of the `count` largest, in their own order."""
    return scales.topk(count).indices.sort().values
