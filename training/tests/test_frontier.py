"""The frontier's figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.frontier_figure import draw


def test_points_become_a_picture(tmp_path: Path) -> None:
    row = {"size": 160, "width": 1, "blocks": 16, "int8": 0.77, "how": "trained"}
    points = tmp_path / "points.json"
    points.write_text(
        json.dumps([{**row, "ms": 4.5, "shipped": True}, {**row, "ms": 3.0, "shipped": False}])
    )
    picture = draw(points)
    assert picture.name == "points.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_no_points_no_picture(tmp_path: Path) -> None:
    (tmp_path / "points.json").write_text("[]")
    with pytest.raises(ValueError, match="holds no points"):
        draw(tmp_path / "points.json")
