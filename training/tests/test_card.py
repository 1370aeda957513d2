"""Tables say what was measured, between their markers; per-class numbers by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training.calibration import reliability
from training.card.measure import Answered, category_rows, confusion
from training.card.tables import categories, fill, side_by_side
from training.card.told import told
from training.data import Split
from training.datasets.clothing import Photograph
from training.datasets.targets import encode
from training.labels import load_labels
from training.metrics import Predictions


def answered(labelled: list[str], said: list[str]) -> Answered:
    labels = load_labels()
    photos = [Photograph(str(i), "test", c, None, None, None) for i, c in enumerate(labelled)]
    n = len(photos)
    category = np.zeros((n, len(labels.category)))
    category[np.arange(n), [labels.category.index(c) for c in said]] = 1
    predictions = Predictions(
        category,
        {g: np.zeros((n, len(ids))) for g, ids in labels.attributes.items()},
        np.zeros((n, 8, 2)),
        np.zeros((n, 8)),
        np.zeros((n, 19)),
    )
    empty = reliability(np.array([0.5]), np.array([True]))
    split = Split(
        photos, [], np.zeros((0, 1, 1, 3), np.uint8), torch.ones(n), encode(photos, 0, labels)
    )
    return Answered(split, predictions, {}, empty, empty)


def test_rows_of_the_categories() -> None:
    found = answered(["tee", "tee", "tee", "shirt"], ["tee", "tee", "top", "tee"])
    rows = {row["label"]: row for row in category_rows(found)}
    assert rows["tee"]["count"] == 3
    assert rows["tee"]["precision"] == pytest.approx(2 / 3)
    assert rows["tee"]["recall"] == pytest.approx(2 / 3)
    assert rows["tee"]["confused"] == "top"
    assert rows["shirt"]["recall"] == 0 and rows["shirt"]["confused"] == "tee"
    assert "| tee | 3 | 67 % | 67 % | 67 % | top |" in categories(category_rows(found))
    names = load_labels().category
    shares = confusion(found)
    assert shares[names.index("tee"), names.index("top")] == pytest.approx(1 / 3)
    assert shares[names.index("hat")].sum() == 0


def test_the_card_is_filled_between_its_markers() -> None:
    results = {"test": {"int8": {"category_top1": 0.8123, "landmark_ne": 0.02951}}}
    table = side_by_side(results)
    assert "| category top-1 | 81.2 % | 95.7 % |" in table
    assert "| landmark NE | 0.0295 | 0.0170 |" in table
    card = "# Card\n<!-- results -->\nstale\n<!-- /results -->\nend\n"
    once = fill(card, {"results": table})
    assert "stale" not in once and table in once and once.endswith("end\n")
    assert fill(once, {"results": table}) == once
    with pytest.raises(ValueError, match="categories"):
        fill(card, {"categories": table})


def test_told_the_coarse_label() -> None:
    names = load_labels().category
    tee, shirt, hat = (names.index(c) for c in ("tee", "shirt", "hat"))

    def photo(category: str, coarse: str) -> Photograph:
        return Photograph("x", "train", category, None, None, None, coarse)

    train = [*[photo("tee", "T-Shirt")] * 9, photo("tee", "Shirt"), *[photo("shirt", "Shirt")] * 9]
    category = np.zeros((2, len(names)))
    category[:, tee], category[:, shirt], category[:, hat] = 0.6, 0.3, 0.1
    informed = told(category, [photo("shirt", "Shirt"), photo("tee", "T-Shirt")], train)
    assert informed.sum(1) == pytest.approx([1, 1])
    # tee: (1 + .5) / 11 of its photographs say Shirt; shirt: 9.5 / 10; hat, never seen: a half
    weights = np.array([0.6 * 1.5 / 11, 0.3 * 9.5 / 10, 0.1 * 0.5])
    assert informed[0, [tee, shirt, hat]] == pytest.approx(weights / weights.sum())
    assert informed.argmax(1).tolist() == [shirt, tee]
