"""Score the checkpoint or a run on a split: `python -m training.evaluate --help`.

Clothing: pictures are prepared as served; thresholds are the checkpoint's, or for a run those
chosen on val.
DeepFashion (`--dataset deepfashion --run RUN --split test`, HEMLINE_DEEPFASHION names the folder):
the paper's Tables 1 and 2, the published rows beside ours.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import torch
from torch import nn

from training.averaging import predict_averaged
from training.benchmark import benchmark, tables
from training.calibration import tempered
from training.checkpoint import load_checkpoint
from training.data import Split, deepfashion_split, served_split
from training.datasets.deepfashion import deepfashion_folder, read_deepfashion
from training.distill import load_run
from training.labels import ROOT, Labels, load_labels
from training.metrics import Predictions
from training.networks.build import Tagger
from training.predict import predict
from training.preprocess import Preprocess, load_preprocess
from training.runtime import device
from training.score import chosen_thresholds, score


def evaluate_clothing(args: argparse.Namespace) -> None:
    checkpoint = load_checkpoint(args.checkpoint)
    thresholds = {g: checkpoint.choices.thresholds[g] for g in load_labels().attributes}
    record = load_preprocess()
    split = served_split(args.split, record.size, args.negatives)
    p = tempered(answers(args, checkpoint.model, split, record), checkpoint.choices.temperatures)
    metrics = score(p, split, thresholds)
    metrics.pop("main_color")  # of a head that only helps training and is in no checkpoint
    report(args, checkpoint.version, metrics)


def evaluate_run(args: argparse.Namespace) -> None:
    """Thresholds are chosen on val."""
    network, record, file = run_network(args, load_labels())
    val = served_split("val", record.size, args.negatives)
    on_val = answers(args, network, val, record)
    thresholds = chosen_thresholds(on_val, val)
    split, p = val, on_val
    if args.split != "val":
        split = served_split(args.split, record.size, args.negatives)
        p = answers(args, network, split, record)
    report(args, str(file), score(p, split, thresholds))


def evaluate_deepfashion(args: argparse.Namespace) -> None:
    """The paper's Tables 1 and 2."""
    data = read_deepfashion(deepfashion_folder())
    network, record, file = run_network(args, data.labels)
    split = deepfashion_split(data, args.split, record.size, exact=True)
    metrics = benchmark(answers(args, network, split, record), split)
    print(f"{file} on {args.split}: {len(split.photos)} pictures\n")
    print(tables(metrics, f"ours ({file.parent.name}, {args.split})"))
    write_json(args, str(file), metrics)


def run_network(args: argparse.Namespace, labels: Labels) -> tuple[Tagger, Preprocess, Path]:
    """A run's network, how its pictures are prepared, and the file."""
    run = args.run or ROOT / "runs/deepfashion"
    file = run if run.suffix == ".pt" else run / "best.pt"
    found = load_run(file, labels)
    return found.network, dataclasses.replace(load_preprocess(), size=found.size), file


def answers(
    args: argparse.Namespace, network: nn.Module, split: Split, record: Preprocess
) -> Predictions:
    where = device()
    how = predict_averaged if args.mirror else predict
    return how(network.to(where), split.pictures, record, where)


def report(args: argparse.Namespace, name: str, metrics: dict[str, float]) -> None:
    metrics.pop("choice")
    width = max(map(len, metrics))
    print(f"{name} on {args.split}")
    for key, value in metrics.items():
        print(f"{key:<{width}}  {value:.4f}")
    write_json(args, name, metrics)


def write_json(args: argparse.Namespace, name: str, metrics: dict[str, float]) -> None:
    if args.json:
        result = {"version": name, "split": args.split, **metrics}
        args.json.write_text(json.dumps(result, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--dataset", choices=("clothing", "deepfashion"), default="clothing")
    parser.add_argument(
        "--checkpoint", type=Path, default=ROOT / "model/checkpoint/student.safetensors"
    )
    parser.add_argument("--run", type=Path, help="a run's folder (its best.pt), or a .pt file")
    parser.add_argument(
        "--mirror",
        action="store_true",
        help="average over each picture and its mirror image (for teachers; not served)",
    )
    parser.add_argument("--split", choices=("train", "val", "test"), default="val")
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--json", type=Path, help="write the metrics here, too")
    args = parser.parse_args()
    with torch.no_grad():
        if args.dataset == "deepfashion":
            evaluate_deepfashion(args)
        elif args.run is not None:
            evaluate_run(args)
        else:
            evaluate_clothing(args)


if __name__ == "__main__":
    main()
