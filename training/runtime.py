"""The process: device, threads, allocator, seeds."""

from __future__ import annotations

import os
import platform
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

# glibc hands every large tensor back to the kernel and takes page faults on the next step:
# keeping the memory makes a CPU step about a third faster. Threads that wait by spinning take the
# core from whoever they wait for when other programs run, too: a step then costs twice the CPU.
SETTINGS = {
    "OMP_WAIT_POLICY": "passive",
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
}


def keep_memory() -> None:
    """Start this process again with settings that glibc and OpenMP read only at start."""
    if sys.platform == "linux" and "MALLOC_TOP_PAD_" not in os.environ:
        os.environ.update(SETTINGS)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def computes_in_bfloat16(where: torch.device) -> bool:
    """Whether it is worth it for a network that answers but does not learn: CUDA, and CPUs with
    the instructions (twice as fast there; training gains nothing).
    """
    return where.type == "cuda" or torch.cpu._is_avx512_bf16_supported()


def prepare_cuda() -> None:
    """Batches keep their shapes, so cuDNN's search for the fastest convolution pays. float32 stays
    float32: TF32's steps are coarser than what int8 training rounds to.
    """
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = False


def machine(where: torch.device, processes: int) -> dict[str, Any]:
    """What a run ran on, for its record."""
    name = torch.cuda.get_device_name(where) if where.type == "cuda" else cpu_name()
    return {
        "device": name,
        "processes": processes,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} cores of {names[0]}" if names else platform.machine()


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
