"""Figures of a run."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

PANELS = (
    ("loss", ("loss_total", "loss_category", "loss_attributes")),
    ("validation category", ("category_top1", "category_top3")),
    ("validation micro-F1", ("texture_f1", "fabric_f1", "shape_f1", "part_f1", "style_f1")),
    ("validation landmark NE", ("landmark_ne",)),
)


def plot_curves(curves: list[dict[str, float]], path: Path) -> None:
    """One panel a quantity, epochs along the bottom."""
    figure, axes = plt.subplots(1, len(PANELS), figsize=(4 * len(PANELS), 3), layout="constrained")
    epochs = [row["epoch"] for row in curves]
    for ax, (title, names) in zip(axes, PANELS, strict=True):
        for name in (n for n in names if n in curves[0]):
            ax.plot(epochs, [row[name] for row in curves], label=name.removeprefix("loss_"))
        ax.set_title(title)
        ax.set_xlabel("epoch")
        if ax.lines:
            ax.legend(fontsize=7)
        ax.grid(alpha=0.3)
    figure.savefig(path, dpi=110)
    plt.close(figure)
