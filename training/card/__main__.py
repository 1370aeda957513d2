"""Measure the checkpoint for the model card: `python -m training card --help`.

Writes results.json, figures and tables into model/card, and the tables into model/MODEL_CARD.md
between their markers. Everything was chosen on val.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from training.card.figures import plot_confusion, plot_drawn, plot_reliability
from training.card.measure import attribute_rows, category_rows, confusion, students, teachers
from training.card.tables import attributes, categories, fill, side_by_side
from training.card.told import told_accuracy
from training.checkpoint import load_checkpoint
from training.datasets.clothing import read_labels
from training.int8.network import IntegerStudent
from training.labels import ROOT
from training.preprocess import load_preprocess

SAMPLES = ROOT / "worker/site/samples"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--checkpoint", type=Path, default=ROOT / "model/checkpoint/student.safetensors"
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        action="append",
        help="a teacher's run folder; several are averaged; left out without",
    )
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--out", type=Path, default=ROOT / "model/card")
    parser.add_argument("--card", type=Path, default=ROOT / "model/MODEL_CARD.md")
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    args.out.mkdir(parents=True, exist_ok=True)
    checkpoint, record = load_checkpoint(args.checkpoint), load_preprocess()
    found = {s: students(checkpoint, record, args.negatives, s) for s in ("test", "val")}
    if args.teacher:
        for split, answers in teachers(args.teacher, record, args.negatives).items():
            found[split]["teacher"] = answers
    train = [p for p in read_labels() if p.split == "train"]
    results = {
        s: {
            k: {**a.row(), **told_accuracy(a.predictions, a.split, train)} for k, a in kinds.items()
        }
        for s, kinds in found.items()
    }
    served = found["test"]["int8"]
    per_category = category_rows(served)
    per_attribute = attribute_rows(served, checkpoint.choices.thresholds)
    record_of = {
        "version": checkpoint.version,
        "temperatures": checkpoint.choices.temperatures,
        "splits": results,
        "categories": per_category,
        "attributes": per_attribute,
    }
    (args.out / "results.json").write_text(json.dumps(record_of, indent=2) + "\n")
    plot_confusion(
        confusion(served), [r["count"] for r in per_category], args.out / "confusion.png"
    )
    plot_reliability(served.before, served.after, args.out / "reliability.png")
    drawn = [*sorted(SAMPLES.glob("*.jpg")), ROOT / "test/fixtures/pictures/tee.jpg"]
    network = IntegerStudent(checkpoint.model, checkpoint.ranges)
    plot_drawn(drawn, network, record, args.out / "drawn.png")
    tables = {
        "results": side_by_side(results),
        "categories": categories(per_category),
        "attributes": attributes(per_attribute),
    }
    args.card.write_text(fill(args.card.read_text(), tables))
    print(tables["results"])


if __name__ == "__main__":
    main()
