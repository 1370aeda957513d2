"""Train a network, teacher or student: `python -m training.train --help`.

A run's folder holds config.json, curves.csv, curves.png, best.pt and last.pt. Started again with
the same folder it goes on where it was, at most a minute before the moment it was stopped.
"""

from __future__ import annotations

import argparse
import copy
import csv
import dataclasses
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from training.augment import augment
from training.config import Config, load_config, save_config, with_options
from training.data import Split, load_split
from training.datasets.clothing import read_labels
from training.datasets.targets import UNKNOWN, Targets
from training.labels import ROOT, load_labels
from training.losses import joint_loss
from training.metrics import report, top_k
from training.networks.build import Tagger, build_network
from training.networks.trunks import TRUNKS
from training.plots import plot_curves
from training.predict import predict
from training.preprocess import Preprocess, load_preprocess
from training.resume import Keeper, Progress, save, step_seed
from training.runtime import device, keep_memory, seed_everything


def parameter_groups(model: Tagger, config: Config) -> list[dict[str, Any]]:
    """Trunk, new layers, heads at their own rates; no decay on biases and batch norms."""
    o = config.optimiser
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        factor = 1.0
        if name.startswith(model.PRETRAINED) and config.network.weights != "none":
            factor = o.trunk_factor
        elif name.startswith(model.HEADS):
            factor = o.heads_factor
        decay = o.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((factor, decay), []).append(parameter)
    return [
        {"params": params, "lr": o.learning_rate * factor, "factor": factor, "weight_decay": decay}
        for (factor, decay), params in groups.items()
    ]


def rate(epoch: float, config: Config) -> float:
    """Linear warm-up, then cosine to 1% of the learning rate; `epoch` may be fractional."""
    if epoch < config.warmup_epochs:
        return max(epoch, 1e-3) / config.warmup_epochs
    t = (epoch - config.warmup_epochs) / max(config.epochs - config.warmup_epochs, 1)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(t, 1)))


