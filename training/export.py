"""Write the checkpoint that the build reads: `python -m training.export --help`.

- model/checkpoint/student.safetensors: weights (matrices in half precision, vectors in single)
  and, under the metadata key `hemline`, a JSON object: format, version, labels digest and heads,
  size, thresholds, digest of the tensors.
- model/checkpoint/run/: the run's configuration, curves, and metrics of val.
- model/checkpoint/golden.safetensors: drawn inputs and this network's outputs for them.
- runs/eval/val.safetensors: the val split as served, its labels and this network's outputs;
  photographs, so never committed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from training.data import load_split
from training.datasets.clothing import read_labels
from training.datasets.negatives import drawn
from training.labels import ROOT, Labels, load_labels
from training.metrics import choose_thresholds
from training.networks.student import Student
from training.predict import predict
from training.preprocess import Preprocess, area_resize, load_preprocess, normalise

VERSION = "hemline-0.1.0"
FORMAT = 1
GOLDEN = 6
# Trained along, never served: the main colour is named from pixels (model/MODEL_CARD.md).
AUXILIARY = "color."


def checkpoint_tensors(model: Student) -> dict[str, Tensor]:
    """Weights as stored. Vectors (biases, batch norms) stay float32: they are small and exact."""
    return {
        name: (t.half() if t.ndim > 1 else t.float()).contiguous().clone()
        for name, t in model.state_dict().items()
        if not name.endswith("num_batches_tracked") and not name.startswith(AUXILIARY)
    }


def rounded(model: Student) -> Student:
    """The same network with the weights that the checkpoint holds."""
    model.load_state_dict(
        {name: t.float() for name, t in checkpoint_tensors(model).items()}, strict=False
    )
    return model.eval()


def tensors_digest(tensors: dict[str, Tensor]) -> str:
    """SHA-256 over name and bytes of every tensor, by name: a damaged file shows."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()


def metadata(
    labels: Labels, record: Preprocess, thresholds: dict[str, Any], digest: str
) -> dict[str, str]:
    return {
        "hemline": json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "labels_digest": labels.digest,
                "heads": {"category": labels.category, **labels.attributes},
                "landmarks": labels.landmarks,
                "size": record.size,
                "thresholds": thresholds,
                "tensors_sha256": digest,
            },
            sort_keys=True,
        )
    }


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


def write_evaluation(model: Student, labels: Labels, record: Preprocess, path: Path) -> None:
    """The val split as tensors, for the build's comparison of quantised and float."""
    photos = [p for p in read_labels() if p.split == "val"]
    split = load_split(photos, None, labels, record.size, exact=True)
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
    save_file(tensors, path, metadata={"tensors_sha256": tensors_digest(checkpoint_tensors(model))})


def val_thresholds(model: Student, labels: Labels, record: Preprocess) -> dict[str, Any]:
    """Per label, chosen on val; plus the presence score from which a landmark is returned."""
    photos = [p for p in read_labels() if p.split == "val"]
    split = load_split(photos, None, labels, record.size, exact=True)
    p = predict(model, split.pictures, record, torch.device("cpu"))
    rows = split.targets.attributes_known.numpy() > 0
    return {
        **{
            g: choose_thresholds(p.attributes[g][rows], t.double().numpy()[rows])
            for g, t in split.targets.attributes.items()
        },
        "presence": 0.5,
    }


def export(
    model: Student, thresholds: dict[str, Any], labels: Labels, record: Preprocess, folder: Path
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = checkpoint_tensors(model)
    digest = tensors_digest(tensors)
    meta = metadata(labels, record, thresholds, digest)
    save_file(tensors, folder / "student.safetensors", metadata=meta)
    inputs = golden_inputs(record.size)
    outputs = logits(model, inputs, record)
    save_file(
        {"inputs": torch.from_numpy(inputs), **outputs},
        folder / "golden.safetensors",
        # Of the checkpoint it belongs to. One key: safetensors writes several in any order.
        metadata={"tensors_sha256": digest},
    )


def val_metrics(row: dict[str, float]) -> dict[str, float]:
    """What a row of the curves says of val."""
    return {k: v for k, v in row.items() if k not in ("epoch", "seconds") and "loss_" not in k}


def write_record(run: Path, state: dict[str, Any], folder: Path) -> None:
    """What anybody needs to judge or repeat the run, beside the checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "curves.csv", "curves.png"):
        shutil.copyfile(run / name, folder / name)
    with (run / "curves.csv").open() as file:
        seconds = sum(float(row["seconds"]) for row in csv.DictReader(file))
    facts = {
        "epoch": state["epoch"],
        "seconds": round(seconds),
        "torch": torch.__version__,
        "val": {k: round(v, 5) for k, v in state["metrics"].items() if k != "choice"},
    }
    (folder / "metrics.json").write_text(json.dumps(facts, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=ROOT / "runs/student")
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
        half = {g: [0.5] * len(ids) for g, ids in labels.attributes.items()}
        export(rounded(model), {**half, "presence": 0.5}, labels, record, args.out)
        return
    state = torch.load(args.run / "best.pt", map_location="cpu", weights_only=True)
    if args.last:
        last = torch.load(args.run / "last.pt", map_location="cpu", weights_only=True)
        row = last["curves"][-1]
        state = {"model": last["average"], "epoch": row["epoch"], "metrics": val_metrics(row)}
    model.load_state_dict(state["model"])
    model = rounded(model)
    export(model, val_thresholds(model, labels, record), labels, record, args.out)
    write_record(args.run, state, args.out / "run")
    write_evaluation(model, labels, record, args.evaluation)
    print(f"epoch {state['epoch']} of {args.run} -> {args.out}")


if __name__ == "__main__":
    main()
