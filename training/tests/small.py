"""A student small enough to train in a test."""

from __future__ import annotations

import dataclasses

from training.networks.dimensions import load_dimensions

SMALL = dataclasses.replace(load_dimensions(), width=0.25, head=64, glem=16, context=16, local=16)
FEATURES = SMALL.head + SMALL.context + SMALL.local  # that its heads read
