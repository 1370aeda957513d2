"""Pictures read as they are needed, by worker threads that decode ahead."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from training.preprocess import Rgb, area_resize, open_upright

AHEAD = 4  # batches


class Pictures(Protocol):
    """[n,s,s,3] uint8, in memory or not."""

    def __len__(self) -> int: ...
    def __getitem__(self, rows: slice, /) -> Rgb: ...


class StreamedPictures:
    """[n,size,size,3] uint8 like an array, each picture cropped to its box and squashed.

    Pillow lets go of Python's lock while it decodes, so threads decode in parallel.
    """

    def __init__(
        self,
        files: list[Path],
        boxes: npt.NDArray[np.int64],
        size: int,
        exact: bool,
        workers: int | None = None,
    ) -> None:
        """`boxes` [n,4]: left, top, right, bottom. `exact`: area averaging, as served."""
        self.files, self.boxes, self.size, self.exact = files, boxes, size, exact
        self.pool = ThreadPoolExecutor(workers or min(os.cpu_count() or 1, 16))
        self.expected: deque[npt.NDArray[np.int64]] = deque()
        self.coming: deque[tuple[npt.NDArray[np.int64], list[Future[Rgb]]]] = deque()

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, which: slice | npt.NDArray[np.int64]) -> Rgb:
        rows = np.arange(len(self))[which]
        if self.coming and np.array_equal(self.coming[0][0], rows):
            _, futures = self.coming.popleft()
        else:
            futures = self.start(rows)
        self.look_ahead()
        return np.stack([f.result() for f in futures])

    def expect(self, batches: Iterable[npt.NDArray[np.int64]]) -> None:
        """The batches that will be asked for next, in order."""
        self.coming.clear()
        self.expected = deque(batches)
        self.look_ahead()

    def look_ahead(self) -> None:
        while self.expected and len(self.coming) < AHEAD:
            rows = self.expected.popleft()
            self.coming.append((rows, self.start(rows)))

    def start(self, rows: npt.NDArray[np.int64]) -> list[Future[Rgb]]:
        return [self.pool.submit(self.read, int(row)) for row in rows]

    def read(self, row: int) -> Rgb:
        """Raises `FileNotFoundError` or `ValueError` naming the file."""
        path = self.files[row]
        try:
            picture = open_upright(path)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise ValueError(f"{path} cannot be decoded: {error}") from error
        height, width = picture.shape[:2]
        left, top, right, bottom = (int(v) for v in self.boxes[row])
        crop = picture[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
        if crop.size == 0:
            raise ValueError(f"{path}: the box {self.boxes[row].tolist()} lies outside the picture")
        if self.exact:
            return area_resize(crop, self.size)
        squashed = Image.fromarray(crop).resize((self.size, self.size), Image.Resampling.BICUBIC)
        return np.asarray(squashed)
