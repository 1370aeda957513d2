"""The training loop of every stage: AdamW, warm-up and cosine, weight average, resume.

Everything random is seeded by (seed, epoch, step), so a run that was killed goes on as an unbroken
one, losing at most what came after the last minute's save. Under `torchrun` each process takes its
share of every batch (`distributed.py`); only dropout and stochastic depth then draw differently.
"""

from __future__ import annotations

import copy
import csv
import dataclasses
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from training.config import Config, save_config
from training.data import Split
from training.distributed import World, from_first, mean_over_processes, share_norms
from training.plots import plot_curves
from training.preprocess import Preprocess
from training.resume import Keeper, Progress, save, step_seed
from training.runtime import machine
from training.tasks import Task
from training.views import look, share_of

REPORT = 20  # steps between two lines
Metrics = dict[str, float]


def rate(epoch: float, config: Config) -> float:
    """Linear warm-up, then a cosine to 1% of the rate, or steps; `epoch` may be fractional."""
    if epoch < config.warmup_epochs:
        return max(epoch, 1e-3) / config.warmup_epochs
    if config.optimiser.decay_every:
        return float(0.1 ** (epoch // config.optimiser.decay_every))
    t = (epoch - config.warmup_epochs) / max(config.epochs - config.warmup_epochs, 1)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(t, 1)))


@torch.no_grad()
def update_average(average: nn.Module, model: nn.Module, decay: float, step: int) -> None:
    """Exponential moving average of weights and batch-norm statistics, short at first."""
    decay = min(decay, (1 + step) / (10 + step))
    pairs = list(zip(average.state_dict().values(), model.state_dict().values(), strict=True))
    floats = [(a, m) for a, m in pairs if a.dtype.is_floating_point]
    torch._foreach_lerp_([a for a, _ in floats], [m for _, m in floats], 1 - decay)
    for a, m in pairs:
        if not a.dtype.is_floating_point:
            a.copy_(m)


def epoch_order(split: Split, negatives: int, rng: torch.Generator) -> torch.Tensor:
    """All photographs and a fresh draw of the pictures without a garment, shuffled."""
    n = len(split.photos)
    extra = torch.randperm(split.negatives, generator=rng)[:negatives] + n
    order = torch.cat([torch.arange(n), extra])
    return order[torch.randperm(len(order), generator=rng)]


