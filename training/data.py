"""One split: pictures in memory or streamed, aspect ratios, targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.datasets.clothing import Photograph, photograph_folder, read_labels
from training.datasets.deepfashion import CUT_OFF, OCCLUDED, VISIBLE, DeepFashion
from training.datasets.pictures import load_pictures
from training.datasets.streamed import StreamedPictures
from training.datasets.targets import UNKNOWN, Targets, encode
from training.labels import Labels, load_labels
from training.preprocess import Rgb

SOURCE_SIZE = 288  # what augmentation samples from


@dataclass(frozen=True)
class Split:
    photos: Sequence[Photograph | str]  # labelled; names where that is all there is
    files: list[Path]  # photographs, then negatives
    pictures: Rgb | StreamedPictures  # [n,s,s,3]
    aspect: Tensor  # [n] width / height
    targets: Targets

    @property
    def negatives(self) -> int:
        return len(self.files) - len(self.photos)

    def expect(self, batches: Iterable[Tensor]) -> None:
        """The batches that will be asked for next, so that streamed pictures are read ahead."""
        if isinstance(self.pictures, StreamedPictures):
            self.pictures.expect(np.asarray(rows) for rows in batches)


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


def served_split(name: str, size: int, negatives: Path | None) -> Split:
    """`name`: train, val or test, as served; with the split's folder of `negatives`."""
    photos = [p for p in read_labels() if p.split == name]
    return load_split(photos, negatives and negatives / name, load_labels(), size, exact=True)


def drawn_count(share: float, photographs: int) -> int:
    """How many of the photographs a share of them is."""
    return max(round(share * photographs), 1)


def fewer(split: Split, share: float, seed: int) -> Split:
    """A share of the photographs, repeated to as many as before, so that an epoch stays as long;
    all the pictures without a garment. Of a split in memory.
    """
    if share == 1:
        return split
    assert not isinstance(split.pictures, StreamedPictures)
    n = len(split.photos)
    drawn = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    chosen = drawn[: drawn_count(share, n)]
    rows = torch.cat([chosen.repeat(-(-n // len(chosen)))[:n], torch.arange(n, len(split.files))])
    return Split(
        [split.photos[i] for i in rows[:n]],
        [split.files[i] for i in rows],
        split.pictures[rows.numpy()],
        split.aspect[rows],
        split.targets[rows],
    )


def deepfashion_split(data: DeepFashion, name: str, size: int, exact: bool) -> Split:
    """`name`: train, val or test. Pictures are cropped to their boxes; landmarks, too."""
    rows = np.flatnonzero(data.split == name)
    boxes = data.boxes[rows].astype(np.float32)
    sides = boxes[:, 2:] - boxes[:, :2]  # [n,2] width, height
    points = (data.points[rows] - boxes[:, None, :2]) / sides[:, None]
    state = data.visibility[rows]
    seen = np.select([state == VISIBLE, state == OCCLUDED], [1.0, 0.5], 0.0)
    there = (state < CUT_OFF)[..., None]
    n = len(rows)
    files = [data.pictures / data.names[i] for i in rows]
    attributes = data.attributes[rows]
    return Split(
        [data.names[i] for i in rows],
        files,
        StreamedPictures(files, data.boxes[rows], size if exact else SOURCE_SIZE, exact),
        torch.from_numpy(sides[:, 0] / sides[:, 1]),
        Targets(
            category=torch.from_numpy(data.category[rows]),
            attributes={
                g: torch.from_numpy(attributes[:, columns]) for g, columns in data.columns.items()
            },
            attributes_known=torch.ones(n),
            points=torch.from_numpy(np.where(there, points, 0).astype(np.float32)),
            seen=torch.from_numpy(seen.astype(np.float32)),
            color=torch.full((n,), UNKNOWN),
            points_known=torch.ones(n),
        ),
    )
