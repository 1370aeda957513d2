"""The preprocessing record (`model/preprocess.json`) and its one definition, in exact integers.

The worker implements the same definition; `training/tests/test_preprocess.py` and the worker's
parity test hold both to the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from training.labels import ROOT

PREPROCESS_FILE = ROOT / "model" / "preprocess.json"
Rgb = npt.NDArray[np.uint8]  # [h,w,3]


@dataclass(frozen=True)
class Preprocess:
    size: int  # the network's input is size x size
    mean: int  # of 0..255
    scale: int  # input = (rgb - mean) / scale


def load_preprocess(path: Path = PREPROCESS_FILE) -> Preprocess:
    raw = json.loads(path.read_text())
    if raw["resize"] != "area" or raw["fit"] != "squash":
        raise ValueError(f"{path}: only resize=area and fit=squash are defined")
    return Preprocess(size=raw["size"], mean=raw["mean"], scale=raw["scale"])


def _overlaps(source: int, size: int) -> npt.NDArray[np.float64]:
    """[size,source] integers: the overlap of output cell and source pixel, in 1/size pixels."""
    out = np.arange(size)[:, None] * source
    src = np.arange(source)[None, :] * size
    overlap = np.minimum(out + source, src + size) - np.maximum(out, src)
    return np.asarray(np.maximum(overlap, 0), np.float64)


def area_resize(picture: Rgb, size: int) -> Rgb:
    """Squash [h,w,3] to [size,size,3] by exact area averaging.

    out = floor((2 * sum + w*h) / (2 * w*h)), sum = the overlap-weighted sum of source pixels.
    Sums are integers below 2^53, so float64 holds them exactly in any order.
    """
    height, width = picture.shape[:2]
    rows = np.tensordot(_overlaps(height, size), picture.astype(np.float64), axes=(1, 0))
    total = np.einsum("xw,ywc->yxc", _overlaps(width, size), rows, optimize=True)
    area = width * height
    return np.asarray((2 * total + area) // (2 * area), np.uint8)


def over_white(picture: npt.NDArray[np.uint8]) -> Rgb:
    """[h,w,4] -> [h,w,3]: alpha composited over white, rounded to nearest."""
    alpha = picture[..., 3:].astype(np.uint32)
    mixed = picture[..., :3] * alpha + 255 * (255 - alpha)
    return np.asarray((2 * mixed + 255) // 510, np.uint8)


def open_upright(path: Path) -> Rgb:
    """Decode a file to upright RGB: EXIF orientation applied, alpha over white."""
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
        if "A" in upright.getbands() or "transparency" in upright.info:
            return over_white(np.asarray(upright.convert("RGBA")))
        return np.asarray(upright.convert("RGB"))


def normalise(pictures: Rgb, record: Preprocess) -> npt.NDArray[np.float32]:
    """[n,size,size,3] uint8 -> [n,3,size,size] float32."""
    x = (pictures.astype(np.float32) - record.mean) / record.scale
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
