"""What a run keeps so that it can be killed at any moment and lose at most a minute."""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

EVERY = 60.0  # seconds between two checkpoints within an epoch


@dataclass
class Progress:
    """How far the present epoch is."""

    step: int = 0
    seconds: float = 0.0
    terms: dict[str, float] = field(default_factory=dict)  # the losses' shares of their means


def save(path: Path, state: dict[str, Any]) -> None:
    """All or nothing: a kill while writing leaves the old file."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


RECORD = ("config.json", "machine.json", "curves.csv", "curves.png")


def copy_record(run: Path, folder: Path) -> None:
    """What anybody needs to judge or repeat a run."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in RECORD:
        if (run / name).exists():
            shutil.copyfile(run / name, folder / name)


def step_seed(seed: int, epoch: int, step: int) -> int:
    """Of everything random within a step, so that a run resumed there draws the same."""
    return (seed * 1000 + epoch) * 100_000 + step


class Keeper:
    """Writes the run's state, its progress included, to `path` every `EVERY` seconds."""

    def __init__(
        self, path: Path, state: Callable[[], dict[str, Any]], progress: Progress, writes: bool
    ) -> None:
        """`writes`: of several processes the first one does."""
        self.path, self.state, self.progress, self.writes = path, state, progress, writes
        self.written = self.clock = time.monotonic()

    def tick(self) -> None:
        """Count the time since the last call."""
        now = time.monotonic()
        self.progress.seconds += now - self.clock
        self.clock = now

    def step_done(self) -> None:
        self.progress.step += 1
        self.tick()
        if self.clock - self.written >= EVERY:
            self.keep()

    def epoch_done(self) -> None:
        self.progress = Progress()
        self.keep()

    def keep(self) -> None:
        if not self.writes:
            return
        save(self.path, {**self.state(), "progress": dataclasses.asdict(self.progress)})
        self.written = time.monotonic()
