"""The one definition of preprocessing, against fractions worked out exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.preprocess import area_resize, open_upright, over_white


def overlap(pixel: int, cell: int, width: Fraction) -> Fraction:
    """How much of a source pixel lies in an output cell, in pixels."""
    start, end = max(Fraction(pixel), cell * width), min(Fraction(pixel + 1), (cell + 1) * width)
    return max(end - start, Fraction(0))


def exact(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], size: int, x: int, y: int, c: int
) -> int:
    """One output value in rational arithmetic, rounded half up."""
    h, w = picture.shape[:2]
    total = Fraction(0)
    for sy in range(h):
        oy = overlap(sy, y, Fraction(h, size))
        for sx in range(w):
            total += oy * overlap(sx, x, Fraction(w, size)) * int(picture[sy, sx, c])
    value = total / (Fraction(w, size) * Fraction(h, size))
    return int(value + Fraction(1, 2))


@pytest.mark.parametrize("shape", [(7, 11), (16, 16), (5, 3), (40, 9)])
def test_area_average_is_exact(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(shape))
    picture = rng.integers(0, 256, (*shape, 3), np.uint8)
    out = area_resize(picture, 6)
    for y in range(6):
        for x in range(6):
            assert out[y, x].tolist() == [exact(picture, 6, x, y, c) for c in range(3)]


def test_same_size_is_untouched() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (32, 32, 3), np.uint8)
    assert np.array_equal(area_resize(picture, 32), picture)


def test_alpha_over_white() -> None:
    pixels = np.array([[[10, 20, 30, 255], [10, 20, 30, 0], [0, 100, 255, 128]]], np.uint8)
    expected = [[10, 20, 30], [255, 255, 255], [127, 177, 255]]
    assert over_white(pixels)[0].tolist() == expected


def test_orientation_is_applied(tmp_path: Path) -> None:
    image = Image.new("RGB", (4, 2), (255, 0, 0))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.png", exif=exif)
    assert open_upright(tmp_path / "a.png").shape == (4, 2, 3)
