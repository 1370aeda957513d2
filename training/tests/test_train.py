"""A tiny run on drawn garments: the loss falls, a stopped run goes on, the export is complete."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from training import loop, resume
from training import train as training
from training.checkpoint import Choices, load_checkpoint, rounded
from training.config import Config, load_config, with_options
from training.datasets import clothing, pictures
from training.export import export, golden_inputs
from training.int8.calibrate import calibrate
from training.labels import ROOT, load_labels
from training.networks.student import Student
from training.plots import plot_curves
from training.preprocess import Preprocess, normalise
from training.tests.drawn import write_photographs

TINY = Preprocess(size=64, mean=127, scale=128)


def tiny_config(epochs: int) -> Config:
    config = load_config(ROOT / "training/configs/student.toml", epochs=epochs, batch=6)
    network = dataclasses.replace(config.network, weights="none")
    return dataclasses.replace(config, network=network, warmup_epochs=1)


def tiny_teacher(epochs: int, batch: int) -> Config:
    config = load_config(ROOT / "training/configs/teacher.toml", epochs=epochs, batch=batch)
    config = with_options(config, "efficientnet_lite0", "none", 32)
    assert config.landmark_feature is not None
    small = dataclasses.replace(config.landmark_feature, glem=16, decoder=8, branch=32)
    return dataclasses.replace(config, landmark_feature=small, warmup_epochs=1)


@pytest.fixture
def photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "photographs"
    write_photographs(folder, 24)
    photos = clothing.read_labels(folder / "labels.jsonl")
    monkeypatch.setenv("HEMLINE_PHOTOS", str(folder))
    monkeypatch.setattr(training, "read_labels", lambda: photos)
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    return folder


def curves(run: Path) -> list[dict[str, str]]:
    with (run / "curves.csv").open() as file:
        return list(csv.DictReader(file))


def test_loss_falls_and_the_run_is_recorded(photographs: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    training.run(tiny_config(4), run, tmp_path / "none", TINY)
    rows = curves(run)
    assert float(rows[-1]["loss_total"]) < 0.8 * float(rows[0]["loss_total"])
    assert json.loads((run / "config.json").read_text())["seed"] == 7
    assert (run / "curves.png").stat().st_size > 1000


def test_a_stopped_run_goes_on_to_the_same_end(photographs: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    training.run(tiny_config(2), whole, tmp_path / "none", TINY)
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:

        def stop(rows: list[dict[str, float]], path: Path) -> None:
            plot_curves(rows, path)
            raise KeyboardInterrupt

        patch.setattr(loop, "plot_curves", stop)
        training.run(tiny_config(2), parts, tmp_path / "none", TINY)
    training.run(tiny_config(2), parts, tmp_path / "none", TINY)
    assert [r["epoch"] for r in curves(parts)] == ["1", "2"]
    ends = [torch.load(r / "last.pt", weights_only=True)["average"] for r in (whole, parts)]
    for name, tensor in ends[0].items():
        torch.testing.assert_close(tensor, ends[1][name], msg=name)


def test_a_run_killed_within_an_epoch_loses_nothing_that_was_kept(
    photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny_teacher(epochs=1, batch=2)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    training.run(config, whole, tmp_path / "none", TINY)
    monkeypatch.setattr(resume, "EVERY", 0.0)

    def kill(keeper: resume.Keeper) -> None:
        keep(keeper)
        if keeper.progress.step == 3:
            raise KeyboardInterrupt

    keep = resume.Keeper.step_done
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
        patch.setattr(resume.Keeper, "step_done", kill)
        training.run(config, parts, tmp_path / "none", TINY)
    assert not (parts / "curves.csv").exists()
    training.run(config, parts, tmp_path / "none", TINY)
    ends = [torch.load(r / "last.pt", weights_only=True) for r in (whole, parts)]
    for name, tensor in ends[0]["average"].items():
        torch.testing.assert_close(tensor, ends[1]["average"][name], msg=name)
    losses = [[float(r["loss_total"]) for r in curves(run)] for run in (whole, parts)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_the_teacher_trains_at_its_own_size(photographs: Path, tmp_path: Path) -> None:
    training.run(tiny_teacher(epochs=10, batch=6), tmp_path / "run", tmp_path / "none", TINY)
    rows = curves(tmp_path / "run")
    assert float(rows[-1]["loss_total"]) < float(rows[0]["loss_total"])


def test_a_second_stage_goes_on_from_the_first(photographs: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    training.run(tiny_config(1), first, tmp_path / "none", TINY)
    config = tiny_config(1)
    network = dataclasses.replace(config.network, weights=str(first / "best.pt"))
    still = dataclasses.replace(config.optimiser, learning_rate=0.0, ema=0.0)
    config = dataclasses.replace(config, network=network, optimiser=still)
    training.run(config, second, tmp_path / "none", TINY)
    ends = [torch.load(r / "best.pt", weights_only=True)["model"] for r in (first, second)]
    for name in ("trunk._conv_stem.weight", "color.weight"):
        torch.testing.assert_close(ends[0][name], ends[1][name])


def exported(folder: Path) -> Student:
    labels = load_labels()
    torch.manual_seed(0)
    model = rounded(Student(labels))
    ranges = calibrate(model.trunk, [torch.from_numpy(normalise(golden_inputs(64), TINY))])
    export(model, ranges, Choices.none(labels), labels, TINY, folder)
    return model


def test_exported_checkpoint_loads_and_is_deterministic(tmp_path: Path) -> None:
    model = exported(tmp_path / "a")
    exported(tmp_path / "b")
    for name in ("student.safetensors", "golden.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    loaded = load_checkpoint(tmp_path / "a" / "student.safetensors")
    assert loaded.size == 64
    x = torch.randn(1, 3, 64, 64)
    torch.testing.assert_close(loaded.model(x).category, model(x).category)


def test_a_checkpoint_of_other_labels_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(tmp_path)
    labels = load_labels()
    other = dataclasses.replace(labels, category=labels.category[::-1])
    monkeypatch.setattr("training.checkpoint.load_labels", lambda: other)
    with pytest.raises(ValueError, match="other labels"):
        load_checkpoint(tmp_path / "student.safetensors")


def test_golden_file_holds_inputs_and_every_output(tmp_path: Path) -> None:
    exported(tmp_path)
    with safe_open(tmp_path / "golden.safetensors", framework="pt") as file:
        names = set(file.keys())
        assert file.get_tensor("inputs").dtype == torch.uint8
        assert file.get_tensor("int8.s8").shape == (6, 8, 8, 40)
        assert file.get_tensor("int8.s16").shape == (6, 4, 4, 112)
        assert file.get_tensor("int8.pooled").shape == (6, 1280)
    integers = {"int8.s8", "int8.s16", "int8.pooled"}
    groups = set(load_labels().attributes)
    outputs = {"category", "heatmaps", "landmarks", "presence"} | groups
    assert names == {"inputs"} | outputs | integers
