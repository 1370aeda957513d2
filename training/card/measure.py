"""Teacher, float student and int8 student on val and test, from their answers alone."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.averaging import mean
from training.calibration import (
    Reliability,
    category_reliability,
    category_temperature,
    tempered,
)
from training.checkpoint import Checkpoint
from training.data import Split, served_split
from training.distill import Teacher, load_run
from training.int8.network import IntegerStudent
from training.labels import load_labels
from training.metrics import Array, Predictions, micro_f1
from training.predict import predict
from training.preprocess import Preprocess
from training.runtime import computes_in_bfloat16, device
from training.score import chosen_thresholds, score

# The head for colours only helps training: no checkpoint holds it, the Worker reads colours itself.
UNREPORTED = ("choice", "main_color")


@dataclass(frozen=True)
class Answered:
    """A network's predictions on one split, as it would serve them."""

    split: Split
    predictions: Predictions
    metrics: dict[str, float]
    before: Reliability  # of the category, without temperature
    after: Reliability

    def row(self) -> dict[str, Any]:
        kept = {k: round(v, 5) for k, v in self.metrics.items() if k not in UNREPORTED}
        return {
            **kept,
            "ece_untempered": round(self.before.ece, 5),
            "ece": round(self.after.ece, 5),
        }


def answered(
    raw: Predictions, split: Split, temperatures: dict[str, float], thresholds: dict[str, Any]
) -> Answered:
    served = tempered(raw, temperatures)
    n = len(split.photos)
    target = split.targets.category[:n].numpy()
    metrics = score(served, split, {g: thresholds[g] for g in load_labels().attributes})
    return Answered(
        split,
        served,
        metrics,
        category_reliability(raw.category[:n], target),
        category_reliability(served.category[:n], target),
    )


def students(
    checkpoint: Checkpoint, record: Preprocess, negatives: Path, name: str
) -> dict[str, Answered]:
    """The checkpoint in float32 and as served, at its own temperatures and thresholds."""
    split, where = served_split(name, record.size, negatives), device()
    networks = {
        "float": checkpoint.model,
        "int8": IntegerStudent(checkpoint.model, checkpoint.ranges),
    }
    choices = checkpoint.choices
    return {
        kind: answered(
            predict(network.to(where), split.pictures, record, where),
            split,
            choices.temperatures,
            choices.thresholds,
        )
        for kind, network in networks.items()
    }


def teachers(runs: list[Path], record: Preprocess, negatives: Path) -> dict[str, Answered]:
    """Runs' best epochs on test and val, averaged; thresholds and temperature of val."""
    networks = [load_run(run / "best.pt", load_labels()) for run in runs]
    where = device()

    def said(teacher: Teacher, name: str) -> Predictions:
        pictures = served_split(name, teacher.size, negatives).pictures
        own = dataclasses.replace(record, size=teacher.size)
        with torch.autocast(where.type, torch.bfloat16, enabled=computes_in_bfloat16(where)):
            return predict(teacher.network.to(where), pictures, own, where)

    splits = {name: served_split(name, record.size, negatives) for name in ("val", "test")}
    raw = {name: mean([said(teacher, name) for teacher in networks]) for name in splits}
    n, t = len(splits["val"].photos), splits["val"].targets
    thresholds = chosen_thresholds(raw["val"], splits["val"])
    warmth = category_temperature(raw["val"].category[:n], t.category[:n].numpy())
    temperatures = {"category": warmth, **dict.fromkeys(t.attributes, 1.0)}
    return {
        name: answered(raw[name], split, temperatures, thresholds) for name, split in splits.items()
    }


def category_rows(found: Answered) -> list[dict[str, Any]]:
    """Per category: photographs, precision, recall, F1, and what it is taken for most."""
    names, n = load_labels().category, len(found.split.photos)
    target = found.split.targets.category[:n].numpy()
    said = found.predictions.category[:n].argmax(1)
    rows = []
    for i, name in enumerate(names):
        mine = target == i
        hits = int((said[mine] == i).sum())
        wrong = np.bincount(said[mine & (said != i)], minlength=len(names))
        rows.append(
            {
                "label": name,
                "count": int(mine.sum()),
                "precision": hits / max(int((said == i).sum()), 1),
                "recall": hits / max(int(mine.sum()), 1),
                "f1": 2 * hits / max(int(mine.sum() + (said == i).sum()), 1),
                "confused": names[int(wrong.argmax())] if wrong.any() else "",
            }
        )
    return rows


def attribute_rows(found: Answered, thresholds: dict[str, Any]) -> list[dict[str, Any]]:
    """Per attribute: how often labelled, precision, recall, F1 at the shipped threshold."""
    t = found.split.targets
    rows = []
    known = t.attributes_known.numpy() > 0
    for group, ids in load_labels().attributes.items():
        wanted: Array = t.attributes[group].double().numpy()[known]
        said = found.predictions.attributes[group][known] >= np.array(thresholds[group])
        for i, name in enumerate(ids):
            hits = float((said[:, i] * wanted[:, i]).sum())
            rows.append(
                {
                    "group": group,
                    "label": name,
                    "count": int(wanted[:, i].sum()),
                    "precision": hits / max(float(said[:, i].sum()), 1),
                    "recall": hits / max(float(wanted[:, i].sum()), 1),
                    "f1": micro_f1(said[:, i], wanted[:, i]),
                }
            )
    return rows


def confusion(found: Answered) -> Array:
    """[C,C] rows: the label; columns: what was said; shares of the row. Empty rows are 0."""
    n, size = len(found.split.photos), len(load_labels().category)
    target = found.split.targets.category[:n].numpy()
    said = found.predictions.category[:n].argmax(1)
    counts = np.zeros((size, size))
    np.add.at(counts, (target[target >= 0], said[target >= 0]), 1)
    return np.asarray(counts / np.maximum(counts.sum(1, keepdims=True), 1))
