"""Drawn garments: a folder in the photographs' layout, small enough to train on in seconds."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

COLOURS = {"red": (200, 30, 40), "blue": (40, 70, 190), "green": (40, 150, 60)}
SIZE = (120, 160)


def _tee(draw: ImageDraw.ImageDraw, fill: tuple[int, int, int]) -> list[tuple[int, int] | None]:
    draw.polygon(
        [
            (45, 30),
            (75, 30),
            (110, 60),
            (98, 74),
            (85, 62),
            (85, 140),
            (35, 140),
            (35, 62),
            (22, 74),
            (10, 60),
        ],
        fill=fill,
    )
    return [(45, 30), (75, 30), (16, 67), (104, 67), None, None, (35, 140), (85, 140)]


def _trousers(
    draw: ImageDraw.ImageDraw, fill: tuple[int, int, int]
) -> list[tuple[int, int] | None]:
    draw.polygon([(35, 20), (85, 20), (95, 145), (68, 145), (60, 60), (52, 145), (25, 145)], fill)
    return [None, None, None, None, (35, 20), (85, 20), (25, 145), (95, 145)]


def write_photographs(folder: Path, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """`count` drawn pictures and their labels.jsonl; a third val and test each when count >= 6."""
    rng = random.Random(seed)
    (folder / "images").mkdir(parents=True)
    lines: list[dict[str, Any]] = []
    for i in range(count):
        kind = ("tee", "trousers", "shoes")[i % 3]
        name = rng.choice(sorted(COLOURS))
        image = Image.new("RGB", SIZE, (225, 220, 210))
        draw = ImageDraw.Draw(image)
        points: list[tuple[int, int] | None] | None = None
        if kind == "tee":
            points = _tee(draw, COLOURS[name])
        elif kind == "trousers":
            points = _trousers(draw, COLOURS[name])
        else:
            draw.ellipse((20, 90, 100, 130), fill=COLOURS[name])
        image.save(folder / "images" / f"drawn-{i}.jpg", quality=92)
        known = points is not None
        landmarks = [
            None if p is None else [p[0] / SIZE[0], p[1] / SIZE[1], 1] for p in points or []
        ]
        lines.append(
            {
                "id": f"drawn-{i}",
                "split": ("train", "train", "val", "test")[i // 3 % 4],
                "category": kind,
                "texture": ["solid"] if known else None,
                "fabric": ["jersey" if kind == "tee" else "woven"] if known else None,
                "shape": ["short_sleeve" if kind == "tee" else "straight"] if known else None,
                "part": [] if known else None,
                "style": ["casual"] if known else None,
                "color": [name] if known else None,
                "landmarks": landmarks if known else None,
            }
        )
    (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines
