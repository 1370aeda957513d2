"""The teachers of a distillation: trained networks that answer to what the student sees."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.config import Augment, load_config
from training.imitation import Lesson, lesson
from training.labels import ROOT, Labels
from training.networks.build import Tagger, build_network
from training.networks.dimensions import run_dimensions
from training.networks.outputs import Outputs
from training.preprocess import load_preprocess
from training.runtime import computes_in_bfloat16
from training.views import View

HEATMAP_STRIDE = 8  # of the student


@dataclass(frozen=True)
class Teacher:
    network: Tagger
    size: int  # of its input


def load_run(path: Path, labels: Labels) -> Teacher:
    """A run's best.pt or last.pt (the average) with the config.json beside it.

    Raises `FileNotFoundError` where one of the two is missing.
    """
    for file in (path, path.parent / "config.json"):
        if not file.exists():
            raise FileNotFoundError(f"{file}: a teacher is a run's best.pt or last.pt")
    config = load_config(path.parent / "config.json")
    network = build_network(config, labels, run_dimensions(path.parent))
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(state["average"] if "average" in state else state["model"])
    network.eval().requires_grad_(False)
    return Teacher(network, config.network.size or load_preprocess().size)


class Teachers:
    """An ensemble. No part of the task that is trained: neither copied nor saved with it."""

    def __init__(self, teachers: list[Teacher], augment: Augment, temperature: float) -> None:
        """`augment`: the student's; a teacher sees the same view without blur and noise."""
        self.teachers, self.temperature = teachers, temperature
        self.augment = dataclasses.replace(augment, soften=0.0, noise=0.0, decode=0.0)

    def __deepcopy__(self, memo: dict[int, Any]) -> Teachers:
        return self

    @torch.no_grad()
    def teach(self, view: View, size: int) -> Lesson:
        """For a student whose input is `size`."""
        views = {side: view.draw(side, self.augment)[0] for side in {t.size for t in self.teachers}}
        answers = [self.answer(teacher, views[teacher.size]) for teacher in self.teachers]
        taught = lesson(answers, self.temperature, size // HEATMAP_STRIDE)
        return dataclasses.replace(taught, alone=view.mixing is not None)

    def answer(self, teacher: Teacher, x: Tensor) -> Outputs:
        network = teacher.network
        if next(network.parameters()).device != x.device:
            network.to(x.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        with torch.autocast(x.device.type, torch.bfloat16, enabled=computes_in_bfloat16(x.device)):
            out: Outputs = network(x)
        return out

    def widths(self) -> list[int]:
        """Features of each."""
        with torch.no_grad():
            return [
                t.network(torch.zeros(1, 3, t.size, t.size)).features.shape[1]
                for t in self.teachers
            ]


def load_teachers(
    files: list[str], labels: Labels, augment: Augment, temperature: float
) -> Teachers:
    """Paths are relative to the project's root."""
    return Teachers([load_run(ROOT / file, labels) for file in files], augment, temperature)
