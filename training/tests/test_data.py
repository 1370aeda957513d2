"""Labels, targets, configuration and their errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from training.config import load_config
from training.datasets.clothing import photograph_folder, read_labels
from training.datasets.targets import UNKNOWN, encode
from training.labels import ROOT, load_labels
from training.tests.drawn import write_photographs


def test_splits_are_by_contributor() -> None:
    lines = (ROOT / "training/data/labels.jsonl").read_text().splitlines()
    senders: dict[str, set[str]] = {}
    for line in lines:
        raw = json.loads(line)
        senders.setdefault(raw["sender"], set()).add(raw["split"])
    assert all(len(splits) == 1 for splits in senders.values())


def test_unknown_is_masked_not_empty(tmp_path: Path) -> None:
    write_photographs(tmp_path / "p", 3)
    tee, trousers, shoes = read_labels(tmp_path / "p" / "labels.jsonl")
    labels = load_labels()
    t = encode([tee, trousers, shoes], 2, labels)
    assert t.attributes_known.tolist() == [1, 1, 0, 0, 0]
    assert t.points_known.tolist() == [1, 1, 0, 1, 1]  # without a garment: known to have none
    assert t.seen[1].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert t.category[3:].tolist() == [labels.category.index("none")] * 2
    assert t.attributes["texture"][0].sum() == 1


def test_a_category_the_model_lacks_has_no_category_target(tmp_path: Path) -> None:
    lines = write_photographs(tmp_path / "p", 1)
    lines[0]["category"] = "swimwear"
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps(lines[0]))
    t = encode(read_labels(file), 0, load_labels())
    assert t.category.tolist() == [UNKNOWN]
    assert torch.equal(t.attributes_known, torch.ones(1))


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    lines = write_photographs(tmp_path / "p", 2)
    file.write_text(json.dumps(lines[0]) + "\n{broken\n")
    with pytest.raises(ValueError, match=r"labels\.jsonl:2"):
        read_labels(file)


def test_a_missing_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMLINE_PHOTOS", "/no/such/folder")
    with pytest.raises(FileNotFoundError, match="HEMLINE_PHOTOS"):
        photograph_folder()


def test_configuration_errors_name_the_key(tmp_path: Path) -> None:
    text = (ROOT / "training/configs/student.toml").read_text()
    file = tmp_path / "c.toml"
    file.write_text(text.replace("rotation =", "rotatoin ="))
    with pytest.raises(ValueError, match="rotatoin"):
        load_config(file)
    with pytest.raises(ValueError, match="epochs"):
        load_config(ROOT / "training/configs/student.toml", epochs=0)
