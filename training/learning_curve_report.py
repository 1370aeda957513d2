"""The learning curve's table and figure, and the power law through it.

Errors of trained networks fall as a power of the number of examples (Hestness et al. 2017, "Deep
Learning Scaling is Predictable, Empirically"): error = a n^-b, fitted to the runs by least squares
of the logarithms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot as plt

from training.ablation.report import Row, mean_and_spread
from training.card.tables import markdown
from training.datasets.clothing import GROUPS

# What the model card aims at; an error is 1 - score, NE is one already.
GOALS = {
    "category_top1": 0.85,
    "category_top3": 0.96,
    "category_top5": 0.98,
    **dict(zip((f"{g}_f1" for g in GROUPS), (0.84, 0.75, 0.77, 0.72, 0.77), strict=True)),
    "landmark_ne": 0.028,
}
SPLITS = ("val", "test")
MEANINGLESS = 1e5  # photographs: further out the fit's answer is noise


def as_error(metric: str, value: float) -> float:
    return value if metric == "landmark_ne" else 1 - value


@dataclass(frozen=True)
class PowerLaw:
    """error = a n^-b"""

    a: float
    b: float

    def error(self, n: float) -> float:
        return float(self.a * n**-self.b)

    def needed(self, error: float) -> float:
        """How many examples give this error; infinite where no number that means anything does."""
        if self.b <= 0:
            return math.inf
        logarithm = math.log(self.a / error) / self.b
        return math.exp(logarithm) if logarithm < math.log(MEANINGLESS) else math.inf


def fit(counts: list[int], errors: list[float]) -> PowerLaw | None:
    """None where no line goes through: fewer than two different counts, or an error of 0."""
    if len(set(counts)) < 2 or min(errors) <= 0:
        return None
    slope, intercept = np.polyfit(np.log(counts), np.log(errors), 1)
    return PowerLaw(float(np.exp(intercept)), float(-slope))


def points(runs: list[Row], split: str, metric: str) -> tuple[list[int], list[float]]:
    """Photographs and error of every run."""
    counts = [int(r["photographs"]) for r in runs]
    return counts, [as_error(metric, float(r[f"{split}.{metric}"])) for r in runs]


def table(runs: list[Row], split: str) -> str:
    """Metrics down, photographs across: mean ± sd in percent; NE in thousandths."""
    counts = sorted({int(r["photographs"]) for r in runs})
    head = [f"{split}, photographs", *map(str, counts), "b", "goal", "photographs for the goal"]
    rows = []
    for metric, goal in GOALS.items():
        scale = 1000 if metric == "landmark_ne" else 100
        cells = []
        for count in counts:
            own = [r for r in runs if int(r["photographs"]) == count]
            mean, spread = mean_and_spread([float(r[f"{split}.{metric}"]) for r in own])
            cells.append(f"{scale * mean:.1f} ± {scale * spread:.1f}")
        law = fit(*points(runs, split, metric))
        needed = law.needed(as_error(metric, goal)) if law else math.inf
        title = metric.replace("_", " ") + (" x 1000" if scale == 1000 else "")
        cells.append(f"{law.b:.2f}" if law else "-")
        cells.append(f"{scale * goal:.0f}")
        cells.append(f"{needed:,.0f}" if needed < math.inf else "-")
        rows.append([title, *cells])
    return markdown(head, rows) + "\n"


def figure(runs: list[Row], path: Path) -> None:
    """A panel a metric, both axes logarithmic: runs as dots, the power law, the goal."""
    panels = ("category_top1", "texture_f1", "part_f1", "landmark_ne")
    plot, axes = plt.subplots(1, len(panels), figsize=(3.6 * len(panels), 3.6))
    for ax, metric in zip(axes, panels, strict=True):
        for split, color in zip(SPLITS, ("#1668b0", "#c5511c"), strict=True):
            counts, errors = points(runs, split, metric)
            ax.loglog(counts, errors, "o", color=color, markersize=4, label=split)
            line = np.geomspace(min(counts), 16 * max(counts), 50)
            if law := fit(counts, errors):
                ax.loglog(line, [law.error(n) for n in line], color=color, linewidth=1, alpha=0.6)
        ax.axhline(as_error(metric, GOALS[metric]), color="#888", linestyle="--", linewidth=1)
        name = "landmark NE" if metric == "landmark_ne" else f"1 - {metric.replace('_', ' ')}"
        ax.set_title(name, fontsize=10)
        ax.set_xlabel("photographs")
        ax.grid(which="both", alpha=0.2)
        ax.tick_params(labelsize=8)
        ax.tick_params(which="minor", labelsize=6)
    axes[0].legend(fontsize=8)
    plot.tight_layout()
    plot.savefig(path, dpi=110, metadata={"Software": ""})
    plt.close(plot)


def write_report(runs: list[Row], folder: Path) -> None:
    """table.md and curve.png, as soon as there are two different shares."""
    if len({r["photographs"] for r in runs}) < 2:
        return
    (folder / "table.md").write_text("\n".join(table(runs, split) for split in SPLITS))
    figure(runs, folder / "curve.png")
