"""Metrics and losses against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from training.datasets.targets import UNKNOWN
from training.losses import (
    attribute_loss,
    category_loss,
    heatmap_loss,
    squared_heatmap_loss,
    target_heatmaps,
)
from training.metrics import (
    choose_thresholds,
    micro_f1,
    normalised_error,
    recall_at_k,
    top_k,
)


def test_top_k() -> None:
    scores = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.4, 0.35, 0.25]])
    target = np.array([1, 2, UNKNOWN])
    assert top_k(scores, target, 1) == pytest.approx(1 / 3)
    assert top_k(scores, target, 2) == pytest.approx(2 / 3)  # a category not offered is a miss


def test_recall_counts_hits_over_positives() -> None:
    scores = np.array([[0.9, 0.8, 0.1], [0.2, 0.3, 0.4]])
    target = np.array([[1.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    assert recall_at_k(scores, target, 1) == pytest.approx(1 / 3)
    assert recall_at_k(scores, target, 3) == pytest.approx(1.0)


def test_micro_f1() -> None:
    chosen = np.array([[True, True, False]])
    assert micro_f1(chosen, np.array([[1.0, 0.0, 1.0]])) == pytest.approx(0.5)
    assert micro_f1(chosen & False, np.zeros((1, 3))) == 0


def test_normalised_error_ignores_what_is_not_visible() -> None:
    points = np.array([[[0.5, 0.5], [0.0, 0.0]]])
    target = np.array([[[0.2, 0.9], [1.0, 1.0]]])
    assert normalised_error(points, target, np.array([[1.0, 0.0]])) == pytest.approx(0.5)


def test_thresholds_of_rare_labels_stay_near_the_group() -> None:
    rng = np.random.default_rng(0)
    common = rng.random(400) < 0.5
    scores = np.stack([np.where(common, 0.7, 0.3), np.full(400, 0.05)], 1)
    target = np.stack([common.astype(float), np.zeros(400)], 1)
    target[0, 1], scores[0, 1] = 1, 0.12
    frequent, rare = choose_thresholds(scores, target)
    assert 0.4 < frequent < 0.6
    assert rare > 0.3  # its own best, about 0.1, rests on one picture


def test_category_loss_masks_what_the_model_does_not_offer() -> None:
    logits = torch.tensor([[2.0, 0.0], [0.0, 5.0]], requires_grad=True)
    only_first = category_loss(logits, torch.tensor([0, UNKNOWN]), 0.0)
    assert only_first.item() == pytest.approx(math.log(1 + math.exp(-2)), rel=1e-5)
    none = category_loss(logits, torch.tensor([UNKNOWN, UNKNOWN]), 0.1)
    (gradient,) = torch.autograd.grad(none, logits)
    assert none.item() == 0 and torch.equal(gradient, torch.zeros(2, 2))


def test_attribute_loss_weights_positives_and_masks_unknown_rows() -> None:
    logits = torch.zeros(2, 2)
    target = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    loss = attribute_loss(logits, target, torch.tensor([1.0, 0.0]), 3.0)
    assert float(loss) == pytest.approx((3 + 1) / 2 * math.log(2), rel=1e-5)
    halved = attribute_loss(logits, target, torch.tensor([1.0, 0.0]), 3.0, 0.5)
    assert float(halved) == pytest.approx((3 + 0.5) / 2 * math.log(2), rel=1e-5)


def test_squared_heatmap_loss() -> None:
    points = torch.tensor([[[0.5, 0.5], [0.0, 0.0]]])  # the middle of 1 x 3 cells
    heatmaps = torch.zeros(1, 2, 1, 3)
    heatmaps[0, 0, 0, 1] = 0.5
    side = math.exp(-0.5)  # one cell away, sigma 1
    expected = (1 - 0.5) ** 2 + 2 * side**2
    seen = torch.tensor([[1.0, 0.0]])
    assert float(squared_heatmap_loss(heatmaps, points, seen)) == pytest.approx(expected)


def test_heatmap_loss_is_least_at_the_target() -> None:
    points = torch.tensor([[[0.3, 0.6]]])
    ideal = torch.log(target_heatmaps(points, 20, 20) + 1e-12).view(1, 1, 20, 20)
    moved = ideal.roll(3, dims=3)
    seen = torch.ones(1, 1)
    assert float(heatmap_loss(ideal, points, seen)) < float(heatmap_loss(moved, points, seen))
    assert float(heatmap_loss(moved, points, torch.zeros(1, 1))) == 0
