"""Train a network, teacher or student: `python -m training teacher|distill|qat --help`.

A run's folder holds config.json, curves.csv, curves.png, best.pt and last.pt. Started again with
the same folder it goes on where it was, at most a minute before the moment it was stopped.
With `torchrun --nproc-per-node N -m training …` several processes share every batch.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from training.benchmark import benchmark
from training.config import Config, load_config, with_options
from training.data import Split, deepfashion_split, drawn_count, fewer, load_split
from training.datasets.clothing import read_labels
from training.datasets.deepfashion import deepfashion_folder, read_deepfashion
from training.distill import load_teachers
from training.distributed import World, first_before_others, join_world, leave_world
from training.int8.fake import FakeQuantStudent
from training.int8.network import IntegerStudent
from training.int8.prepare import calibrated_ranges, refresh_norms
from training.labels import ROOT, Labels, load_labels
from training.loop import Loop, Metrics
from training.networks.build import Tagger, build_network
from training.networks.dimensions import save_dimensions
from training.networks.student import Student
from training.networks.trunks import TRUNKS
from training.predict import predict
from training.preprocess import Preprocess, load_preprocess
from training.runtime import device, keep_memory, prepare_cuda, seed_everything
from training.score import evaluate_split
from training.tasks import QuantisedTask, Task


def initial_state(config: Config) -> dict[str, Any] | None:
    """The run's result that the configuration's `weights` name: `model`, perhaps `ranges`."""
    weights = config.network.weights
    if weights in ("imagenet", "none"):
        return None
    state: dict[str, Any] = torch.load(ROOT / weights, map_location="cpu", weights_only=True)
    return state


def initial_network(config: Config, labels: Labels, start: dict[str, Any] | None) -> Tagger:
    """The configuration's network with its initial weights."""
    network = build_network(config, labels)
    if start is not None:
        network.load_state_dict(start["model"], strict=False)  # new heads begin untrained
    elif config.network.weights == "imagenet":
        network.load_pretrained()
    return network


def build_task(config: Config, labels: Labels, train: Split, record: Preprocess) -> Task:
    """What the configuration's sections ask for: teachers, quantisation."""
    start = initial_state(config)
    network = initial_network(config, labels, start)
    d = config.distil
    teachers = (
        None if d is None else load_teachers(d.teachers, labels, config.augment, d.temperature)
    )
    frozen = config.network.frozen_blocks
    if not isinstance(network, Student):
        if teachers or config.quantise:
            raise ValueError("only the student is distilled and quantised")
        network.freeze(frozen)
        return Task(network, config, None, 0)
    features = network.category.in_features
    if config.quantise is None:
        network.freeze(frozen)
        return Task(network, config, teachers, features)
    ranges = None if start is None else start.get("ranges")
    if ranges is None:
        network.to(device())
        refresh_norms(network, train, config, record)
        ranges = calibrated_ranges(network, train, config, record)
    network.eval().freeze(frozen)
    return QuantisedTask(FakeQuantStudent(network, ranges), config, teachers, features)


def evaluator(
    config: Config, labels: Labels, negatives: Path, record: Preprocess, where: torch.device
) -> Callable[[Task], Metrics]:
    """Scores the averaged task on val: as really quantised where that is trained; at every size
    of the configuration, `choice` being the mean.
    """
    photos = [p for p in read_labels() if p.split == "val"]
    splits = {
        size: load_split(photos, negatives / "val", labels, size, exact=True)
        for size in config.sizes or (record.size,)
    }

    def evaluate(task: Task) -> Metrics:
        network: torch.nn.Module = task.network
        if isinstance(network, FakeQuantStudent):
            network = IntegerStudent(network.student, network.ranges()).to(where)
        metrics = {
            size: evaluate_split(network, split, record, where) for size, split in splits.items()
        }
        main = metrics.get(record.size) or next(iter(metrics.values()))
        others = {
            f"{name}@{size}": row[name]
            for size, row in metrics.items()
            if row is not main
            for name in ("category_top1", "landmark_ne")
        }
        choice = sum(row["choice"] for row in metrics.values()) / len(metrics)
        return {**main, **others, "choice": choice}

    return evaluate


