"""Initial weights for the student from hemline-0.1.0: `git show` its checkpoint into a file first.

That network (EfficientNet-Lite0, trained on the labels alone) had the same trunk; its join
convolution read the trunk's last map and the GLEM map. The first part becomes the head
convolution, its heads become the first columns of the new ones, whatever else is new starts at
random. Writes a `best.pt` that a configuration's `weights` can name.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from training.labels import ROOT, load_labels
from training.networks.student import Student
from training.resume import save


def convert(old: dict[str, Tensor], student: Student) -> dict[str, Tensor]:
    """The tensors that the new student can take over."""
    own = student.state_dict()
    wide = old["join.conv.weight"].float()
    found = {"trunk._conv_head.weight": wide[:, : own["trunk._conv_head.weight"].shape[1]]}
    for part in ("weight", "bias", "running_mean", "running_var"):
        found[f"trunk._bn1.{part}"] = old[f"join.bn.{part}"].float()
    for name in ("category", *(f"attributes.{group}" for group in student.attributes)):
        head = torch.zeros_like(own[f"{name}.weight"])
        head[:, : wide.shape[0]] = old[f"{name}.weight"].float()
        found |= {f"{name}.weight": head, f"{name}.bias": old[f"{name}.bias"].float()}
    same = {
        name: tensor.float()
        for name, tensor in old.items()
        if name.startswith(("trunk.", "decoder.lateral.")) and own[name].shape == tensor.shape
    }
    return {**same, **found}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, help="hemline-0.1.0's student.safetensors")
    parser.add_argument("--out", type=Path, default=ROOT / "runs/first/best.pt")
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    tensors = convert(load_file(args.checkpoint), Student(load_labels()))
    save(args.out, {"model": tensors})
    print(f"{len(tensors)} tensors -> {args.out}")


if __name__ == "__main__":
    main()
