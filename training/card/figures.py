"""Figures of the model card."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
import torch
from matplotlib import pyplot as plt
from torch import nn

from training.calibration import BINS, Reliability
from training.labels import load_labels
from training.metrics import Array
from training.predict import predict
from training.preprocess import Preprocess, area_resize, open_upright


def plot_confusion(shares: Array, counts: list[int], path: Path) -> None:
    """`shares` [C,C] of each row; categories without a photograph are left out of the rows."""
    names = load_labels().category
    rows = [i for i, n in enumerate(counts) if n]
    figure, ax = plt.subplots(figsize=(9, 8), layout="constrained")
    ax.imshow(shares[rows], cmap="viridis", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    ax.set_yticks(range(len(rows)), [f"{names[i]} ({counts[i]})" for i in rows], fontsize=7)
    for y, i in enumerate(rows):
        for x in range(len(names)):
            if shares[i, x] >= 0.05:
                shade = "black" if shares[i, x] > 0.6 else "white"
                ax.text(
                    x,
                    y,
                    f"{100 * shares[i, x]:.0f}",
                    ha="center",
                    va="center",
                    fontsize=6,
                    color=shade,
                )
    ax.set_xlabel("said")
    ax.set_ylabel("labelled (photographs)")
    ax.set_title("Category: shares of each label's photographs, %")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def plot_reliability(before: Reliability, after: Reliability, path: Path) -> None:
    """How often the first category is right, by how sure the network is of it."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained", sharey=True)
    for ax, found, title in zip(
        axes, (before, after), ("logits as trained", "divided by the temperature"), strict=True
    ):
        centres = (np.arange(BINS) + 0.5) / BINS
        ax.bar(centres, found.accuracy, width=0.9 / BINS, color="#4477aa", label="right")
        ax.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
        for x, n, y in zip(centres, found.counts, found.accuracy, strict=True):
            if n:
                ax.text(x, y + 0.01, str(n), ha="center", fontsize=7)
        ax.set_title(f"{title}: ECE {found.ece:.3f}")
        ax.set_xlabel("score of the first category")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1.08)
    axes[0].set_ylabel("share that is right")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def plot_drawn(files: list[Path], network: nn.Module, record: Preprocess, path: Path) -> None:
    """Drawn garments with what the network says: landmarks that it finds, first two categories,
    attributes from 0.5.
    """
    labels = load_labels()
    pictures = [open_upright(file) for file in files]
    squares = np.stack([area_resize(picture, record.size) for picture in pictures])
    p = predict(network, squares, record, torch.device("cpu"))
    figure, axes = plt.subplots(
        1, len(files), figsize=(2.6 * len(files), 4.2), layout="constrained"
    )
    for i, ax in enumerate(np.atleast_1d(axes)):
        height, width = pictures[i].shape[:2]
        ax.imshow(pictures[i])
        marks = p.landmarks[i][p.presence[i] >= 0.5]
        ax.scatter(marks[:, 0] * width, marks[:, 1] * height, s=30, c="#ee6677", edgecolors="white")
        best = np.argsort(-p.category[i])[:2]
        title = "\n".join(f"{labels.category[c]} {p.category[i][c]:.2f}" for c in best)
        ax.set_title(title, fontsize=9)
        said = [
            ids[k]
            for group, ids in labels.attributes.items()
            for k in np.nonzero(p.attributes[group][i] >= 0.5)[0]
        ]
        ax.set_xlabel(
            "\n".join(", ".join(said[k : k + 3]) for k in range(0, len(said), 3)), fontsize=7
        )
        ax.set_xticks([])
        ax.set_yticks([])
    figure.savefig(path, dpi=110)
    plt.close(figure)
