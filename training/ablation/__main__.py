"""How landmarks should reach recognition: every variant, several seeds, one table and figure.

`python -m training ablation --seeds 3`. The trunk is frozen at its ImageNet weights and its maps
of a few fixed augmented views are cached, so only the heads are trained: cheap enough for a CPU,
but a smaller experiment than training everything. Finished runs stand in runs.csv and are not
repeated; stop and start as you like. `--seeds 0` only writes the table and figure of what there is.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path

import torch

from training.ablation.maps import Maps, as_served, augmented, cached_maps
from training.ablation.report import Row, read_runs, write_report, write_rows
from training.ablation.trial import trial
from training.ablation.variants import VARIANTS, configured
from training.config import Config, load_config, save_config
from training.data import Split, load_split
from training.datasets.clothing import read_labels
from training.labels import ROOT, load_labels
from training.networks.trunks import LiteTrunk, build_trunk
from training.preprocess import Preprocess, load_preprocess
from training.runtime import device, keep_memory


def load(
    config: Config, record: Preprocess, views: int, cache: Path, where: torch.device
) -> tuple[dict[str, Split], dict[str, Maps]]:
    """Splits without pictures that show no garment, and their maps."""
    labels, photos = load_labels(), read_labels()
    assert config.landmark_feature is not None
    trunk = build_trunk(config.landmark_feature.trunk, 0.0)
    if not isinstance(trunk, LiteTrunk):
        raise ValueError("the ablation caches an EfficientNet-Lite trunk's maps")
    torch.manual_seed(config.seed)
    if config.network.weights == "imagenet":
        trunk.load_pretrained()
    trunk = trunk.to(where)
    splits, maps = {}, {}
    for name in ("train", "val", "test"):
        own = [p for p in photos if p.split == name]
        split = load_split(own, None, labels, record.size, exact=name != "train")
        draws = (
            [augmented(split, config, record, view) for view in range(views)]
            if name == "train"
            else [as_served(split, record)]
        )
        what = {
            "trunk": trunk.name,
            "weights": config.network.weights,
            "record": dataclasses.asdict(record),
            "augment": dataclasses.asdict(config.augment),
            "seed": config.seed,
            "split": name,
        }
        splits[name], maps[name] = split, cached_maps(trunk, split, draws, cache, what)
    return splits, maps


def run(
    base: Config, variants: list[str], seeds: int, views: int, out: Path, cache: Path
) -> list[Row]:
    """Every variant with every seed, seeds outermost, so that a stopped ablation is balanced."""
    record = dataclasses.replace(
        load_preprocess(), size=base.network.size or load_preprocess().size
    )
    labels, where = load_labels(), device()
    out.mkdir(parents=True, exist_ok=True)
    save_config(base, out / "config.json")
    runs = read_runs(out / "runs.csv")
    done = {(r["variant"], int(r["seed"])) for r in runs}
    wanted = [(v, base.seed + s) for s in range(seeds) for v in variants]
    todo = [pair for pair in wanted if pair not in done]
    splits, maps = load(base, record, views, cache, where) if todo else ({}, {})
    start = time.monotonic()
    for i, (name, seed) in enumerate(todo):
        config = configured(base, VARIANTS[name], seed)
        metrics = trial(config, labels, maps, splits, where)
        shown = {k: f"{v:.5f}" if isinstance(v, float) else str(v) for k, v in metrics.items()}
        runs.append({"variant": name, "seed": str(seed), "views": str(views), **shown})
        write_rows(runs, out / "runs.csv")
        left = (time.monotonic() - start) / (i + 1) * (len(todo) - i - 1)
        print(
            f"{i + 1}/{len(todo)} {name} seed {seed}: val top-1 {metrics['val.category_top1']:.3f} "
            f"in {metrics['cpu_seconds']:.0f} s of CPU, about {left / 60:.0f} min left",
            flush=True,
        )
    if runs:
        write_report(runs, out)
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=ROOT / "training/configs/ablation.toml")
    parser.add_argument("--out", type=Path, default=ROOT / "model/ablation")
    parser.add_argument("--cache", type=Path, default=ROOT / "runs/ablation")
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    parser.add_argument("--views", type=int, default=3, help="augmented views a photograph")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--epochs", type=int, help="instead of the configuration's")
    args = parser.parse_args()
    keep_memory()
    base = load_config(args.config, epochs=args.epochs)
    run(base, args.variants, args.seeds, args.views, args.out, args.cache)


if __name__ == "__main__":
    main()