def run(
    config: Config, out: Path, negatives: Path, record: Preprocess, world: World | None = None
) -> None:
    world = world or join_world()
    record = dataclasses.replace(record, size=config.network.size or record.size)
    prepare_cuda()
    if config.dataset == "deepfashion":
        run_deepfashion(config, out, deepfashion_folder(), record, world)
        return
    labels = load_labels()
    photos = [p for p in read_labels() if p.split == "train"]
    with first_before_others(world):  # which decodes the pictures
        train = load_split(photos, negatives / "train", labels, record.size, exact=False)
        train = fewer(train, config.share, config.seed)
        evaluate = evaluator(config, labels, negatives, record, world.device)
    if world.first:
        photographs = drawn_count(config.share, len(photos))
        print(
            f"{photographs} photographs and {train.negatives} without a garment to train "
            f"on; {world.size} process(es) on {world.device}",
            flush=True,
        )
    seed_everything(config.seed)
    task = build_task(config, labels, train, record)
    student = task.network.student if isinstance(task, QuantisedTask) else task.network
    if world.first and isinstance(student, Student):
        out.mkdir(parents=True, exist_ok=True)
        save_dimensions(student.dimensions, out)
    Loop(task, config, train, evaluate, out, record, world).run()


def run_deepfashion(
    config: Config, out: Path, root: Path, record: Preprocess, world: World
) -> None:
    """The benchmark's train partition, chosen on its val partition by its protocol."""
    if world.first:
        print(f"reading the lists of {root}: about a minute for 289,222 pictures", flush=True)
    data = read_deepfashion(root)
    train = deepfashion_split(data, "train", record.size, exact=False)
    val = deepfashion_split(data, "val", record.size, exact=True)
    if world.first:
        print(
            f"DeepFashion: {len(train.photos)} pictures to train on, {len(val.photos)} to choose "
            f"by; {world.size} process(es) on {world.device}",
            flush=True,
        )
    seed_everything(config.seed)
    network = initial_network(config, data.labels, initial_state(config))
    network.freeze(config.network.frozen_blocks)
    task = Task(network, config, None, 0)

    def evaluate(task: Task) -> Metrics:
        return benchmark(predict(task.network, val.pictures, record, world.device), val)

    Loop(task, config, train, evaluate, out, record, world).run()


def main(argv: list[str] | None = None, config: str = "student", out: str = "student") -> None:
    """`config` and `out`: the stage's defaults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--config", type=Path, default=ROOT / f"training/configs/{config}.toml")
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / out)
    parser.add_argument(
        "--negatives",
        type=Path,
        default=ROOT / "runs/negatives",
        help="made by python -m training negatives",
    )
    parser.add_argument("--epochs", type=int, help="instead of the configuration's")
    parser.add_argument("--seed", type=int, help="instead of the configuration's")
    parser.add_argument("--batch", type=int, help="instead of the configuration's")
    parser.add_argument("--trunk", choices=TRUNKS, help="of a [landmark_feature] configuration")
    parser.add_argument("--weights", help='"imagenet", "none", or a run\'s best.pt')
    parser.add_argument("--size", type=int, help="the input's side, a multiple of 32")
    parser.add_argument("--teacher", action="append", help="a run's best.pt; may be given often")
    args = parser.parse_args(argv)
    keep_memory()
    chosen = load_config(args.config, epochs=args.epochs, batch=args.batch, seed=args.seed)
    chosen = with_options(chosen, args.trunk, args.weights, args.size, args.teacher)
    try:
        run(chosen, args.out, args.negatives, load_preprocess())
    finally:
        leave_world()


if __name__ == "__main__":
    main()
