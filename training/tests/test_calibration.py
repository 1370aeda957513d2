"""Temperatures undo what was done to the logits; ECE is what its definition says."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibration import (
    category_reliability,
    category_temperature,
    group_temperature,
    reliability,
    tempered_sigmoid,
    tempered_softmax,
)


def test_the_category_temperature_is_found() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(4000, 5)) * 2
    true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    target = np.array([rng.choice(5, p=row) for row in true])
    sharp = tempered_softmax(true, 0.4)  # overconfident: its logits are 2.5 times the true ones
    assert category_temperature(sharp, target) == pytest.approx(2.5, rel=0.1)
    fitted = tempered_softmax(sharp, category_temperature(sharp, target))
    assert category_reliability(fitted, target).ece < 0.03
    assert category_reliability(sharp, target).ece > 0.1
    assert np.array_equal(fitted.argmax(1), sharp.argmax(1))


def test_a_groups_temperature_is_found() -> None:
    rng = np.random.default_rng(2)
    true = 1 / (1 + np.exp(-rng.normal(size=(3000, 4)) * 2))
    target = (rng.random(true.shape) < true).astype(float)
    flat = tempered_sigmoid(true, 2.0)
    assert group_temperature(flat, target) == pytest.approx(0.5, rel=0.1)


def test_ece_by_hand() -> None:
    confidence = np.array([0.95, 0.91, 0.55, 0.55])
    right = np.array([True, False, True, True])
    r = reliability(confidence, right)
    assert r.counts[9] == 2 and r.counts[5] == 2
    assert r.ece == pytest.approx((2 * abs(0.93 - 0.5) + 2 * abs(0.55 - 1)) / 4)
