"""A student's accuracy at several input sizes, float and as really quantised.

For every size the batch norms' statistics are taken anew and the ranges calibrated, so one run
trained at several sizes gives the whole curve. Writes JSON: a row a size.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import torch

from training.config import Config, load_config
from training.data import Split, load_split, served_split
from training.datasets.clothing import read_labels
from training.frontier_figure import draw
from training.int8.network import IntegerStudent
from training.int8.prepare import calibrated_ranges, refresh_norms
from training.labels import ROOT, load_labels
from training.networks.dimensions import run_dimensions
from training.networks.student import Student
from training.preprocess import load_preprocess
from training.runtime import device
from training.score import evaluate_split


def macs(student: Student, size: int) -> int:
    """Multiply-accumulates of one picture's convolutions and linear layers."""
    total = 0

    def count(module: torch.nn.Module, _: Any, out: torch.Tensor) -> None:
        nonlocal total
        weight = module.weight
        positions = out[0, 0].numel() if isinstance(module, torch.nn.Conv2d) else 1
        if isinstance(weight, torch.Tensor):
            total += weight.numel() * positions

    layers = [m for m in student.modules() if isinstance(m, torch.nn.Conv2d | torch.nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    student(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    return total


def row(
    student: Student, size: int, train: Split, config: Config, negatives: Path
) -> dict[str, Any]:
    """Metrics of val at one size."""
    record = dataclasses.replace(load_preprocess(), size=size)
    val = served_split("val", size, negatives)
    where = device()
    adapted = copy.deepcopy(student).to(where)
    trained = config.network.size or load_preprocess().size
    if config.sizes or size != trained:  # statistics of several sizes, or of another one
        refresh_norms(adapted, train, config, record)
    served = IntegerStudent(adapted, calibrated_ranges(adapted, train, config, record))
    return {
        "size": size,
        "macs": macs(student, size),
        "float": evaluate_split(adapted, val, record, where),
        "int8": evaluate_split(served, val, record, where),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=ROOT / "runs/distill")
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 160, 192])
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--json", type=Path, help="default frontier.json in the run's folder")
    parser.add_argument(
        "--draw", type=Path, metavar="FILE", help="draw these points (frontier_figure.py) and stop"
    )
    args = parser.parse_args()
    if args.draw:
        print(draw(args.draw))
        return
    torch.set_grad_enabled(False)
    config = load_config(args.run / "config.json")
    student = Student(load_labels(), dimensions=run_dimensions(args.run))
    state = torch.load(args.run / "best.pt", map_location="cpu", weights_only=True)
    student.load_state_dict(state["model"])
    photos = [p for p in read_labels() if p.split == "train"]
    train = load_split(
        photos, args.negatives / "train", load_labels(), max(args.sizes), exact=False
    )
    rows = []
    for size in args.sizes:
        rows.append(row(student.eval(), size, train, config, args.negatives))
        shown = {k: rows[-1][k]["category_top1"] for k in ("float", "int8")}
        print(f"{size} px, {rows[-1]['macs'] / 1e6:.0f} MMAC: category top-1 {shown}", flush=True)
    out = args.json or args.run / "frontier.json"
    out.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
