"""Score a run or the checkpoint on a split: `python -m training.evaluate --help`.

Pictures are prepared as served; thresholds are those of the checkpoint. Prints a table and
writes metrics as JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from training.data import load_split
from training.datasets.clothing import read_labels
from training.labels import ROOT, load_labels
from training.networks.student import Student
from training.preprocess import load_preprocess
from training.runtime import device
from training.train import evaluate_split


def load_checkpoint(path: Path) -> tuple[Student, dict[str, Any]]:
    """The network of a checkpoint, and its metadata. Raises `ValueError` on other labels."""
    labels = load_labels()
    with safe_open(path, framework="pt") as file:
        meta: dict[str, Any] = json.loads(file.metadata()["hemline"])
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    if meta["labels_digest"] != labels.digest:
        raise ValueError(f"{path} was trained on other labels than model/labels.json")
    model = Student(labels)
    model.load_state_dict(tensors, strict=False)
    return model.eval(), meta


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--checkpoint", type=Path, default=ROOT / "model/checkpoint/student.safetensors"
    )
    parser.add_argument("--split", choices=("train", "val", "test"), default="val")
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--json", type=Path, help="write the metrics here, too")
    args = parser.parse_args()
    labels, record = load_labels(), load_preprocess()
    model, meta = load_checkpoint(args.checkpoint)
    photos = [p for p in read_labels() if p.split == args.split]
    split = load_split(photos, args.negatives / args.split, labels, record.size, exact=True)
    where = device()
    thresholds = {g: meta["thresholds"][g] for g in labels.attributes}
    metrics = evaluate_split(model.to(where), split, record, where, thresholds)
    metrics.pop("choice")
    width = max(map(len, metrics))
    print(f"{meta['version']} on {args.split}: {len(photos)} photographs")
    for name, value in metrics.items():
        print(f"{name:<{width}}  {value:.4f}")
    if args.json:
        result = {"version": meta["version"], "split": args.split, **metrics}
        args.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
