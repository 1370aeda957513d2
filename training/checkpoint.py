"""The checkpoint that the build reads: `model/checkpoint/student.safetensors`.

Tensors: weights (matrices in half precision, vectors in single); `quant.<activation>` float32 [2],
low and high of every activation of the integer trunk (`training/int8/scheme.py`). Metadata, under
the key `hemline`, JSON: format, version, labels digest and heads, size, thresholds, temperatures,
digest of the tensors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from training.int8.network import Ranges
from training.labels import Labels, load_labels
from training.networks.student import Student
from training.preprocess import Preprocess

VERSION = "hemline-0.3.1"
FORMAT = 2
# Trained along, never served: the main colour is named from pixels (model/MODEL_CARD.md).
AUXILIARY = "color."
QUANT = "quant."


@dataclass(frozen=True)
class Choices:
    """What was chosen on val, beside the weights."""

    thresholds: dict[str, Any]  # group -> one per label; presence -> one
    temperatures: dict[str, float]  # category and groups: logits are divided by them

    @classmethod
    def none(cls, labels: Labels) -> Choices:
        thresholds = {g: [0.5] * len(ids) for g, ids in labels.attributes.items()}
        return cls(
            {**thresholds, "presence": 0.5}, dict.fromkeys(("category", *labels.attributes), 1.0)
        )


@dataclass(frozen=True)
class Checkpoint:
    model: Student
    ranges: dict[str, tuple[float, float]]
    choices: Choices
    version: str
    size: int


def checkpoint_tensors(model: Student, ranges: Ranges) -> dict[str, Tensor]:
    """Weights as stored. Vectors (biases, batch norms) stay float32: they are small and exact."""
    weights = {
        name: (t.half() if t.ndim > 1 else t.float()).contiguous().clone()
        for name, t in model.state_dict().items()
        if not name.endswith("num_batches_tracked") and not name.startswith(AUXILIARY)
    }
    return {**weights, **{QUANT + name: torch.tensor(r) for name, r in ranges.items()}}


def rounded(model: Student) -> Student:
    """The same network with the weights that the checkpoint holds."""
    model.load_state_dict(
        {name: t.float() for name, t in checkpoint_tensors(model, {}).items()}, strict=False
    )
    return model.eval()


def tensors_digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over name and bytes of every tensor, by name: a damaged file shows."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()


def save_checkpoint(
    model: Student, ranges: Ranges, choices: Choices, record: Preprocess, labels: Labels, path: Path
) -> str:
    """Writes the file; returns the tensors' digest."""
    tensors = checkpoint_tensors(model, ranges)
    digest = tensors_digest(tensors)
    metadata = {
        "format": FORMAT,
        "version": VERSION,
        "labels_digest": labels.digest,
        "heads": {"category": labels.category, **labels.attributes},
        "landmarks": labels.landmarks,
        "size": record.size,
        "thresholds": choices.thresholds,
        "temperatures": choices.temperatures,
        "tensors_sha256": digest,
    }
    save_file(tensors, path, metadata={"hemline": json.dumps(metadata, sort_keys=True)})
    return digest


def ranges_of(tensors: Mapping[str, Tensor]) -> dict[str, tuple[float, float]]:
    """Low and high of every activation of the integer trunk."""
    return {
        name.removeprefix(QUANT): (float(t[0]), float(t[1]))
        for name, t in tensors.items()
        if name.startswith(QUANT)
    }


def load_checkpoint(path: Path) -> Checkpoint:
    """Raises `ValueError` where it was trained on other labels."""
    labels = load_labels()
    with safe_open(path, framework="pt") as file:
        meta: dict[str, Any] = json.loads(file.metadata()["hemline"])
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    if meta["labels_digest"] != labels.digest:
        raise ValueError(f"{path} was trained on other labels than model/labels.json")
    ranges = ranges_of(tensors)
    model = Student(labels)
    model.load_state_dict({k: v for k, v in tensors.items() if not k.startswith(QUANT)}, False)
    choices = Choices(meta["thresholds"], meta["temperatures"])
    return Checkpoint(model.eval(), ranges, choices, meta["version"], meta["size"])
