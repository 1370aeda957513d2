"""The benchmark's layout, its protocol, and a tiny network trained on a drawn folder."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from training import evaluate
from training import train as training
from training.benchmark import benchmark, tables
from training.config import Config, load_config, with_options
from training.data import Split, deepfashion_split
from training.datasets.deepfashion import (
    ABSENT,
    LANDMARKS,
    LayoutError,
    deepfashion_folder,
    read_deepfashion,
)
from training.datasets.targets import Targets
from training.labels import ROOT
from training.metrics import Predictions
from training.preprocess import Preprocess
from training.published import PUBLISHED
from training.tests.official import write_official

TINY = Preprocess(size=32, mean=127, scale=128)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "official"
    write_official(root, 36)
    monkeypatch.setenv("HEMLINE_DEEPFASHION", str(root))
    return root


def test_everything_is_read(folder: Path) -> None:
    data = read_deepfashion(folder)
    assert data.labels.category == ("Tee", "Jeans", "Button-Down Dress")
    assert data.labels.attributes == {
        "texture": ("red", "blue"),
        "fabric": ("denim", "faux  fur"),
        "shape": ("a line", "maxi"),
        "part": ("crew neck",),
        "style": ("summer", "boho chic"),
    }
    assert [int((data.split == s).sum()) for s in ("train", "val", "test")] == [24, 6, 6]
    assert data.category[:3].tolist() == [0, 1, 2]  # 1-based in the file
    assert data.visibility[0, 4] == ABSENT and data.visibility[1, 0] == ABSENT
    assert set(np.unique(data.attributes)) == {0, 1}  # unknown is not positive
    split = deepfashion_split(data, "train", 32, exact=True)
    visible = split.targets.seen == 1
    inside = split.targets.points[visible]
    assert visible.any() and (inside >= 0).all() and (inside <= 1).all()
    # The drawn garment fills its box but for 4 pixels on each side.
    x, y = split.targets.points[0, 0].tolist()
    box = data.boxes[0]
    assert x == pytest.approx(4 / (box[2] - box[0])) and y == pytest.approx(4 / (box[3] - box[1]))


def test_pictures_are_cropped_and_read_ahead(folder: Path) -> None:
    split = deepfashion_split(read_deepfashion(folder), "train", 32, exact=True)
    batches = [torch.tensor([0, 5]), torch.tensor([3, 1])]
    plain = [split.pictures[b.numpy()] for b in batches]
    split.expect(batches)
    for batch, expected in zip(batches, plain, strict=True):
        assert np.array_equal(split.pictures[batch.numpy()], expected)
    red, _, blue = split.pictures[np.array([0])][0, 16, 16].astype(int)
    assert abs(red - blue) > 80  # the garment, not the grey around it


def replace_line(name: str, number: int, change: Callable[[str], str]) -> Callable[[Path], str]:
    """Edits a line (from 1) of a list, and gives the message's expected beginning."""

    def apply(root: Path) -> str:
        path = next(root.glob(f"*/{name}.txt"))
        lines = path.read_text().splitlines()
        lines[number - 1] = change(lines[number - 1])
        path.write_text("\n".join(line for line in lines if line != "REMOVED") + "\n")
        return f"{path}:{number}: "

    return apply


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (replace_line("list_attr_cloth", 1, lambda _: "nine"), "must be a count"),
        (replace_line("list_attr_cloth", 5, lambda _: "blue 7"), "type 1..5"),
        (replace_line("list_attr_cloth", 5, lambda _: "red 1"), "'red' twice"),
        (replace_line("list_category_cloth", 3, lambda _: "Tee"), "type 1..3"),
        (replace_line("list_category_img", 4, lambda s: s[:-1] + "9"), "category of 1..3"),
        (replace_line("list_category_img", 4, lambda s: "img/x.jpg 1"), "not in list_eval"),
        (replace_line("list_attr_img", 3, lambda s: s + " 1"), "10 labels for 9 attributes"),
        (replace_line("list_attr_img", 3, lambda s: s[:-2] + " 3"), "not '3'"),
        (replace_line("list_bbox", 6, lambda s: s.split()[0] + " 9 9 9 20"), "x1 < x2"),
        (replace_line("list_bbox", 6, lambda s: s.split()[0] + " 1 2 a 4"), "not integers"),
        (replace_line("list_landmarks", 3, lambda s: s + " 0 1 2"), "has 6 landmarks"),
        (replace_line("list_landmarks", 3, lambda s: s.split()[0] + " 4 0 1 2"), "1, 2 or 3"),
        (replace_line("list_eval_partition", 7, lambda s: s + "ing"), "one of"),
    ],
)
def test_a_wrong_row_is_named(folder: Path, break_it: Callable[[Path], str], message: str) -> None:
    where = break_it(folder)
    with pytest.raises(LayoutError) as caught:
        read_deepfashion(folder)
    assert str(caught.value).startswith(where) and message in str(caught.value)


