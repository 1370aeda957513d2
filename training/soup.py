"""The mean of several runs' weights: `python -m training soup RUN RUN… --out FOLDER`.

Runs that began with the same weights end in one basin, and the mean of their weights answers about
as their ensemble does, at the price of one network (Wortsman et al. 2022, "Model soups").
Writes FOLDER/best.pt, the first run's config.json and dimensions beside it, and every run's record
(configuration, machine, curves) in a folder of the run's name.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training.labels import ROOT
from training.networks.dimensions import RUN_FILE
from training.resume import copy_record, save


def mean_of_states(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Name by name; counters are the first's. Raises `ValueError` naming what does not fit."""
    first = states[0]
    for other in states[1:]:
        wrong = sorted(first.keys() ^ other.keys())
        wrong += [n for n in first.keys() & other.keys() if first[n].shape != other[n].shape]
        if wrong:
            raise ValueError(f"runs of different networks: {', '.join(wrong[:3])}")
    return {
        name: torch.stack([s[name].float() for s in states]).mean(0)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in first.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a folder with best.pt")
    parser.add_argument("--out", type=Path, default=ROOT / "runs/soup")
    args = parser.parse_args()
    runs: list[Path] = args.runs
    missing = [run / "best.pt" for run in runs if not (run / "best.pt").exists()]
    if missing:
        sys.exit(f"soup: no {', '.join(map(str, missing))}")
    if len({run.name for run in runs}) < max(len(runs), 2):
        sys.exit("soup: name two runs or more, whose folders have different names")
    states: list[dict[str, Any]] = [
        torch.load(run / "best.pt", map_location="cpu", weights_only=True) for run in runs
    ]
    untrained = [str(run) for run, s in zip(runs, states, strict=True) if "epoch" not in s]
    if untrained:
        sys.exit(f"soup: no runs that were trained: {', '.join(untrained)}")
    try:
        mean = mean_of_states([state["model"] for state in states])
    except ValueError as error:
        sys.exit(f"soup: {error}")
    args.out.mkdir(parents=True, exist_ok=True)
    for file in ("config.json", RUN_FILE):
        if (runs[0] / file).exists():
            shutil.copy(runs[0] / file, args.out / file)
    for run in runs:
        copy_record(run, args.out / run.name)
    epochs = {run.name: state["epoch"] for run, state in zip(runs, states, strict=True)}
    save(args.out / "best.pt", {"model": mean, "mean_of": epochs})
    print(f"the mean of {', '.join(map(str, runs))}: {args.out / 'best.pt'}")


if __name__ == "__main__":
    main()
