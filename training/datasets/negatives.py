"""Pictures without a garment, for the category `none`.

The labelled photographs hold next to none of them, so they are made:
- background: crops of a photograph outside its garment's box (same split as the photograph);
- scenes: crops of pictures in folders the caller names (landscapes, objects, animals ...);
- stamps: cut-outs with transparency from those folders, laid on a background crop;
- drawn: gradients, noise, text, shapes.

`python -m training.datasets.negatives --train DIR ... --test DIR ...` writes
`<out>/{train,val,test}/<kind>-<n>.jpg`. Same folders and seed, same files.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from training.datasets.clothing import Photograph, photograph_folder, read_labels
from training.labels import ROOT

SIDE = 288
COUNTS = {"train": (450, 450, 250, 150), "val": (40, 20, 10, 20), "test": (40, 40, 0, 20)}
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
# Folders whose pictures may show clothes or people wearing them.
SKIPPED = ("clothes", "costume", "faces", "people", "lena", "messi", "basketball", "vtest")


def shrink(image: Image.Image) -> Image.Image:
    image = image.convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return image


def random_crop(image: Image.Image, rng: random.Random, low: float) -> Image.Image:
    """A crop of `low`..1 of each side."""
    w, h = image.size
    cw, ch = int(w * rng.uniform(low, 1)), int(h * rng.uniform(low, 1))
    left, top = rng.randint(0, w - cw), rng.randint(0, h - ch)
    return image.crop((left, top, left + cw, top + ch))


def background(image: Image.Image, photo: Photograph, rng: random.Random) -> Image.Image | None:
    """The largest strip beside the garment's landmarks, or None where none is wide enough."""
    points = [(p[0], p[1]) for p in photo.landmarks or [] if p is not None]
    if len(points) < 4:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    pad = 0.1  # landmarks lie inside the garment's outline
    x0, x1 = min(xs) - pad, max(xs) + pad
    y0, y1 = min(ys) - pad, max(ys) + pad
    strips = [(0, 0, x0, 1), (x1, 0, 1, 1), (0, 0, 1, y0), (0, y1, 1, 1)]
    fit = [s for s in strips if s[2] - s[0] >= 0.2 and s[3] - s[1] >= 0.2]
    if not fit:
        return None
    w, h = image.size
    a, b, c, d = rng.choice(fit)
    crop = random_crop(image.crop((int(a * w), int(b * h), int(c * w), int(d * h))), rng, 0.7)
    return crop if min(crop.size) >= 32 else None


def drawn(rng: random.Random) -> Image.Image:
    """A gradient, noise, text lines, or shapes."""
    w, h = rng.randint(120, SIDE), rng.randint(120, SIDE)

    def colour() -> tuple[int, int, int]:
        return rng.randint(0, 255), rng.randint(0, 255), rng.randint(0, 255)

    kind = rng.choice(("gradient", "noise", "text", "shapes", "plain"))
    image = Image.new("RGB", (w, h), colour())
    noise = np.random.default_rng(rng.randint(0, 2**31))
    if kind == "gradient":
        ends = np.array([colour(), colour()], dtype=np.float64)
        t = np.linspace(0, 1, h)[:, None, None]
        rows = np.broadcast_to(ends[0] * (1 - t) + ends[1] * t, (h, w, 3))
        image = Image.fromarray(rows.astype(np.uint8))
    elif kind == "noise":
        small = noise.integers(0, 256, (rng.randint(2, h), rng.randint(2, w), 3), np.uint8)
        image = Image.fromarray(small).resize((w, h), rng.choice(list(Image.Resampling)))
    else:
        draw = ImageDraw.Draw(image)
        for i in range(0 if kind == "plain" else rng.randint(2, 30)):
            x, y = rng.randint(-20, w), rng.randint(-20, h)
            box = (x, y, x + rng.randint(5, w), y + rng.randint(5, h))
            if kind == "text":
                line = "".join(rng.choice("etaoinshr dlu cmfwyp,.") for _ in range(50))
                draw.text((8, 6 + 12 * i), line, fill=colour())
            elif i % 3 == 0:
                draw.ellipse(box, fill=colour())
            elif i % 3 == 1:
                draw.rectangle(box, fill=colour())
            else:
                draw.line(box, fill=colour(), width=rng.randint(1, 9))
        if rng.random() < 0.4:
            image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 6)))
    return image


