"""Two processes train what one trains: the same losses, the same weights."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from training.distributed import SharedBatchNorm, share_norms
from training.labels import ROOT
from training.networks.efficientnet_lite import EfficientNetLite
from training.tests.drawn import write_photographs
from training.views import share_of


def trained(photographs: Path, out: Path, processes: int) -> tuple[list[dict[str, str]], Path]:
    out.mkdir()
    script = str(ROOT / "training/tests/run_tiny.py")
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    command = [sys.executable, *(launcher if processes > 1 else []), script]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HEMLINE_PHOTOS": str(photographs)}
    done = subprocess.run(
        [*command, str(photographs), str(out)], env=env, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with (out / "run/curves.csv").open() as file:
        return list(csv.DictReader(file)), out / "run/last.pt"


def test_two_processes_give_the_losses_and_gradients_of_one(tmp_path: Path) -> None:
    photographs = tmp_path / "photographs"
    write_photographs(photographs, 144)  # 72 to train on: two steps of 32
    (one, last_one), (two, last_two) = (trained(photographs, tmp_path / str(n), n) for n in (1, 2))
    names = [name for name in one[0] if name.startswith("loss_")]
    assert len(names) == 7
    for name in names:
        assert float(one[0][name]) == pytest.approx(float(two[0][name]), rel=2e-4), name
    states = [torch.load(file, weights_only=True) for file in (last_one, last_two)]
    for name, tensor in states[0]["average"].items():
        if "running" in name:  # batch norms saw the whole batch
            torch.testing.assert_close(tensor, states[1]["average"][name], rtol=1e-3, atol=1e-4)
    # Adam's first moments: what is left of both steps' gradients.
    first, second = (
        torch.cat([s["exp_avg"].flatten() for s in state["optimiser"]["state"].values()])
        for state in states
    )
    assert float(torch.cosine_similarity(first, second, dim=0)) > 0.9999
    assert float(first.norm() / second.norm()) == pytest.approx(1, abs=1e-3)


def test_a_batch_is_shared_in_whole_chunks() -> None:
    batch = torch.arange(64)
    parts = [share_of(batch, rank, 2) for rank in (0, 1)]
    assert torch.equal(torch.cat([rows for rows, _ in parts]), batch)
    assert [list(chunks) for _, chunks in parts] == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="multiple of 32"):
        share_of(torch.arange(48), 0, 2)


def test_frozen_batch_norms_stay_so_when_they_are_shared() -> None:
    trunk = EfficientNetLite(scale=0.25)
    trunk.freeze(2)
    share_norms(trunk)
    trunk.train()
    for norm, learns in (
        (trunk._bn0, False),
        (trunk._blocks[1]._bn2, False),
        (trunk._blocks[2]._bn2, True),
    ):
        assert isinstance(norm, SharedBatchNorm)
        assert norm.training is norm.weight.requires_grad is learns
