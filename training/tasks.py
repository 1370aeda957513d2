"""What a stage trains: a network with its loss, seen by the loop (`loop.py`) as one module."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from training.config import Config
from training.datasets.targets import Targets
from training.distill import Teachers
from training.imitation import Imitation, Lesson
from training.int8.fake import FakeQuantStudent
from training.losses import joint_loss
from training.networks.build import Tagger
from training.networks.outputs import Outputs
from training.views import View


class Task(nn.Module):
    """A network and the labels; with teachers, their answers too."""

    trains_norms = True  # batch norms learn, so processes must share them

    def __init__(
        self, network: nn.Module, config: Config, teachers: Teachers | None, features: int
    ) -> None:
        """`features` of the network, which the teachers' are compared with."""
        super().__init__()
        self.network = network
        self.config, self.teachers = config, teachers
        self.imitation: Imitation | None = None
        if teachers is not None and config.distil is not None:
            self.imitation = Imitation(features, teachers.widths(), config.distil)

    def forward(self, x: Tensor, target: Targets, taught: Lesson | None) -> dict[str, Tensor]:
        """Every term of the loss, weighted; `total` is their sum."""
        out = self.answers(x)
        terms = joint_loss(out, target, self.config.loss)
        if taught is None or self.imitation is None:
            return terms
        lessons = self.imitation(out, taught, target)
        labels = 0.0 if taught.alone else self.imitation.knobs.labels
        terms = {**{name: labels * term for name, term in terms.items()}, **lessons}
        terms["total"] = terms["total"] + torch.stack(list(lessons.values())).sum()
        return terms

    def answers(self, x: Tensor) -> Outputs:
        with torch.autocast(x.device.type, torch.bfloat16, enabled=x.is_cuda):
            out: Outputs = self.network(x)
        return out

    def prepare(self, view: View, size: int) -> Lesson | None:
        """What the teachers say to the view that the network will see at `size`."""
        return None if self.teachers is None else self.teachers.teach(view, size)

    def groups(self) -> list[dict[str, Any]]:
        """Parameters for the optimiser, at their own rates."""
        found = list(self.network.named_parameters())
        network: Any = self.network
        groups = parameter_groups(found, network.PRETRAINED, network.HEADS, self.config)
        return groups + self.imitation_groups()

    def imitation_groups(self) -> list[dict[str, Any]]:
        if self.imitation is None:
            return []
        return parameter_groups(self.imitation.named_parameters(), (), ("",), self.config)

    def result(self) -> dict[str, Any]:
        """What is kept of the best epoch, and beside the last one's state."""
        return {"model": self.network.state_dict()}


class QuantisedTask(Task):
    """A student trained as it is served."""

    trains_norms = False
    network: FakeQuantStudent

    def answers(self, x: Tensor) -> Outputs:
        out: Outputs = self.network(x)  # in float32: 8-bit steps are finer than bfloat16's
        return out

    def groups(self) -> list[dict[str, Any]]:
        student: Tagger = self.network.student
        groups = parameter_groups(
            student.named_parameters(), student.PRETRAINED, student.HEADS, self.config
        )
        assert self.config.quantise is not None
        factor = self.config.quantise.ranges_factor
        ranges = {
            "params": [self.network.log_ranges],
            "lr": self.config.optimiser.learning_rate * factor,
            "factor": factor,
            "weight_decay": 0.0,
        }
        return [*groups, ranges, *self.imitation_groups()]

    def result(self) -> dict[str, Any]:
        return {"model": self.network.student.state_dict(), "ranges": self.network.ranges()}


def parameter_groups(
    parameters: Iterable[tuple[str, nn.Parameter]],
    pretrained: tuple[str, ...],
    heads: tuple[str, ...],
    config: Config,
) -> list[dict[str, Any]]:
    """Trunk, new layers, heads at their own rates; no decay on biases and batch norms."""
    o = config.optimiser
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in parameters:
        if not parameter.requires_grad:
            continue
        factor = 1.0
        if name.startswith(pretrained) and config.network.weights != "none":
            factor = o.trunk_factor
        elif name.startswith(heads):
            factor = o.heads_factor
        decay = o.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((factor, decay), []).append(parameter)
    return [
        {"params": params, "lr": o.learning_rate * factor, "factor": factor, "weight_decay": decay}
        for (factor, decay), params in groups.items()
    ]