def test_missing_rows_lists_and_pictures_are_named(folder: Path) -> None:
    path = folder / "Anno/list_bbox.txt"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(LayoutError, match=r"list_bbox.txt:37: 35 rows, but the first row says 36"):
        read_deepfashion(folder)
    path.write_text("\n".join(["35", *lines[1:-1]]) + "\n")
    with pytest.raises(LayoutError, match=f"no row for {lines[-1].split()[0]}"):
        read_deepfashion(folder)
    path.write_text("\n".join([*lines[:-1], lines[2]]) + "\n")
    with pytest.raises(LayoutError, match=r"list_bbox.txt:38: .* twice"):
        read_deepfashion(folder)
    path.write_text("\n".join(lines) + "\n")
    data = read_deepfashion(folder)
    (folder / data.names[0]).unlink()
    (folder / data.names[1]).write_bytes(b"not a picture")
    split = deepfashion_split(data, "train", 32, exact=True)
    with pytest.raises(FileNotFoundError, match="img_00000000"):
        split.pictures[np.array([0])]
    with pytest.raises(ValueError, match=r"img_00000001.jpg cannot be decoded"):
        split.pictures[np.array([1])]
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"no list_bbox.txt in .*Anno_coarse"):
        read_deepfashion(folder)


def test_the_folder_must_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HEMLINE_DEEPFASHION", raising=False)
    with pytest.raises(FileNotFoundError, match="set HEMLINE_DEEPFASHION"):
        deepfashion_folder()
    with pytest.raises(FileNotFoundError, match="no pictures"):
        read_deepfashion(tmp_path)


def test_a_variation_type_is_passed_over(folder: Path) -> None:
    plain = read_deepfashion(folder)
    path = folder / "Anno/list_landmarks.txt"
    lines = path.read_text().splitlines()
    for i, line in enumerate(lines[2:], 2):
        name, kind, *rest = line.split()
        lines[i] = " ".join([name, kind, "5", *rest])
    path.write_text("\n".join(lines) + "\n")
    data = read_deepfashion(folder)
    assert np.array_equal(data.points, plain.points)
    assert np.array_equal(data.visibility, plain.visibility)


