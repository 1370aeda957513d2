"""The rows of the ablation: the same network but for how landmarks reach recognition."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from training.config import Config


@dataclass(frozen=True)
class Variant:
    title: str
    join: str
    group_heads: bool = False
    landmarks: bool = True  # whether the landmark branch is taught landmarks


# In the order of the table. Comparators after the paper's tables: what is compared is the way
# landmarks are used, on one trunk and one recipe, not those papers' whole systems.
VARIANTS = {
    "none": Variant("no landmark branch (after Corbiere et al. 2017)", "none"),
    "pooled": Variant("pooled at landmarks (after Liu et al. 2016)", "pooled"),
    "attention": Variant("landmark attention (after Wang et al. 2018)", "attention"),
    "plain": Variant("GLEM, plain join (the paper)", "plain"),
    "untaught": Variant("GLEM, plain join, landmarks untaught (control)", "plain", landmarks=False),
    "gate": Variant("GLEM, gate", "gate"),
    "gate_groups": Variant("GLEM, gate, group heads", "gate", group_heads=True),
}


def configured(base: Config, variant: Variant, seed: int) -> Config:
    """The configuration of one run. Raises `ValueError` where the base has no landmark network."""
    if base.landmark_feature is None:
        raise ValueError("the ablation needs a configuration with [landmark_feature]")
    knobs = dataclasses.replace(
        base.landmark_feature, join=variant.join, group_heads=variant.group_heads
    )
    loss = base.loss
    if not variant.landmarks:
        loss = dataclasses.replace(loss, heatmaps=0.0, coordinates=0.0, presence=0.0)
    return dataclasses.replace(base, seed=seed, landmark_feature=knobs, loss=loss)
