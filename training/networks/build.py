"""A configuration's network."""

from __future__ import annotations

from training.config import Config
from training.labels import Labels
from training.networks.dimensions import Dimensions
from training.networks.landmark_feature import LandmarkFeatureNetwork
from training.networks.student import Student

Tagger = Student | LandmarkFeatureNetwork


def build_network(config: Config, labels: Labels, dimensions: Dimensions | None = None) -> Tagger:
    """The paper's network where the configuration has `[landmark_feature]`, else the student.

    `dimensions` of the student; none: today's.
    """
    n = config.network
    if config.landmark_feature is None:
        return Student(labels, n.drop_path, n.dropout, dimensions)
    return LandmarkFeatureNetwork(
        labels,
        config.landmark_feature,
        n.drop_path,
        n.dropout,
        squared=config.loss.squared_heatmaps,
    )