def test_metrics_by_hand() -> None:
    """Two pictures; groups of four and two attributes; one visible landmark each, one hidden."""
    points = torch.zeros(2, 8, 2)
    seen = torch.zeros(2, 8)
    seen[0, 0], seen[1, 0], seen[1, 6], seen[0, 6] = 1, 1, 1, 0.5
    split = Split(
        ["a", "b"],
        [],
        np.zeros((2, 1, 1, 3), np.uint8),
        torch.ones(2),
        Targets(
            category=torch.tensor([3, 0]),
            attributes={
                "texture": torch.tensor([[1, 0, 0, 1], [0, 0, 1, 0]], dtype=torch.uint8),
                "style": torch.tensor([[1, 0], [0, 0]], dtype=torch.uint8),
            },
            attributes_known=torch.ones(2),
            points=points,
            seen=seen,
            color=torch.full((2,), -1),
            points_known=torch.ones(2),
        ),
    )
    landmarks = np.zeros((2, 8, 2))
    landmarks[0, 0] = 0.3, 0.4  # 0.5 away
    landmarks[1, 6] = 0.0, 0.1  # 0.1 away
    landmarks[0, 6] = 0.9, 0.9  # occluded: not counted
    p = Predictions(
        category=np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]]),
        attributes={
            # Best three of texture: {0,1,2} and {0,1,3}; of style all.
            "texture": np.array([[0.9, 0.8, 0.7, 0.1], [0.9, 0.8, 0.1, 0.7]]),
            "style": np.array([[0.2, 0.3], [0.95, 0.2]]),
        },
        landmarks=landmarks,
        presence=np.zeros((2, 8)),
        color=np.zeros((2, 0)),
    )
    m = benchmark(p, split)
    assert (m["category_top1"], m["category_top3"], m["category_top5"]) == (0, 0, 1)
    assert m["texture_recall3"] == pytest.approx(1 / 3)
    assert m["texture_recall5"] == 1
    assert m["style_recall3"] == 1
    # Of all six together: {t0,t1,t2} holds 1 of 3, {s0,t0,t1} none of 1.
    assert m["all_benchmark_recall3"] == pytest.approx(1 / 4)
    assert m["all_benchmark_recall5"] == pytest.approx(2 / 4)  # t0 and s0; t3 and t2 are last
    assert m["all_group_mean_recall3"] == pytest.approx((1 / 3 + 1) / 2)
    assert m["ne_collar_left"] == pytest.approx(0.25)
    assert m["ne_hem_left"] == pytest.approx(0.1)
    assert np.isnan(m["ne_sleeve_left"])
    assert m["landmark_ne"] == pytest.approx((0.25 + 0.1) / 2)  # the mean of landmarks
    assert m["landmark_ne_over_points"] == pytest.approx((0.5 + 0 + 0.1) / 3)


def tiny_config() -> Config:
    config = load_config(ROOT / "training/configs/deepfashion.toml", epochs=2, batch=6)
    config = with_options(config, "efficientnet_lite0", "none", 32)
    assert config.landmark_feature is not None
    small = dataclasses.replace(config.landmark_feature, glem=16, decoder=8, branch=32)
    fast = dataclasses.replace(config.optimiser, learning_rate=3e-3)
    return dataclasses.replace(config, landmark_feature=small, optimiser=fast)


def test_train_evaluate_and_print_the_papers_tables(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = tmp_path / "tiny"
    training.run(tiny_config(), run, tmp_path, TINY)
    capsys.readouterr()
    arguments = ["evaluate", "--dataset", "deepfashion", "--run", str(run), "--split", "test"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--json", str(tmp_path / "metrics.json")])
    evaluate.main()
    printed = capsys.readouterr().out
    for text in ("Table 1", "Table 2", "90.46", "33.67", "27.30", "48.54", "0.0393", "ours (tiny"):
        assert text in printed
    assert '"all_benchmark_recall3"' in (tmp_path / "metrics.json").read_text()


def test_published_rows_stand_where_they_have_numbers() -> None:
    names = ("texture", "fabric", "shape", "part", "style", "all_benchmark", "all_group_mean")
    ours = {f"{n}_recall{k}": 0.5 for n in names for k in (3, 5)}
    ours |= {f"category_top{k}": 0.5 for k in (3, 5)}
    columns = [f"ne_{side}" for side in LANDMARKS]
    text = tables({**ours, **dict.fromkeys([*columns, "landmark_ne"], 0.05)}, "ours")
    assert "| ours | 50.00 | 50.00 |" in text
    assert text.count("Lee et al. 2020 (the paper) |") == 3
    assert (
        "| Corbiere et al. 2017 [3] | 53.60 | 39.10 | 50.10 | 38.80 | 30.50 | 23.10 | 42.42 |"
        in text
    )
    assert "| Lu et al. 2017 | 86.72 | 92.51 |" in text
    assert "| GLEM landmarks alone |  |  |  |  |  |  |  |  | 0.0393 |" in text
    for row in PUBLISHED:
        assert text.count(f"- {row.name}: {row.source}.") == 1


def test_published_means_of_groups_are_those_printed() -> None:
    """Liu and Lu 2018 print the mean of their groups, which checks the ten numbers."""
    values = next(row for row in PUBLISHED if row.name.startswith("Liu and Lu")).values
    assert values["all_group_mean_recall3"] == pytest.approx(54.69, abs=0.005)
    assert values["all_group_mean_recall5"] == pytest.approx(63.74, abs=0.005)
