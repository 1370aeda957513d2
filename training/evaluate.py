"""Score the checkpoint, or a run on DeepFashion: `python -m training.evaluate --help`.

Clothing: pictures are prepared as served; thresholds are those of the checkpoint.
DeepFashion (`--dataset deepfashion --run RUN --split test`, HEMLINE_DEEPFASHION names the folder):
the paper's Tables 1 and 2, the published rows beside ours.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import torch

from training.benchmark import benchmark, tables
from training.checkpoint import load_checkpoint
from training.config import load_config
from training.data import deepfashion_split, load_split
from training.datasets.clothing import read_labels
from training.datasets.deepfashion import deepfashion_folder, read_deepfashion
from training.labels import ROOT, load_labels
from training.networks.build import build_network
from training.predict import predict
from training.preprocess import load_preprocess
from training.runtime import device
from training.score import evaluate_split


def evaluate_clothing(args: argparse.Namespace) -> None:
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


def evaluate_deepfashion(args: argparse.Namespace) -> None:
    """The paper's Tables 1 and 2, for a run's best epoch on the benchmark's val partition."""
    config = load_config(args.run / "config.json")
    data = read_deepfashion(deepfashion_folder())
    served = load_preprocess()
    record = dataclasses.replace(served, size=config.network.size or served.size)
    network = build_network(config, data.labels)
    state = torch.load(args.run / "best.pt", map_location="cpu", weights_only=True)
    network.load_state_dict(state["model"])
    split = deepfashion_split(data, args.split, record.size, exact=True)
    where = device()
    metrics = benchmark(predict(network.to(where), split.pictures, record, where), split)
    print(f"{args.run}, epoch {state['epoch']}, on {args.split}: {len(split.photos)} pictures\n")
    print(tables(metrics, f"ours ({args.run.name}, {args.split})"))
    if args.json:
        result = {"run": str(args.run), "split": args.split, **metrics}
        args.json.write_text(json.dumps(result, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--dataset", choices=("clothing", "deepfashion"), default="clothing")
    parser.add_argument(
        "--checkpoint", type=Path, default=ROOT / "model/checkpoint/student.safetensors"
    )
    parser.add_argument(
        "--run",
        type=Path,
        default=ROOT / "runs/deepfashion",
        help="with --dataset deepfashion: the run to score (config.json, best.pt)",
    )
    parser.add_argument("--split", choices=("train", "val", "test"), default="val")
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--json", type=Path, help="write the metrics here, too")
    args = parser.parse_args()
    with torch.no_grad():
        (evaluate_deepfashion if args.dataset == "deepfashion" else evaluate_clothing)(args)


if __name__ == "__main__":
    main()
