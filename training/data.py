"""One split in memory: pictures, aspect ratios, targets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.datasets.clothing import Photograph, photograph_folder
from training.datasets.pictures import load_pictures
from training.datasets.targets import Targets, encode
from training.labels import Labels
from training.preprocess import Rgb

SOURCE_SIZE = 288  # what augmentation samples from


@dataclass(frozen=True)
class Split:
    photos: list[Photograph]
    files: list[Path]  # photographs, then negatives
    pictures: Rgb  # [n,s,s,3]
    aspect: Tensor  # [n] width / height
    targets: Targets

    @property
    def negatives(self) -> int:
        return len(self.files) - len(self.photos)


def load_split(
    photos: list[Photograph], negatives: Path | None, labels: Labels, size: int, exact: bool
) -> Split:
    """`exact`: pictures as served (size x size); otherwise SOURCE_SIZE squares to augment."""
    root = photograph_folder()
    files = [root / "images" / f"{p.id}.jpg" for p in photos]
    extra = sorted(negatives.glob("*.jpg")) if negatives and negatives.is_dir() else []
    files += extra
    pictures = load_pictures(files, size if exact else SOURCE_SIZE, exact)
    aspects = []
    for file in files:
        with Image.open(file) as image:
            aspects.append(image.width / image.height)
    return Split(
        photos,
        files,
        pictures,
        torch.tensor(np.array(aspects), dtype=torch.float32),
        encode(photos, len(extra), labels),
    )
