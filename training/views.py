"""A batch as it is seen this time: augmented in chunks, each from a generator of its own.

A process of several takes whole chunks, so the same pictures are drawn whoever draws them; and the
same view can be had again at another size, for a teacher.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.augment import augment
from training.config import Augment
from training.data import Split
from training.preprocess import Preprocess

CHUNK = 16


@dataclass(frozen=True)
class Mixing:
    """Each picture blended with its neighbour in the chunk (Zhang et al. 2018, "mixup").

    What such a picture shows only a teacher can say (Beyer et al. 2022, "function matching").
    """

    partner: Tensor  # [n] rows of the batch
    share: Tensor  # [n] of the picture itself, 0..1

    def blend(self, x: Tensor) -> Tensor:
        share = self.share.to(x.device)[:, None, None, None]
        return x * share + x[self.partner.to(x.device)] * (1 - share)


@dataclass(frozen=True)
class View:
    pictures: Tensor  # [n,s,s,3] uint8, on the device
    aspect: Tensor  # [n]
    points: Tensor  # [n,8,2] of the unmoved pictures
    seen: Tensor  # [n,8]
    seeds: list[int]  # one a chunk
    record: Preprocess
    mixing: Mixing | None = None

    def mixed(self) -> View:
        """The same pictures, blended in pairs."""
        partner, share = torch.arange(len(self.pictures)), torch.empty(len(self.pictures))
        for rows, seed in self.chunks():
            partner[rows] = partner[rows].roll(1)
            rng = torch.Generator().manual_seed(seed)
            share[rows] = torch.rand(len(share[rows]), generator=rng)
        return dataclasses.replace(self, mixing=Mixing(partner, share))

    def draw(self, size: int, knobs: Augment) -> tuple[Tensor, Tensor, Tensor]:
        """Normalised [n,3,size,size], moved points [n,8,2], seen [n,8]; always the same."""
        parts = [
            augment(
                self.pictures[rows],
                self.aspect[rows],
                self.points[rows],
                self.seen[rows],
                size,
                knobs,
                torch.Generator().manual_seed(seed),
            )
            for rows, seed in self.chunks()
        ]
        x, points, seen = (torch.cat(p) for p in zip(*parts, strict=True))
        x = (x - self.record.mean) / self.record.scale
        if self.mixing is not None:
            x = self.mixing.blend(x)
        return x.to(memory_format=torch.channels_last), points, seen

    def chunks(self) -> list[tuple[slice, int]]:
        return [(slice(i * CHUNK, (i + 1) * CHUNK), seed) for i, seed in enumerate(self.seeds)]


def share_of(batch: Tensor, rank: int, size: int) -> tuple[Tensor, range]:
    """This process's rows of a batch, and the numbers of its chunks.

    Raises `ValueError` where the batch does not divide.
    """
    if size > 1 and len(batch) % (CHUNK * size) != 0:
        raise ValueError(
            f"a batch of {len(batch)} for {size} processes: take a multiple of {CHUNK * size}"
        )
    rows = len(batch) // size
    first = rank * rows // CHUNK
    chunks = range(first, first + -(-rows // CHUNK))
    return batch[rank * rows : (rank + 1) * rows], chunks


def look(
    split: Split, index: Tensor, seeds: list[int], record: Preprocess, where: torch.device
) -> View:
    """The rows `index` of a split, ready to be drawn."""
    target = split.targets[index]
    pictures = torch.from_numpy(split.pictures[np.asarray(index)]).to(where)
    return View(pictures, split.aspect[index], target.points, target.seen, seeds, record)
