"""The labelled photographs: `training/data/labels.jsonl` and a folder `images/<id>.jpg`.

The photographs are the public "Clothing dataset" (CC0), not part of this repository;
`training/README.md` says where anybody gets them. A line's fields: see there too.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from training.labels import LABELLED_PHOTOGRAPHS, ROOT

GROUPS = ("texture", "fabric", "shape", "part", "style")
Point = tuple[float, float, int]  # x, y in fractions; 1 seen, 0 hidden but estimated


@dataclass(frozen=True)
class Photograph:
    id: str
    split: str
    category: str
    attributes: dict[str, tuple[str, ...]] | None  # None: unknown (shoes, hats), to be masked
    landmarks: tuple[Point | None, ...] | None  # eight; None: unknown
    color: tuple[str, ...] | None  # main first
    coarse: str = ""  # the set's own label, which the labellers saw; no network does


def photograph_folder() -> Path:
    """`HEMLINE_PHOTOS`, else `../shared/data/clothing`. Raises `FileNotFoundError`."""
    folder = Path(os.environ.get("HEMLINE_PHOTOS") or ROOT.parent / "shared/data/clothing")
    if not (folder / "images").is_dir():
        raise FileNotFoundError(f"no photographs: {folder}/images; set HEMLINE_PHOTOS")
    return folder


def read_labels(path: Path = LABELLED_PHOTOGRAPHS) -> list[Photograph]:
    """All labelled photographs, in the file's order. Raises `ValueError` naming the line."""
    photos = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            raw = json.loads(line)
            known = raw["texture"] is not None
            photos.append(
                Photograph(
                    id=raw["id"],
                    split=raw["split"],
                    category=raw["category"],
                    attributes={g: tuple(raw[g]) for g in GROUPS} if known else None,
                    landmarks=tuple(
                        None if p is None else (float(p[0]), float(p[1]), int(p[2]))
                        for p in raw["landmarks"]
                    )
                    if raw["landmarks"] is not None
                    else None,
                    color=tuple(raw["color"]) if raw["color"] else None,
                    coarse=raw.get("source_label") or "",
                )
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(f"{path}:{number}: {error!r}") from error
    return photos