class Loop:
    """One run in its folder: config, machine, curves (csv, png), best.pt, last.pt."""

    def __init__(
        self,
        task: Task,
        config: Config,
        train: Split,
        evaluate: Callable[[Task], Metrics],
        out: Path,
        record: Preprocess,
        world: World,
    ) -> None:
        """`evaluate` takes the averaged task; its `choice` says which epoch is best."""
        if world.size > 1 and task.trains_norms:
            share_norms(task)
        self.task = task.to(world.device)
        self.task = self.task.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average: Task = copy.deepcopy(self.task).requires_grad_(False)
        self.config, self.train, self.evaluate = config, train, evaluate
        self.out, self.record, self.world = out, record, world
        self.optimiser = torch.optim.AdamW(self.task.groups())
        self.curves: list[Metrics] = []
        self.keeper = Keeper(out / "last.pt", self.state, Progress(), world.first)
        self.module: nn.Module = self.task
        if world.size > 1:
            self.module = DistributedDataParallel(self.task, forward_sync_buffers=False)

    def state(self) -> dict[str, Any]:
        return {
            "task": self.task.state_dict(),
            "task_average": self.average.state_dict(),
            "average": self.average.result()["model"],
            "result": self.average.result(),
            "optimiser": self.optimiser.state_dict(),
            "curves": self.curves,
        }

    def resume(self) -> None:
        """Goes on from last.pt where there is one."""
        path = self.out / "last.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.world.device, weights_only=True)
        self.task.load_state_dict(state["task"])
        self.average.load_state_dict(state["task_average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.curves = state["curves"]
        self.keeper.progress = Progress(**state["progress"])
        self.say(f"going on after epoch {len(self.curves)}, step {self.keeper.progress.step}")

    def say(self, line: str) -> None:
        if self.world.first:
            print(line, flush=True)

    def run(self) -> None:
        if self.world.first:
            self.out.mkdir(parents=True, exist_ok=True)
            save_config(self.config, self.out / "config.json")
            facts = json.dumps(machine(self.world.device, self.world.size), indent=2)
            (self.out / "machine.json").write_text(facts + "\n")
        self.resume()
        for epoch in range(len(self.curves), self.config.epochs):
            self.train_epoch(epoch)
            self.keeper.keep()  # the epoch's training, before anything can go wrong
            self.finish_epoch(epoch, from_first(self.measured()))

    def measured(self) -> Metrics | None:
        return self.evaluate(self.average) if self.world.first else None

    def finish_epoch(self, epoch: int, metrics: Metrics) -> None:
        self.keeper.tick()
        best = max((row["choice"] for row in self.curves), default=-math.inf)
        progress = self.keeper.progress
        losses = {f"loss_{k}": v for k, v in progress.terms.items()}
        pictures = max(self.epoch_size() // self.config.batch, 1) * self.config.batch
        head = {"epoch": epoch + 1, "seconds": round(progress.seconds, 1), "pictures": pictures}
        self.curves.append({**head, **losses, **metrics})
        self.say(" ".join(f"{k} {v:.3f}" for k, v in metrics.items()))
        if not self.world.first:
            self.keeper.epoch_done()
            return
        if metrics["choice"] > best:
            kept = {**self.average.result(), "metrics": metrics, "epoch": epoch + 1}
            save(self.out / "best.pt", kept)
        self.keeper.epoch_done()
        with (self.out / "curves.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(self.curves[0]))
            writer.writeheader()
            writer.writerows(self.curves)
        plot_curves(self.curves, self.out / "curves.png")

    def epoch_size(self) -> int:
        """Pictures that an epoch draws from."""
        extra = min(self.train.negatives, self.config.negatives_per_epoch)
        return len(self.train.photos) + extra

    def train_epoch(self, epoch: int) -> None:
        """One pass, from `keeper.progress.step` on."""
        config, keeper = self.config, self.keeper
        rng = torch.Generator().manual_seed(config.seed * 1000 + epoch)
        order = epoch_order(self.train, config.negatives_per_epoch, rng)
        steps = max(len(order) // config.batch, 1)
        first = keeper.progress.step
        batches = [
            order[step * config.batch : (step + 1) * config.batch] for step in range(first, steps)
        ]
        self.train.expect(share_of(b, self.world.rank, self.world.size)[0] for b in batches)
        self.task.train()
        start = time.monotonic()
        for step in range(first, steps):
            seed = step_seed(config.seed, epoch, step)
            index = batches[step - first]
            self.set_rate(epoch + step / steps)
            terms = self.train_step(index, seed)
            update_average(self.average, self.task, config.optimiser.ema, epoch * steps + step)
            for name, value in terms.items():
                sums = keeper.progress.terms
                sums[name] = sums.get(name, 0.0) + value / steps
            keeper.step_done()
            if (step + 1) % REPORT == 0 or step + 1 == steps:
                pace = (time.monotonic() - start) / (step + 1 - first)
                left = pace * (steps - step - 1 + steps * (config.epochs - epoch - 1))
                self.say(
                    f"epoch {epoch + 1}/{config.epochs} step {step + 1}/{steps} "
                    f"loss {terms['total']:.3f}, {config.batch / pace:.0f} pictures/s, "
                    f"about {left / 60:.0f} min left"
                )

    def set_rate(self, epoch: float) -> None:
        factor = rate(epoch, self.config)
        for group in self.optimiser.param_groups:
            group["lr"] = self.config.optimiser.learning_rate * group["factor"] * factor

    def train_step(self, index: torch.Tensor, seed: int) -> Metrics:
        """One step on the rows `index`; the terms of the whole batch."""
        sizes = self.config.sizes or (self.record.size,)
        torch.manual_seed(seed)  # dropout and stochastic depth
        rng = generator(seed)
        size = sizes[int(torch.randint(len(sizes), (), generator=rng))]
        rows, chunks = share_of(index, self.world.rank, self.world.size)
        seeds = [seed * 1000 + chunk for chunk in chunks]
        view = look(self.train, rows, seeds, self.record, self.world.device)
        if (
            self.config.distil is not None
            and torch.rand((), generator=rng) < self.config.distil.mix
        ):
            view = view.mixed()
        x, points, seen = view.draw(size, self.config.augment)
        target = dataclasses.replace(self.train.targets[rows], points=points, seen=seen)
        if view.mixing is not None:
            target = target.known_of_both(view.mixing.partner)
        taught = self.task.prepare(view, size)
        terms = self.module(x, target.to(self.world.device), taught)
        self.optimiser.zero_grad(set_to_none=True)
        terms["total"].backward()
        nn.utils.clip_grad_norm_(self.task.parameters(), self.config.optimiser.clip)
        self.optimiser.step()
        values = mean_over_processes(torch.stack([t.detach() for t in terms.values()]))
        return dict(zip(terms, values.tolist(), strict=True))


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
