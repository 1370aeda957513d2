"""Landmarks stay on the garment when the picture moves."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from training.augment import augment
from training.config import Augment, load_config
from training.labels import ROOT

SOURCE, SIZE = 96, 64


def knobs(**changes: float) -> Augment:
    still = {f.name: 0.0 for f in dataclasses.fields(Augment)}
    return Augment(**{**still, **changes})


def dots(points: list[tuple[float, float]]) -> Tensor:
    """One picture a landmark: black, with a white 5 x 5 dot at (x, y)."""
    out = torch.zeros(len(points), SOURCE, SOURCE, 3, dtype=torch.uint8)
    for i, (x, y) in enumerate(points):
        cx, cy = int(x * SOURCE), int(y * SOURCE)
        out[i, cy - 2 : cy + 3, cx - 2 : cx + 3] = 255
    return out


def centroid(picture: Tensor) -> tuple[float, float]:
    weight = picture.sum(0)
    grid = (torch.arange(SIZE) + 0.5) / SIZE
    total = weight.sum()
    return float((weight.sum(0) * grid).sum() / total), float((weight.sum(1) * grid).sum() / total)


@pytest.mark.parametrize(
    "change",
    [
        {"rotation": 25.0},
        {"scale": 0.3},
        {"aspect": 0.3},
        {"shift": 0.1},
        {"lie": 1.0},
        {"rotation": 20.0, "scale": 0.2, "aspect": 0.2, "shift": 0.05},
    ],
)
@pytest.mark.parametrize("aspect", [0.75, 1.0, 1.6])
def test_the_dot_is_where_its_landmark_says(change: dict[str, float], aspect: float) -> None:
    where = [(0.42, 0.4), (0.6, 0.45), (0.5, 0.6), (0.55, 0.38)] * 4
    pictures = dots(where)
    points = torch.tensor(where)[:, None, :].repeat(1, 8, 1)
    seen = torch.ones(len(where), 8)
    x, moved, _ = augment(
        pictures,
        torch.full((len(where),), aspect),
        points,
        seen,
        SIZE,
        knobs(**change),
        torch.Generator().manual_seed(5),
    )
    for i in range(len(where)):
        cx, cy = centroid(x[i])
        assert abs(cx - float(moved[i, 0, 0])) < 0.012
        assert abs(cy - float(moved[i, 0, 1])) < 0.012


def test_a_flip_swaps_left_and_right() -> None:
    n = 32
    pictures = torch.zeros(n, SOURCE, SOURCE, 3, dtype=torch.uint8)
    points = torch.full((n, 8, 2), 0.5)
    points[:, 0] = torch.tensor([0.2, 0.3])
    points[:, 1] = torch.tensor([0.7, 0.35])
    seen = torch.zeros(n, 8)
    seen[:, 0], seen[:, 1] = 1.0, 0.5
    _, moved, kept = augment(
        pictures, torch.ones(n), points, seen, SIZE, knobs(), torch.Generator().manual_seed(1)
    )
    flipped = kept[:, 0] == 0.5
    assert 8 < int(flipped.sum()) < 24
    torch.testing.assert_close(moved[flipped][0, 0], torch.tensor([0.3, 0.35]))
    torch.testing.assert_close(moved[~flipped][0, 0], torch.tensor([0.2, 0.3]))
    assert torch.equal(kept[flipped][:, 1], torch.ones(int(flipped.sum())))


def test_a_landmark_outside_the_picture_is_not_seen() -> None:
    points = torch.full((64, 8, 2), 0.99)
    _, moved, seen = augment(
        torch.zeros(64, SOURCE, SOURCE, 3, dtype=torch.uint8),
        torch.ones(64),
        points,
        torch.ones(64, 8),
        SIZE,
        knobs(shift=0.1),
        torch.Generator().manual_seed(2),
    )
    inside = ((moved >= 0) & (moved <= 1)).all(-1)
    assert torch.equal(seen > 0, inside)
    assert 0 < float(inside.float().mean()) < 1


def test_all_knobs_keep_pictures_in_range() -> None:
    config = load_config(Path(ROOT / "training/configs/student.toml"))
    pictures = torch.randint(0, 256, (16, SOURCE, SOURCE, 3)).to(torch.uint8)
    x, _, _ = augment(
        pictures,
        torch.ones(16),
        torch.rand(16, 8, 2),
        torch.ones(16, 8),
        SIZE,
        config.augment,
        torch.Generator().manual_seed(3),
    )
    assert x.shape == (16, 3, SIZE, SIZE)
    assert float(x.min()) >= 0 and float(x.max()) <= 255
    assert torch.isfinite(x).all()


def test_a_garment_on_its_side_lies_with_its_top_to_the_left() -> None:
    n = 8
    points = torch.zeros(n, 8, 2)
    points[:] = torch.tensor([0.5, 0.5])
    points[:, 0] = torch.tensor([0.4, 0.2])  # left collar
    points[:, 6] = torch.tensor([0.3, 0.9])  # left hem
    _, moved, _ = augment(
        torch.zeros(n, SOURCE, SOURCE, 3, dtype=torch.uint8),
        torch.ones(n),
        points,
        torch.ones(n, 8),
        SIZE,
        knobs(lie=1.0),
        torch.Generator().manual_seed(1),
    )
    for collar, hem in zip(moved[:, [0, 1]].tolist(), moved[:, [6, 7]].tolist(), strict=True):
        assert min(c[0] for c in collar) < 0.25 and max(h[0] for h in hem) > 0.85


def test_the_same_draws_give_the_same_view_at_another_size() -> None:
    config = load_config(Path(ROOT / "training/configs/student.toml"))
    knobs = dataclasses.replace(config.augment, noise=0.0, soften=0.0, erase=1.0)
    smooth = torch.rand(6, 3, 6, 6, generator=torch.Generator().manual_seed(1)) * 255
    pictures = F.interpolate(smooth, size=(SOURCE, SOURCE), mode="bicubic").clamp(0, 255)
    pictures = pictures.permute(0, 2, 3, 1).to(torch.uint8)
    views = [
        augment(
            pictures,
            torch.full((6,), 0.8),
            torch.rand(6, 8, 2, generator=torch.Generator().manual_seed(2)),
            torch.ones(6, 8),
            size,
            knobs,
            torch.Generator().manual_seed(4),
        )
        for size in (48, 96)
    ]
    assert torch.equal(views[0][1], views[1][1])
    halved = F.avg_pool2d(views[1][0], 2)
    assert float((halved - views[0][0]).abs().mean()) < 2
