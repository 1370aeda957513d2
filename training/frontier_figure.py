"""Accuracy against time, as a figure beside its points: `python -m training frontier --draw FILE`.

The file holds rows: `size`, `blocks` of the trunk, `width`, `int8` (top-1 on val, 0..1), `ms` (the
int8 trunk, `npm run bench:sizes`), `how` it was trained, `shipped`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

BUDGET = 4.0  # ms, of the trunk
WHOLE = 16  # blocks of EfficientNet-Lite0


def draw(points: Path) -> Path:
    """Writes the PNG beside `points`. Raises `ValueError` where there are none."""
    rows: list[dict[str, Any]] = json.loads(points.read_text())
    if not rows:
        raise ValueError(f"{points} holds no points")
    figure, axes = plt.subplots(figsize=(7, 5), dpi=120)
    axes.axvline(BUDGET, color="#bbb", linewidth=1, linestyle="--")
    axes.text(BUDGET, min(100 * r["int8"] for r in rows), " budget", color="#888", va="bottom")
    for how in dict.fromkeys(r["how"] for r in rows):
        own = sorted((r for r in rows if r["how"] == how), key=lambda r: float(r["ms"]))
        x, y = [r["ms"] for r in own], [100 * r["int8"] for r in own]
        axes.plot(x, y, marker="o", linewidth=1, label=how)
        for r in own:
            shape = f", {r['blocks']} blocks" if r["blocks"] != WHOLE else ""
            shape += f", width {r['width']:g}" if r["width"] != 1 else ""
            name = f"{r['size']} px{shape}" + (", shipped" if r["shipped"] else "")
            at = (r["ms"], 100 * r["int8"])
            axes.annotate(name, at, xytext=(6, -11), textcoords="offset points", fontsize=8)
    axes.set_xlabel("int8 trunk, ms a picture, one thread")
    axes.set_ylabel("category top-1 on val, int8, %")
    axes.margins(x=0.25, y=0.15)
    axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), frameon=False)
    axes.grid(alpha=0.25)
    figure.tight_layout()
    out = points.with_suffix(".png")
    figure.savefig(out, metadata={"Software": ""})
    plt.close(figure)
    return out
