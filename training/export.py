"""Write the checkpoint that the build reads: `python -m training.export --help`.

- model/checkpoint/student.safetensors: weights, ranges, thresholds, temperatures
  (training/checkpoint.py).
- model/checkpoint/run/: the run's configuration, curves, and metrics of val.
- model/checkpoint/golden.safetensors: drawn inputs [n,size,size,3] uint8, this network's float
  outputs for them, and what its integer trunk hands out: `int8.s8` and `int8.s16`, uint8
  [n,h,w,c], and `int8.pooled`, float32 [n,c].
- runs/eval/val.safetensors: the val split as served, its labels and this network's outputs;
  photographs, so never committed.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from training.calibration import category_temperature, group_temperature, tempered
from training.checkpoint import Choices, rounded, save_checkpoint
from training.data import Split, load_split, served_split
from training.datasets.clothing import read_labels
from training.datasets.negatives import drawn
from training.int8.calibrate import calibrate
from training.int8.network import IntegerStudent, IntegerTrunk, Ranges
from training.labels import ROOT, Labels, load_labels
from training.metrics import Predictions
from training.networks.student import Student
from training.predict import predict
from training.preprocess import Preprocess, area_resize, load_preprocess, normalise
from training.resume import copy_record
from training.score import chosen_thresholds, score

GOLDEN = 6
CALIBRATION = 256  # training photographs that ranges are calibrated on


def golden_inputs(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """[GOLDEN,size,size,3] uint8: drawn pictures, the same on every machine."""
    rng = random.Random(20)
    pictures = [np.asarray(drawn(rng).convert("RGB")) for _ in range(GOLDEN - 1)]
    noise = np.random.default_rng(20).integers(0, 256, (size, size, 3), np.uint8)
    return np.stack([*(area_resize(p, size) for p in pictures), noise])


@torch.no_grad()
def logits(model: Student, pictures: Any, record: Preprocess) -> dict[str, Tensor]:
    """Every output of the network by name, float32, for pictures [n,size,size,3]."""
    parts: dict[str, list[Tensor]] = {}
    for start in range(0, len(pictures), 64):
        out = model(torch.from_numpy(normalise(pictures[start : start + 64], record)))
        named = {
            "category": out.category,
            **out.attributes,
            "heatmaps": out.heatmaps,
            "landmarks": out.landmarks,
            "presence": out.presence,
        }
        for name, value in named.items():
            parts.setdefault(name, []).append(value)
    return {name: torch.cat(p).contiguous() for name, p in parts.items()}


def integer_outputs(model: Student, ranges: Ranges, pictures: Any) -> dict[str, Tensor]:
    """What the integer trunk hands out for pictures [n,size,size,3]."""
    trunk = IntegerTrunk(model.trunk, ranges)
    bytes_in = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    values, maps = trunk.integers(bytes_in), trunk(bytes_in)
    return {
        **{
            f"int8.{name}": values[tap].permute(0, 2, 3, 1).to(torch.uint8).contiguous()
            for name, tap in (("s8", trunk.taps.s8), ("s16", trunk.taps.s16))
        },
        "int8.pooled": maps.pooled.contiguous(),
    }


def write_evaluation(
    model: Student, split: Split, record: Preprocess, digest: str, path: Path
) -> None:
    """The val split as tensors, for the build's comparison of quantised and float."""
    t = split.targets
    tensors = {
        "pictures": torch.from_numpy(np.array(split.pictures)),
        "target.category": t.category,
        **{f"target.{g}": v.to(torch.uint8) for g, v in t.attributes.items()},
        "target.attributes_known": t.attributes_known.to(torch.uint8),
        **{
            f"output.{k}": v
            for k, v in logits(model, split.pictures, record).items()
            if k != "heatmaps"
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    # Of the checkpoint it belongs to, as in the golden file.
    save_file(tensors, path, metadata={"tensors_sha256": digest})


def calibrated_ranges(model: Student, record: Preprocess) -> dict[str, tuple[float, float]]:
    """From training photographs as served, for a network that never learnt its ranges."""
    photos = [p for p in read_labels() if p.split == "train"][:CALIBRATION]
    split = load_split(photos, None, load_labels(), record.size, exact=True)
    x = torch.from_numpy(normalise(split.pictures[:], record))
    return calibrate(model.trunk, list(torch.split(x, 64)))


def choose(p: Predictions, split: Split) -> Choices:
    """Temperatures and thresholds, on the photographs of val."""
    t = split.targets
    rows = t.attributes_known.numpy() > 0
    target = {g: v.double().numpy()[rows] for g, v in t.attributes.items()}
    temperatures = {
        "category": category_temperature(p.category, t.category.numpy()),
        **{g: group_temperature(p.attributes[g][rows], v) for g, v in target.items()},
    }
    thresholds = chosen_thresholds(tempered(p, temperatures), split)
    return Choices({**thresholds, "presence": 0.5}, temperatures)


def export(
    model: Student,
    ranges: Ranges,
    choices: Choices,
    labels: Labels,
    record: Preprocess,
    folder: Path,
) -> str:
    """Checkpoint and golden file; returns the tensors' digest."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = save_checkpoint(model, ranges, choices, record, labels, folder / "student.safetensors")
    inputs = golden_inputs(record.size)
    save_file(
        {
            "inputs": torch.from_numpy(inputs),
            **logits(model, inputs, record),
            **integer_outputs(model, ranges, inputs),
        },
        folder / "golden.safetensors",
        # Of the checkpoint it belongs to. One key: safetensors writes several in any order.
        metadata={"tensors_sha256": digest},
    )
    return digest


def val_metrics(row: dict[str, float]) -> dict[str, float]:
    """What a row of the curves says of val."""
    return {
        k: v
        for k, v in row.items()
        if k not in ("epoch", "seconds", "pictures") and "loss_" not in k
    }


def pace(run: Path) -> dict[str, Any]:
    """How long a run took, and how fast it was."""
    with (run / "curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    seconds = sum(float(row["seconds"]) for row in rows)
    pictures = sum(float(row.get("pictures", 0)) for row in rows)
    return {"seconds": round(seconds), "pictures_per_second": round(pictures / seconds, 1)}


def write_record(run: Path, state: dict[str, Any], val: dict[str, float], folder: Path) -> None:
    """What anybody needs to judge or repeat the run, beside the checkpoint.

    Of a mean of runs: each one's, in folders of their names. `val`: metrics of what is exported.
    """

    def keep(own: Path, epoch: int, where: Path) -> dict[str, Any]:
        copy_record(own, where)
        return {"epoch": epoch, **pace(own)}

    if "mean_of" in state:
        epochs: dict[str, int] = state["mean_of"]
        facts = {"mean_of": {n: keep(run / n, e, folder / n) for n, e in epochs.items()}}
    else:
        facts = keep(run, state["epoch"], folder)
    kept = {k: round(v, 5) for k, v in val.items() if k != "choice" and not math.isnan(v)}
    (folder / "metrics.json").write_text(json.dumps({**facts, "val": kept}, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=ROOT / "runs/qat")
    parser.add_argument(
        "--last", action="store_true", help="the last epoch instead of the one that was best on val"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "model/checkpoint")
    parser.add_argument("--evaluation", type=Path, default=ROOT / "runs/eval/val.safetensors")
    parser.add_argument(
        "--random",
        action="store_true",
        help="an untrained network (seed 0), to try the build; writes no evaluation file",
    )
    args = parser.parse_args()
    labels, record = load_labels(), load_preprocess()
    torch.manual_seed(0)
    model = Student(labels)
    if args.random:
        x = torch.from_numpy(normalise(golden_inputs(record.size), record))
        model = rounded(model)
        ranges = calibrate(model.trunk, [x])
        export(model, ranges, Choices.none(labels), labels, record, args.out)
        return
    state = torch.load(args.run / "best.pt", map_location="cpu", weights_only=True)
    if args.last:
        last = torch.load(args.run / "last.pt", map_location="cpu", weights_only=True)
        row = last["curves"][-1]
        state = {**last["result"], "epoch": row["epoch"], "metrics": val_metrics(row)}
    model.load_state_dict(state["model"])
    model = rounded(model)
    ranges = state.get("ranges") or calibrated_ranges(model, record)
    split = served_split("val", record.size, None)
    served = IntegerStudent(model, ranges).eval()
    said = predict(served, split.pictures, record, torch.device("cpu"))
    choices = choose(said, split)
    digest = export(model, ranges, choices, labels, record, args.out)
    val = state.get("metrics") or score(said, split)
    write_record(args.run, state, val, args.out / "run")
    write_evaluation(model, split, record, digest, args.evaluation)
    print(f"{state.get('mean_of', state.get('epoch'))} of {args.run} -> {args.out}")


if __name__ == "__main__":
    main()
