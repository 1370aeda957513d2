"""What more photographs would bring: the student trained on shares of them, several seeds.

`python -m training curve --seeds 2`. Every run takes as many steps as one on all photographs;
shares are drawn by the seed. The last epoch is scored on val and test, thresholds come from val.
Finished runs stand in runs.csv and are not repeated; stop and start as you like. `--seeds 0` only
writes the table and figure of what there is.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import torch

from training.ablation.report import Row, read_runs, write_rows
from training.config import Config, load_config, save_config
from training.data import drawn_count, served_split
from training.datasets.clothing import read_labels
from training.distill import load_run
from training.labels import ROOT, load_labels
from training.learning_curve_report import SPLITS, write_report
from training.predict import predict
from training.preprocess import load_preprocess
from training.runtime import device, keep_memory
from training.score import chosen_thresholds, score
from training.train import run as train

SHARES = (0.125, 0.25, 0.5, 1.0)


@torch.no_grad()
def scored(run: Path, negatives: Path) -> dict[str, float]:
    """Metrics named `val.*` and `test.*` of a run's last epoch."""
    last, where = load_run(run / "last.pt", load_labels()), device()
    record = dataclasses.replace(load_preprocess(), size=last.size)
    network = last.network.to(where)
    found: dict[str, float] = {}
    thresholds: dict[str, list[float]] = {}
    for name in SPLITS:
        split = served_split(name, record.size, negatives)
        p = predict(network, split.pictures, record, where)
        thresholds = thresholds or chosen_thresholds(p, split)
        found |= {f"{name}.{k}": v for k, v in score(p, split, thresholds).items()}
    return found


def run(
    base: Config, shares: list[float], seeds: int, out: Path, runs: Path, negatives: Path
) -> list[Row]:
    """Every share with every seed, seeds outermost, so that a stopped curve is balanced."""
    out.mkdir(parents=True, exist_ok=True)
    save_config(base, out / "config.json")
    rows = read_runs(out / "runs.csv")
    done = {(r["share"], r["seed"]) for r in rows}
    photographs = sum(p.split == "train" for p in read_labels())
    for seed in range(base.seed, base.seed + seeds):
        for share in shares:
            if (str(share), str(seed)) in done:
                continue
            count = str(drawn_count(share, photographs))
            print(f"{count} photographs, seed {seed}", flush=True)
            folder = runs / f"{share}-{seed}"
            config = dataclasses.replace(base, share=share, seed=seed)
            train(config, folder, negatives, load_preprocess())
            shown = {k: f"{v:.5f}" for k, v in scored(folder, negatives).items()}
            rows.append({"share": str(share), "photographs": count, "seed": str(seed), **shown})
            write_rows(rows, out / "runs.csv")
    write_report(rows, out)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=ROOT / "training/configs/student.toml")
    parser.add_argument("--out", type=Path, default=ROOT / "model/learning-curve")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs/learning-curve")
    parser.add_argument("--negatives", type=Path, default=ROOT / "runs/negatives")
    parser.add_argument("--seeds", type=int, default=2, help="how many")
    parser.add_argument("--shares", type=float, nargs="+", default=list(SHARES))
    parser.add_argument("--epochs", type=int, default=8, help="of all photographs")
    args = parser.parse_args()
    keep_memory()
    base = load_config(args.config, epochs=args.epochs)
    run(base, args.shares, args.seeds, args.out, args.runs, args.negatives)


if __name__ == "__main__":
    main()