def picture_files(folders: list[Path]) -> list[Path]:
    """Picture files below the folders, one a sub-folder where file names are only sizes."""
    files: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"no such folder: {folder}")
        sized: set[Path] = set()
        for path in sorted(folder.rglob("*")):
            inner = str(path.relative_to(folder)).lower()
            if path.suffix.lower() not in SUFFIXES or any(word in inner for word in SKIPPED):
                continue
            if path.stat().st_size < 8_000:
                continue
            if path.stem[:1].isdigit() and "x" in path.stem:  # 1920x1080.jpg, 3840x2160.jpg
                if path.parent in sized:
                    continue
                sized.add(path.parent)
            files.append(path)
    return files


def is_cutout(image: Image.Image) -> bool:
    if "A" not in image.getbands():
        return False
    alpha = np.asarray(image.getchannel("A"))
    return bool((alpha < 128).mean() > 0.05)


def make(
    split: str, photos: list[Photograph], folders: list[Path], seed: int
) -> Iterator[tuple[str, Image.Image]]:
    """(name, picture) of one split, in a fixed order."""
    rng = random.Random(f"{seed}/{split}")
    n_background, n_scene, n_stamp, n_drawn = COUNTS[split]
    root = photograph_folder()
    backgrounds: list[Image.Image] = []
    for photo in rng.sample(photos, len(photos)):
        if len(backgrounds) == n_background:
            break
        with Image.open(root / "images" / f"{photo.id}.jpg") as image:
            crop = background(image.convert("RGB"), photo, rng)
        if crop is not None:
            backgrounds.append(shrink(crop))
            yield f"background-{len(backgrounds):04d}", backgrounds[-1]
    scenes: list[Path] = []
    stamps: list[Path] = []
    for path in picture_files(folders):
        with Image.open(path) as image:
            (stamps if is_cutout(image) else scenes).append(path)
    for i in range(n_scene if scenes else 0):
        with Image.open(scenes[i % len(scenes)]) as image:
            image.draft("RGB", (4 * SIDE, 4 * SIDE))
            whole = i < len(scenes) and rng.random() < 0.7
            crop = image.convert("RGB")
            yield f"scene-{i:04d}", shrink(crop if whole else random_crop(crop, rng, 0.3))
    for i in range(n_stamp if stamps and backgrounds else 0):
        ground = rng.choice(backgrounds).resize((SIDE, SIDE))
        with Image.open(stamps[i % len(stamps)]) as image:
            stamp = image.convert("RGBA")
        side = int(SIDE * rng.uniform(0.4, 0.9))
        stamp.thumbnail((side, side), Image.Resampling.LANCZOS)
        at = (rng.randint(0, SIDE - stamp.width), rng.randint(0, SIDE - stamp.height))
        ground.paste(stamp, at, stamp)
        yield f"stamp-{i:04d}", ground
    for i in range(n_drawn):
        yield f"drawn-{i:04d}", drawn(rng)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--train", nargs="*", type=Path, default=[], help="folders of scenes")
    parser.add_argument("--val", nargs="*", type=Path, default=[], help="other folders")
    parser.add_argument("--test", nargs="*", type=Path, default=[], help="other folders again")
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "negatives")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    photos = read_labels()
    for split, folders in (("train", args.train), ("val", args.val), ("test", args.test)):
        target = args.out / split
        target.mkdir(parents=True, exist_ok=True)
        count = 0
        own = [p for p in photos if p.split == split]
        for name, image in make(split, own, folders, args.seed):
            image.save(target / f"{name}.jpg", quality=92)
            count += 1
        print(f"{split}: {count} pictures without a garment in {target}")


if __name__ == "__main__":
    main()
