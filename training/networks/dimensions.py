"""The student's dimensions (`model/student.json`), read by training, build and Worker alike."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from training.config import build
from training.labels import ROOT

DIMENSIONS_FILE = ROOT / "model" / "student.json"


@dataclass(frozen=True)
class Dimensions:
    """Channels, but for `trunk`, `width` and `repeats`."""

    trunk: str
    width: float  # scales the trunk's blocks; stem and head stay
    repeats: tuple[int, ...]  # blocks of each stage, at most the published ones
    head: int  # the trunk's own head convolution
    glem: int
    embed: int  # of the non-local block
    context: int  # what recognition gets of the GLEM map
    lateral: int
    decoder: int
    local: int = 0  # what it gets of the map at stride 16, read at the landmarks; 0: nothing


def load_dimensions(path: Path = DIMENSIONS_FILE) -> Dimensions:
    """Raises `ValueError` naming the keys that are unknown or missing."""
    found: Dimensions = build(Dimensions, json.loads(path.read_text()), str(path))
    return dataclasses.replace(found, repeats=tuple(found.repeats))


RUN_FILE = "student.json"  # beside a run's config.json


def save_dimensions(dimensions: Dimensions, run: Path) -> None:
    """Of a run's student, into the run's folder."""
    (run / RUN_FILE).write_text(json.dumps(dataclasses.asdict(dimensions), indent=2) + "\n")


def run_dimensions(run: Path) -> Dimensions | None:
    """Of a run's student; None where the run keeps none: then they are today's."""
    file = run / RUN_FILE
    return load_dimensions(file) if file.exists() else None
