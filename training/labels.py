"""The one list of labels (`model/labels.json`) as training sees it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LABELS_FILE = ROOT / "model" / "labels.json"
LABELLED_PHOTOGRAPHS = ROOT / "training" / "data" / "labels.jsonl"

# Landmark order is left/right pairs; a horizontal flip swaps each pair.
FLIP = (1, 0, 3, 2, 5, 4, 7, 6)


@dataclass(frozen=True)
class Labels:
    category: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]  # group -> ids, in head order
    landmarks: tuple[str, ...]
    colors: tuple[str, ...]
    categories_without_attributes: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the head order: a checkpoint fits these labels or it does not."""
        heads = {
            "category": self.category,
            "attributes": self.attributes,
            "landmarks": self.landmarks,
        }
        return hashlib.sha256(json.dumps(heads, sort_keys=True).encode()).hexdigest()


def load_labels(path: Path = LABELS_FILE) -> Labels:
    """Read `model/labels.json`: `{category: [{id}], attributes: {group: [{id}]}, landmarks}`."""
    raw = json.loads(path.read_text())
    return Labels(
        category=tuple(entry["id"] for entry in raw["category"]),
        attributes={
            group: tuple(entry["id"] for entry in ids) for group, ids in raw["attributes"].items()
        },
        landmarks=tuple(entry["id"] for entry in raw["landmarks"]),
        colors=tuple(entry["id"] for entry in raw["colors"]),
        categories_without_attributes=tuple(raw["categories_without_attributes"]),
    )
