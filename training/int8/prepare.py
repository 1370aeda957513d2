"""A float student made ready for 8 bits: statistics at its one size, ranges of its activations."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from training.config import Config
from training.data import Split
from training.int8.calibrate import calibrate
from training.networks.student import Student
from training.preprocess import Preprocess
from training.runtime import device
from training.views import CHUNK, look

NORM_BATCHES = 40
RANGE_BATCHES = 6
BATCH = 64


def views(train: Split, config: Config, record: Preprocess, count: int) -> Iterator[Tensor]:
    """`count` augmented batches of training pictures, the same every time, where networks run."""
    rng = torch.Generator().manual_seed(config.seed)
    for number in range(count):
        index = torch.randint(len(train.files), (BATCH,), generator=rng)
        seeds = [number * BATCH + chunk for chunk in range(BATCH // CHUNK)]
        view = look(train, index, seeds, record, device())
        yield view.draw(record.size, config.augment)[0]


@torch.no_grad()
def refresh_norms(network: nn.Module, train: Split, config: Config, record: Preprocess) -> None:
    """Batch-norm statistics anew, as the mean over batches at `record.size`: a network trained
    at several sizes holds a mixture of theirs.
    """
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    momenta = [m.momentum for m in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean
    network.train()
    for x in views(train, config, record, NORM_BATCHES):
        network(x)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    network.eval()


def calibrated_ranges(
    student: Student, train: Split, config: Config, record: Preprocess
) -> dict[str, tuple[float, float]]:
    return calibrate(student.eval().trunk, list(views(train, config, record, RANGE_BATCHES)))
