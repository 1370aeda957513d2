"""Several processes on one run (`torchrun`), each with its share of every batch.

Losses and batch norms are those of the whole batch, so that two processes train what one trains.
Without `torchrun` everything here does nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


@dataclass(frozen=True)
class World:
    rank: int
    size: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this process reports, evaluates and saves."""
        return self.rank == 0


def join_world() -> World:
    """What `torchrun` says; NCCL on GPUs, gloo on CPUs. One process otherwise."""
    cuda = torch.cuda.is_available()
    if "RANK" not in os.environ:
        return World(0, 1, torch.device("cuda" if cuda else "cpu"))
    if not dist.is_initialized():
        dist.init_process_group("nccl" if cuda else "gloo")
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if cuda:
        torch.cuda.set_device(local)
    device = torch.device("cuda", local) if cuda else torch.device("cpu")
    return World(dist.get_rank(), dist.get_world_size(), device)


def leave_world() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def processes() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


@torch.no_grad()
def mean_over_processes(value: Tensor) -> Tensor:
    """The mean of a tensor that every process has; no gradient."""
    if processes() == 1:
        return value
    total = value.detach().clone()
    dist.all_reduce(total)
    return total / processes()


def from_first(value: Any) -> Any:
    """What the first process has, in all of them."""
    if processes() == 1:
        return value
    box = [value]
    dist.broadcast_object_list(box)
    return box[0]


@contextmanager
def first_before_others(world: World) -> Iterator[None]:
    """The first process runs the block before the others do: what it writes, they find."""
    if world.size > 1 and not world.first:
        dist.barrier()
    yield
    if world.size > 1 and world.first:
        dist.barrier()


class SumOverProcesses(torch.autograd.Function):
    """The sum of every process's tensor, in all of them; gradients are summed alike."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        total = grads[0].clone()
        dist.all_reduce(total)
        return total


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch norm over all processes' pictures, which must be equally many.

    `nn.SyncBatchNorm` does the same on GPUs only.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or processes() == 1:
            return super().forward(x)
        wide = x.float()
        mean = self._shared(wide.mean((0, 2, 3)))
        # Not the mean of squares less the squared mean: float32 would cancel.
        variance = self._shared((wide - mean.view(1, -1, 1, 1)).square().mean((0, 2, 3)))
        self._track(mean.detach(), variance.detach(), x.numel() // x.shape[1] * processes())
        scale = self.weight * torch.rsqrt(variance + self.eps)
        offset = self.bias - mean * scale
        shape = (1, -1, 1, 1)
        return (wide * scale.view(shape) + offset.view(shape)).to(x.dtype)

    def _shared(self, own: Tensor) -> Tensor:
        total: Tensor = SumOverProcesses.apply(own)  # type: ignore[no-untyped-call]
        return total / processes()

    @torch.no_grad()
    def _track(self, mean: Tensor, variance: Tensor, count: int) -> None:
        if self.running_mean is None or self.running_var is None or self.momentum is None:
            return
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * count / max(count - 1, 1), self.momentum)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked += 1


def share_norms(module: nn.Module) -> None:
    """Every batch norm below `module` becomes a `SharedBatchNorm`, in place."""
    for name, child in module.named_children():
        if type(child) is nn.BatchNorm2d:
            shared = SharedBatchNorm(child.num_features, child.eps, child.momentum)
            shared.load_state_dict(child.state_dict())
            shared.requires_grad_(child.weight.requires_grad).train(child.training)
            setattr(module, name, shared.to(child.weight.device))
        else:
            share_norms(child)
