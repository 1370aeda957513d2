"""Pictures in memory: uint8, decoded once, cached beside the runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from training.labels import ROOT
from training.preprocess import Rgb, area_resize, open_upright


def load_pictures(files: Sequence[Path], size: int, exact: bool, cache: Path | None = None) -> Rgb:
    """[n,size,size,3] uint8, squashed.

    `exact`: the serving definition (area averaging). Otherwise a bicubic squash: a larger
    picture from which augmentation samples.
    """
    folder = cache or ROOT / "runs" / "cache"
    key = "\n".join([f"{size} {exact}", *(f"{f} {f.stat().st_size}" for f in files)])
    path = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.npy"
    if path.exists():
        cached: Rgb = np.load(path, mmap_mode="r")
        return cached
    out = np.empty((len(files), size, size, 3), np.uint8)

    def squashed(file: Path) -> Rgb:
        picture = open_upright(file)
        if exact:
            return area_resize(picture, size)
        resized = Image.fromarray(picture).resize((size, size), Image.Resampling.BICUBIC)
        return np.asarray(resized)

    with ThreadPoolExecutor() as pool:  # decoding and resizing leave Python's lock alone
        for i, picture in enumerate(pool.map(squashed, files)):
            out[i] = picture
            if (i + 1) % 1000 == 0:
                print(f"decoded {i + 1} of {len(files)} pictures", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npy")
    np.save(partial, out)
    partial.replace(path)
    return out
