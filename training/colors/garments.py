"""Labelled pictures with landmarks about as wrong as predicted ones, seen by the Worker's code.

`build/colors.ts` does the looking, so that fit, score and Worker cannot differ.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.datasets.clothing import Photograph, photograph_folder, read_labels
from training.datasets.pictures import load_pictures
from training.labels import ROOT
from training.preprocess import Rgb, load_preprocess

# Standard deviation per axis, in fractions: a mean distance of 0.031, the network's.
JITTER = 0.025
NODE = ROOT / "node_modules" / ".bin" / "node"


@dataclass(frozen=True)
class Garment:
    landmarks: list[float]  # 16
    presence: list[float]  # 8
    category: str


def photographs_with_colours(split: str) -> list[Photograph]:
    return [p for p in read_labels() if p.split == split and p.color and p.landmarks]


def pictures_of(photographs: list[Photograph]) -> Rgb:
    """[n,size,size,3] uint8, as the Worker prepares them."""
    folder = photograph_folder() / "images"
    files = [folder / f"{photo.id}.jpg" for photo in photographs]
    return load_pictures(files, load_preprocess().size, exact=True)


def jittered(photo: Photograph, rng: np.random.Generator) -> Garment:
    landmarks, presence = [], []
    for point in photo.landmarks or ():
        x, y = point[:2] if point else (0.5, 0.5)
        dx, dy = rng.normal(0, JITTER, 2)
        landmarks += [x + dx, y + dy]
        presence.append(float(point is not None))
    return Garment(landmarks, presence, photo.category)


def look(what: str, pictures: Rgb, garments: list[Garment]) -> list[Any]:
    """`features` or `tags` of each garment, by `build/colors.ts`."""
    with tempfile.TemporaryDirectory() as folder:
        raw, lines = Path(folder) / "pictures", Path(folder) / "garments"
        pictures.tofile(raw)
        lines.write_text("\n".join(json.dumps(asdict(garment)) for garment in garments))
        done = subprocess.run(
            [NODE, ROOT / "build" / "colors.ts", what, raw, lines],
            check=True,
            capture_output=True,
            text=True,
        )
    return [json.loads(line) for line in done.stdout.splitlines()]
