"""A frozen trunk's maps of every photograph, in half precision on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.config import Config
from training.data import Split
from training.datasets.targets import Targets
from training.networks.trunks import Features, LiteTrunk
from training.preprocess import Preprocess, normalise
from training.resume import step_seed
from training.views import CHUNK, look

NAMES = ("lateral", "shared", "recognition")
FLUSH = 10  # batches between two moments from which a stopped run goes on


@dataclass(frozen=True)
class Maps:
    """Row `view * n + i` is view `view` of photograph `i`."""

    maps: dict[str, np.memmap[tuple[int, ...], np.dtype[np.float16]]]  # [views*n,c,h,w]
    targets: Targets  # rows as above; landmarks as the view moved them

    def __len__(self) -> int:
        return len(self.targets.category)

    def features(self, rows: Tensor, device: torch.device) -> Features:
        def read(name: str) -> Tensor:
            return torch.from_numpy(self.maps[name][rows.numpy()]).to(device).float()

        return Features(read("shared"), read("lateral"), read("recognition"))


Draw = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]  # rows -> input, points, seen


def augmented(split: Split, config: Config, record: Preprocess, view: int) -> Draw:
    """View `view` of the photographs, the same at every call."""

    def draw(rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        seed = step_seed(config.seed, view, int(rows[0])) * 1000
        seeds = [seed + chunk for chunk in range(-(-len(rows) // CHUNK))]
        return look(split, rows, seeds, record, torch.device("cpu")).draw(
            record.size, config.augment
        )

    return draw


def as_served(split: Split, record: Preprocess) -> Draw:
    def draw(rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = torch.from_numpy(normalise(split.pictures[rows.numpy()], record))
        return x, split.targets.points[rows], split.targets.seen[rows]

    return draw


def cached_maps(
    trunk: LiteTrunk, split: Split, draws: list[Draw], folder: Path, what: dict[str, object]
) -> Maps:
    """The maps of all views; made once for the same files and the same `what`.

    `trunk` runs where it is, in evaluation mode. Stopped, it goes on where it was.
    """
    n = len(split.photos)
    key = json.dumps([what, len(draws), [str(f) for f in split.files[:n]]], sort_keys=True)
    folder = folder / hashlib.sha256(key.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    write_maps(trunk.eval(), draws, n, folder)
    read = {m: np.load(folder / f"{m}.npy", mmap_mode="r") for m in (*NAMES, "points", "seen")}
    repeated = split.targets[torch.arange(n).repeat(len(draws))]
    moved = {m: torch.from_numpy(np.array(read.pop(m))) for m in ("points", "seen")}
    targets = dataclasses.replace(repeated, points=moved["points"], seen=moved["seen"])
    return Maps(read, targets)


@torch.no_grad()
def write_maps(trunk: LiteTrunk, draws: list[Draw], n: int, folder: Path, batch: int = 64) -> None:
    """Every array by rows, `done` counting the batches that are safely written."""
    device = next(trunk.parameters()).device
    marker = folder / "done"
    done = int(marker.read_text()) if marker.exists() else 0
    starts = [(view, start) for view in range(len(draws)) for start in range(0, n, batch)]
    files: dict[str, np.memmap[tuple[int, ...], np.dtype[Any]]] = {}
    for i, (view, start) in enumerate(starts[done:], done + 1):
        rows = torch.arange(start, min(start + batch, n))
        x, points, seen = draws[view](rows)
        features = trunk(x.to(device))
        parts = {m: getattr(features, m).half().cpu().numpy() for m in NAMES}
        for name, part in {**parts, "points": points.numpy(), "seen": seen.numpy()}.items():
            if name not in files:
                files[name] = np.lib.format.open_memmap(
                    folder / f"{name}.npy",
                    mode="r+" if done else "w+",
                    dtype=part.dtype,
                    shape=(len(draws) * n, *part.shape[1:]),
                )
            files[name][view * n + start : view * n + start + len(rows)] = part
        if i % FLUSH == 0 or i == len(starts):
            for file in files.values():
                file.flush()
            marker.write_text(str(i))
            print(f"maps: {i} of {len(starts)} batches of {batch}", flush=True)
