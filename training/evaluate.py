"""Score a run or the checkpoint on a split: `python -m training.evaluate --help`.

Pictures are prepared as served; thresholds are those of the checkpoint. Prints a table and
writes metrics as JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from training.checkpoint import load_checkpoint
from training.data import load_split
from training.datasets.clothing import read_labels
from training.labels import ROOT, load_labels
from training.preprocess import load_preprocess
from training.runtime import device
from training.score import evaluate_split


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
    checkpoint = load_checkpoint(args.checkpoint)
    photos = [p for p in read_labels() if p.split == args.split]
    split = load_split(photos, args.negatives / args.split, labels, record.size, exact=True)
    where = device()
    thresholds = {g: checkpoint.choices.thresholds[g] for g in labels.attributes}
    metrics = evaluate_split(checkpoint.model.to(where), split, record, where, thresholds)
    metrics.pop("choice")
    width = max(map(len, metrics))
    print(f"{checkpoint.version} on {args.split}: {len(photos)} photographs")
    for name, value in metrics.items():
        print(f"{name:<{width}}  {value:.4f}")
    if args.json:
        result = {"version": checkpoint.version, "split": args.split, **metrics}
        args.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
