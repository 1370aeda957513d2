"""DeepFashion's protocol, and the paper's Tables 1 and 2 with the published rows beside ours.

Category: top-k accuracy. Attributes: recall = hits / positives, the k best taken within a group.
"All" has two definitions in print, reported under different names: `all_benchmark`, the k best of
all 1000 attributes together (Liu et al. 2016; the paper's 27.30), and `all_group_mean`, the mean
of the five groups (what others print). Landmarks: normalised error, the mean distance in fractions
of the crop's width and height over visible landmarks.
"""

from __future__ import annotations

import numpy as np

from training.data import Split
from training.datasets.clothing import GROUPS
from training.datasets.deepfashion import LANDMARKS
from training.metrics import Predictions, normalised_error, recall_at_k, top_k
from training.published import PUBLISHED


def benchmark(p: Predictions, split: Split) -> dict[str, float]:
    """Every number of the protocol; `choice` by which epochs are compared."""
    t = split.targets
    target = {g: v.numpy() for g, v in t.attributes.items()}
    out = {f"category_top{k}": top_k(p.category, t.category.numpy(), k) for k in (1, 3, 5)}
    for k in (3, 5):
        for group, scores in p.attributes.items():
            out[f"{group}_recall{k}"] = recall_at_k(scores, target[group], k)
        out[f"all_benchmark_recall{k}"] = recall_at_k(
            np.concatenate([p.attributes[g] for g in target], axis=1),
            np.concatenate([target[g] for g in target], axis=1),
            k,
        )
        groups = [out[f"{g}_recall{k}"] for g in target]
        out[f"all_group_mean_recall{k}"] = float(np.mean(groups))
    points, visible = t.points.double().numpy(), (t.seen == 1).double().numpy()
    for i, name in enumerate(LANDMARKS):
        own = normalised_error(p.landmarks[:, i], points[:, i], visible[:, i])
        out[f"ne_{name}"] = own if visible[:, i].any() else float("nan")
    each = [out[f"ne_{name}"] for name in LANDMARKS]
    out["landmark_ne"] = float(np.nanmean(each)) if visible.any() else float("nan")
    out["landmark_ne_over_points"] = normalised_error(p.landmarks, points, visible)
    out["choice"] = (
        out["category_top3"] + out["all_group_mean_recall3"] - 2 * out["landmark_ne_over_points"]
    )
    return out


ATTRIBUTE_COLUMNS = (*GROUPS, "all_benchmark", "all_group_mean")
TABLES = {
    "Table 1: category, top-k accuracy in percent": ("category_top3", "category_top5"),
    "Table 2: attributes, top-3 recall in percent": tuple(
        f"{c}_recall3" for c in ATTRIBUTE_COLUMNS
    ),
    "Table 2: attributes, top-5 recall in percent": tuple(
        f"{c}_recall5" for c in ATTRIBUTE_COLUMNS
    ),
    "Landmarks: normalised error": (*(f"ne_{name}" for name in LANDMARKS), "landmark_ne"),
}


def tables(metrics: dict[str, float], ours: str) -> str:
    """Markdown: the published rows that have a table's columns, then ours."""
    parts = []
    for title, columns in TABLES.items():
        error = "ne" in columns[0].split("_")
        own = {c: metrics[c] * (1 if error else 100) for c in columns}
        printed = [(p.name, p.values) for p in PUBLISHED if any(c in p.values for c in columns)]
        lines = [f"**{title}**", "", "|  | " + " | ".join(columns) + " |"]
        lines.append("| --- |" + " --- |" * len(columns))
        for name, values in [*printed, (ours, own)]:
            digits = 4 if error else 2
            cells = [f"{values[c]:.{digits}f}" if c in values else "" for c in columns]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        parts.append("\n".join(lines))
    sources = [f"- {p.name}: {p.source}." for p in PUBLISHED]
    return "\n\n".join(parts) + "\n\nPublished rows:\n" + "\n".join(sources) + "\n"