@torch.no_grad()
def update_average(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Exponential moving average of weights and batch-norm statistics, short at first."""
    decay = min(decay, (1 + step) / (10 + step))
    for a, m in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if a.dtype.is_floating_point:
            a.lerp_(m, 1 - decay)
        else:
            a.copy_(m)


def epoch_order(split: Split, negatives: int, rng: torch.Generator) -> torch.Tensor:
    """All photographs and a fresh draw of the pictures without a garment, shuffled."""
    n = len(split.photos)
    extra = torch.randperm(split.negatives, generator=rng)[:negatives] + n
    order = torch.cat([torch.arange(n), extra])
    return order[torch.randperm(len(order), generator=rng)]


def train_epoch(
    model: Tagger,
    average: Tagger,
    optimiser: torch.optim.Optimizer,
    split: Split,
    config: Config,
    record: Preprocess,
    epoch: int,
    where: torch.device,
    keeper: Keeper,
) -> None:
    """One pass, from `keeper.progress.step` on. The order is seeded by (seed, epoch), all else by
    (seed, epoch, step), so a resumed run draws what an unbroken one draws.
    """
    rng = torch.Generator().manual_seed(config.seed * 1000 + epoch)
    order = epoch_order(split, config.negatives_per_epoch, rng)
    steps = max(len(order) // config.batch, 1)
    first, terms_so_far = keeper.progress.step, keeper.progress.terms
    model.train()
    start = time.monotonic()
    for step in range(first, steps):
        seed = step_seed(config.seed, epoch, step)
        rng.manual_seed(seed)
        torch.manual_seed(seed)  # dropout and stochastic depth
        index = order[step * config.batch : (step + 1) * config.batch]
        target: Targets = split.targets[index]
        pictures = torch.from_numpy(split.pictures[np.asarray(index)]).to(where)
        x, points, seen = augment(
            pictures,
            split.aspect[index],
            target.points,
            target.seen,
            record.size,
            config.augment,
            rng,
        )
        target = dataclasses.replace(target, points=points, seen=seen).to(where)
        x = ((x - record.mean) / record.scale).to(memory_format=torch.channels_last)
        factor = rate(epoch + step / steps, config)
        for group in optimiser.param_groups:
            group["lr"] = config.optimiser.learning_rate * group["factor"] * factor
        with torch.autocast(where.type, torch.bfloat16, enabled=where.type == "cuda"):
            out = model(x)
        terms = joint_loss(out, target, config.loss)
        optimiser.zero_grad(set_to_none=True)
        terms["total"].backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), config.optimiser.clip)
        optimiser.step()
        update_average(average, model, config.optimiser.ema, epoch * steps + step)
        for name, value in terms.items():
            terms_so_far[name] = terms_so_far.get(name, 0.0) + float(value.detach()) / steps
        keeper.step_done()
        if step % 20 == 19:
            pace = (time.monotonic() - start) / (step + 1 - first)
            left = pace * (steps - step - 1 + steps * (config.epochs - epoch - 1))
            print(
                f"epoch {epoch + 1}/{config.epochs} step {step + 1}/{steps} "
                f"loss {terms['total'].item():.3f}, about {left / 60:.0f} min left",
                flush=True,
            )


def evaluate_split(
    model: nn.Module,
    split: Split,
    record: Preprocess,
    where: torch.device,
    thresholds: dict[str, list[float]] | None = None,
) -> dict[str, float]:
    """Metrics of the photographs, and how many of the others are called `none`."""
    p = predict(model, split.pictures, record, where)
    n, t = len(split.photos), split.targets
    none = p.category.argmax(1) == load_labels().category.index("none")
    rows = {k: v[:n] for k, v in p.attributes.items()}
    photos = type(p)(p.category[:n], rows, p.landmarks[:n], p.presence[:n], p.color[:n])
    out = report(
        photos,
        t.category[:n].numpy(),
        {g: v[:n].double().numpy() for g, v in t.attributes.items()},
        t.attributes_known[:n].double().numpy(),
        t.points[:n].double().numpy(),
        t.seen[:n].double().numpy(),
        thresholds,
    )
    colored = t.color[:n] != UNKNOWN
    out["main_color"] = top_k(p.color[:n][colored], t.color[:n][colored].numpy(), 1)
    out["none_rate"] = float(none[n:].mean()) if split.negatives else float("nan")
    out["garments_called_none"] = float(none[:n].mean())
    return out


def run(config: Config, out: Path, negatives: Path, record: Preprocess) -> None:
    labels, where = load_labels(), device()
    record = dataclasses.replace(record, size=config.network.size or record.size)
    photos = read_labels()
    train = load_split(
        [p for p in photos if p.split == "train"],
        negatives / "train",
        labels,
        record.size,
        exact=False,
    )
    val = load_split(
        [p for p in photos if p.split == "val"], negatives / "val", labels, record.size, exact=True
    )
    print(
        f"{len(train.photos)} photographs and {train.negatives} without a garment to train on, "
        f"{len(val.photos)} and {val.negatives} to choose by, on {where}"
    )
    seed_everything(config.seed)
    model = build_network(config, labels)
    if config.network.weights == "imagenet":
        model.load_pretrained()
    elif config.network.weights != "none":
        start = torch.load(ROOT / config.network.weights, map_location="cpu", weights_only=True)
        model.load_state_dict(start["model"], strict=False)  # new heads begin untrained
    model = model.to(where)
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = copy.deepcopy(model).requires_grad_(False)
    optimiser = torch.optim.AdamW(parameter_groups(model, config))
    curves: list[dict[str, float]] = []
    progress = Progress()
    out.mkdir(parents=True, exist_ok=True)
    save_config(config, out / "config.json")
    last = out / "last.pt"
    if last.exists():
        state = torch.load(last, map_location=where, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        curves = state["curves"]
        progress = Progress(**state.get("progress", {}))
        print(f"going on after epoch {len(curves)}, step {progress.step} of the next")

    def state_now() -> dict[str, Any]:
        return {
            "model": model.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "curves": curves,
        }

    keeper = Keeper(last, state_now, progress)
    for epoch in range(len(curves), config.epochs):
        train_epoch(model, average, optimiser, train, config, record, epoch, where, keeper)
        metrics = evaluate_split(average, val, record, where)
        keeper.tick()
        best = max((row["choice"] for row in curves), default=-math.inf)
        curves.append(
            {
                "epoch": epoch + 1,
                "seconds": round(keeper.progress.seconds, 1),
                **{f"loss_{k}": v for k, v in keeper.progress.terms.items()},
                **metrics,
            }
        )
        print(" ".join(f"{k} {v:.3f}" for k, v in metrics.items()), flush=True)
        if metrics["choice"] > best:
            save(
                out / "best.pt",
                {"model": average.state_dict(), "metrics": metrics, "epoch": epoch + 1},
            )
        keeper.epoch_done()
        with (out / "curves.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(curves[0]))
            writer.writeheader()
            writer.writerows(curves)
        plot_curves(curves, out / "curves.png")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=ROOT / "training/configs/student.toml")
    parser.add_argument("--out", type=Path, default=ROOT / "runs/student")
    parser.add_argument(
        "--negatives",
        type=Path,
        default=ROOT / "runs/negatives",
        help="made by python -m training.datasets.negatives",
    )
    parser.add_argument("--epochs", type=int, help="instead of the configuration's")
    parser.add_argument("--trunk", choices=TRUNKS, help="of a [landmark_feature] configuration")
    parser.add_argument("--weights", help='"imagenet", "none", or a run\'s best.pt')
    parser.add_argument("--size", type=int, help="the input's side, a multiple of 32")
    args = parser.parse_args()
    keep_memory("training.train")
    config = load_config(args.config, epochs=args.epochs)
    config = with_options(config, args.trunk, args.weights, args.size)
    run(config, args.out, args.negatives, load_preprocess())


if __name__ == "__main__":
    main()
