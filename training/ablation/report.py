"""The ablation's table (CSV and Markdown) and figure, from its runs."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from training.ablation.trial import GROUPS
from training.ablation.variants import VARIANTS

Row = dict[str, str]
PERCENT = {
    "category_top1": "category top-1",
    "category_top3": "category top-3",
    **{f"{g}_recall3": f"{g} recall@3" for g in GROUPS},
    **{f"{g}_f1": f"{g} micro-F1" for g in GROUPS},
}


def read_runs(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open() as file:
        return list(csv.DictReader(file))


def write_rows(rows: list[Row], path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def values(runs: list[Row], variant: str, metric: str) -> list[float]:
    return [float(r[metric]) for r in runs if r["variant"] == variant]


def mean_and_spread(found: list[float]) -> tuple[float, float]:
    """Mean and sample standard deviation over seeds (0 for one seed)."""
    return statistics.mean(found), statistics.stdev(found) if len(found) > 1 else 0.0


def present(runs: list[Row]) -> list[str]:
    """The variants that have runs, in the table's order."""
    return [v for v in VARIANTS if any(r["variant"] == v for r in runs)]


def summary(runs: list[Row]) -> list[Row]:
    """A row a variant and metric: mean, spread, and seeds."""
    metrics = [name for name in runs[0] if name.startswith(("val.", "test."))]
    rows = []
    for variant in present(runs):
        for metric in metrics:
            found = values(runs, variant, metric)
            mean, spread = mean_and_spread(found)
            rows.append(
                {
                    "variant": variant,
                    "metric": metric,
                    "mean": f"{mean:.5f}",
                    "sd": f"{spread:.5f}",
                    "seeds": str(len(found)),
                }
            )
    return rows


def markdown(runs: list[Row], split: str) -> str:
    """Variants down, metrics across: mean ± sd in percent; NE in thousandths."""
    names = [*PERCENT, "landmark_ne"]
    titles = [*PERCENT.values(), "landmark NE x 1000"]
    lines = [
        f"| {split} | parameters of the heads | " + " | ".join(titles) + " |",
        "| --- |" + " --- |" * (len(titles) + 1),
    ]
    for variant in present(runs):
        cells = []
        for name in names:
            mean, spread = mean_and_spread(values(runs, variant, f"{split}.{name}"))
            scale = 1000 if name == "landmark_ne" else 100
            cells.append(f"{scale * mean:.1f} ± {scale * spread:.1f}")
        if not VARIANTS[variant].landmarks:
            cells[-1] = "-"
        heads = values(runs, variant, "head_parameters")[0] / 1e6
        lines.append(f"| {VARIANTS[variant].title} | {heads:.2f} M | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def figure(runs: list[Row], split: str, path: Path) -> None:
    """A panel a metric: every seed a dot, mean and standard deviation a bar."""
    panels = ["category_top1", "category_top3", *(f"{g}_recall3" for g in GROUPS)]
    variants = present(runs)
    plot, axes = plt.subplots(1, len(panels), figsize=(2.3 * len(panels) + 3, 3.4), sharey=True)
    for ax, name in zip(axes, panels, strict=True):
        for y, variant in enumerate(variants):
            found = [100 * v for v in values(runs, variant, f"{split}.{name}")]
            mean, spread = mean_and_spread(found)
            ax.errorbar(mean, y, xerr=spread, fmt="|", color="black", capsize=3, markersize=12)
            ax.plot(found, [y] * len(found), "o", markersize=4, alpha=0.6)
        ax.set_title(PERCENT[name], fontsize=9)
        ax.grid(axis="x", alpha=0.3)
        ax.tick_params(labelsize=8)
    axes[0].set_yticks(range(len(variants)), [VARIANTS[v].title for v in variants], fontsize=8)
    axes[0].invert_yaxis()
    seeds = len({r["seed"] for r in runs})
    plot.suptitle(f"{split}: percent, {seeds} seeds, mean and standard deviation", fontsize=10)
    plot.tight_layout()
    plot.savefig(path, dpi=110)
    plt.close(plot)


def write_report(runs: list[Row], folder: Path) -> None:
    write_rows(summary(runs), folder / "table.csv")
    (folder / "table.md").write_text("\n".join(markdown(runs, s) for s in ("val", "test")))
    for split in ("val", "test"):
        figure(runs, split, folder / f"{split}.png")
