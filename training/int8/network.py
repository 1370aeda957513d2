"""A student as it is really served: integer trunk, float rest with int8 weights."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.int8.fold import fold
from training.int8.scheme import (
    INPUT_ACTIVATION,
    Activation,
    IntegerConv,
    activation,
    dequantised,
    pool,
    real,
)
from training.int8.steps import INPUT, Step, steps_of, walk
from training.networks.outputs import Outputs
from training.networks.student import Student, StudentTrunk, TrunkMaps

Ranges = Mapping[str, tuple[float, float]]  # activation -> low, high


class IntegerTrunk:
    """The trunk in exact integers. Raises `ValueError` for a missing or impossible range."""

    def __init__(self, trunk: StudentTrunk, ranges: Ranges) -> None:
        self.steps, self.taps = steps_of(trunk)
        self.activations: dict[str, Activation] = {INPUT: INPUT_ACTIVATION}
        for step in self.steps:
            if step.name not in ranges:
                raise ValueError(f"no range for the activation {step.name}")
            self.activations[step.name] = activation(*ranges[step.name], step.relu)
        self.convs = {step.name: self._convert(step) for step in self.steps}

    def _convert(self, step: Step) -> IntegerConv:
        weight, bias = fold(step.conv, step.norm)
        return IntegerConv.make(
            weight,
            bias,
            step.conv.stride[0],
            step.conv.groups,
            self.activations[step.source],
            self.activations[step.name],
            None if step.residual is None else self.activations[step.residual],
        )

    def integers(self, pictures: Tensor) -> dict[str, Tensor]:
        """Bytes [n,3,h,w] -> every activation, 0..255, in a type that holds them exactly.

        float32 on a CPU; float64 on CUDA, whose float32 convolutions may round to TF32.
        """
        x = pictures.to(torch.float64 if pictures.is_cuda else torch.float32)
        return walk(self.steps, x, lambda step, x, added: self.convs[step.name](x, added))

    def __call__(self, pictures: Tensor) -> TrunkMaps:
        values = self.integers(pictures)
        scales, taps = self.activations, self.taps
        return TrunkMaps(
            real(values[taps.s8], scales[taps.s8]),
            real(values[taps.s16], scales[taps.s16]),
            pool(values[taps.head], scales[taps.head].scale),
        )


class IntegerStudent(nn.Module):
    """Answers as the Worker's int8 engine does; takes what the float student takes."""

    def __init__(self, student: Student, ranges: Ranges) -> None:
        super().__init__()
        self.integer_trunk = IntegerTrunk(student.trunk, ranges)
        self.rest = with_int8_weights(student)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Outputs:
        """`x`: [n,3,size,size], (rgb - 127) / 128, of whole bytes."""
        return self.rest.from_maps(self.integer_trunk(torch.round(x * 128 + 127)))


@torch.no_grad()
def with_int8_weights(student: Student) -> Student:
    """A copy whose float part holds the values of int8 weights, batch norms folded away."""
    rest = copy.deepcopy(student).eval()
    for conv, norm in norm_pairs(rest):
        weight, bias = fold(conv, norm)
        conv.weight.copy_(dequantised(weight))
        norm.weight.fill_(1)
        norm.bias.copy_(bias)
        for statistic, value in ((norm.running_mean, 0.0), (norm.running_var, 1 - norm.eps)):
            if statistic is not None:
                statistic.fill_(value)
    for layer in plain_layers(rest):
        layer.weight.copy_(dequantised(layer.weight.half().float()))
    return rest


def norm_pairs(student: Student) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Convolutions of the float part with the batch norms behind them."""
    g, d = student.glem, student.decoder
    blocks = [g.reduce, d.squeeze, d.lateral, student.context]
    pairs = [(block.conv, block.bn) for block in blocks]
    for separable in (g.conv1, g.conv2, d.conv):
        pairs += [(separable.depthwise, separable.bn0), (separable.pointwise, separable.bn1)]
    return [*pairs, (g.nonlocal_.w, g.nonlocal_.bn)]


def plain_layers(student: Student) -> list[nn.Conv2d | nn.Linear]:
    """Layers of the float part that have a bias of their own."""
    n = student.glem.nonlocal_
    linear = [student.presence, student.local, student.category, *student.attributes.values()]
    heads = [m for m in linear if isinstance(m, nn.Linear)]
    return [n.theta, n.phi, n.g, student.decoder.out, *heads]
