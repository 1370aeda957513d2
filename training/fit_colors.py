"""Fit the network that names colours (`worker/colors/naming.ts`): `model/colors.json`.

A picture's main name is a mixture over its clusters' names, fitted to the first label; each other
label should be some cluster's name: the labels do not say which. Several networks from different
seeds are averaged before their softmax, which makes them one wider network.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.colors.garments import (
    jittered,
    look,
    photographs_with_colours,
    pictures_of,
)
from training.labels import ROOT

COLOURS_FILE = ROOT / "model" / "colors.json"
NAMES = [
    *("black", "white", "grey", "navy", "blue", "light_blue", "turquoise", "green", "olive"),
    *("yellow", "orange", "red", "burgundy", "pink", "purple", "brown", "beige"),
    *("multicolor", "metallic"),
]
CLUSTERS = 6

SEED = 20
NETWORKS = 4
HIDDEN = 32
STEPS = 700
BATCH = 256
RATE = 6e-3
DECAY = 0.05
DROPOUT = 0.1
NOISE = 0.05  # on standardised features
COPIES = 3  # of each picture, each with its own landmark jitter
OTHERS = 0.3  # weight of the labels after the first
FORGET_CATEGORY = 0.1  # shoes and hats were never labelled; predicted categories err
FORGET_LANDMARKS = 0.03


class Naming(nn.Module):
    """Clusters' features [n,6,f] and cell counts [n,6] (0: no cluster) to log probabilities:
    main [n,names], and of each name for the cluster where it is likeliest [n,names]."""

    def __init__(self, features: int, categories: int) -> None:
        super().__init__()
        self.input = nn.Linear(features, HIDDEN)
        self.category = nn.Embedding(categories + 1, HIDDEN, padding_idx=0)  # 0: not known
        self.output = nn.Linear(HIDDEN, len(NAMES) + 1)
        nn.init.zeros_(self.category.weight)

    def forward(self, features: Tensor, counts: Tensor, category: Tensor) -> tuple[Tensor, Tensor]:
        hidden = F.relu(self.input(features) + self.category(category)[:, None])
        out = self.output(F.dropout(hidden, DROPOUT, self.training))
        vote = out[..., -1] + counts.clamp_min(1e-9).log()
        share = F.log_softmax(vote.masked_fill(counts == 0, -1e9), 1)
        names = F.log_softmax(out[..., :-1], -1)
        # A cluster of a fiftieth of the garment cannot be one of its colours.
        real = counts > 0.02 * counts.sum(1, keepdim=True)
        likeliest = names.masked_fill(~real[..., None], -1e9).amax(1)
        return torch.logsumexp(names + share[..., None], 1), likeliest


def read_clusters(split: str, copies: int) -> tuple[Tensor, Tensor, list[str], Tensor, Tensor]:
    """Features [n,6,f], counts [n,6], categories, main names [n], other names [n,names]."""
    photos = photographs_with_colours(split)
    rng = np.random.default_rng(SEED)
    garments = [jittered(photo, rng) for _ in range(copies) for photo in photos]
    for garment in garments:
        if rng.random() < FORGET_LANDMARKS:
            garment.presence[:] = [0.0] * 8
    pictures = pictures_of(photos)
    seen = []
    for start in range(0, len(garments), len(photos)):
        seen += look("features", pictures, garments[start : start + len(photos)])
    width = len(seen[0]["features"]) // len(seen[0]["counts"])
    features = torch.zeros(len(seen), CLUSTERS, width)
    counts = torch.zeros(len(seen), CLUSTERS)
    for i, one in enumerate(seen):
        k = len(one["counts"])
        counts[i, :k] = torch.tensor(one["counts"], dtype=torch.float32)
        features[i, :k] = torch.tensor(one["features"]).view(k, width)
    main = torch.tensor([NAMES.index(photo.color[0]) for photo in photos if photo.color])
    others = torch.zeros(len(photos), len(NAMES))
    for i, photo in enumerate(photos):
        for name in (photo.color or ())[1:]:
            others[i, NAMES.index(name)] = float(name != "multicolor")
    ids = [garment.category for garment in garments]
    return features, counts, ids, main.repeat(copies), others.repeat(copies, 1)


def fit(
    features: Tensor,
    counts: Tensor,
    category: Tensor,
    main: Tensor,
    others: Tensor,
    categories: int,
    seed: int,
) -> Naming:
    """One network; `features` standardised."""
    torch.manual_seed(seed)
    net = Naming(features.shape[2], categories)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, STEPS)
    for _ in range(STEPS):
        batch = torch.randint(len(main), (BATCH,))
        noisy = features[batch] + NOISE * torch.randn(BATCH, *features.shape[1:])
        known = (torch.rand(BATCH) >= FORGET_CATEGORY).long()
        said, likeliest = net(noisy, counts[batch], category[batch] * known)
        absent = -(likeliest * others[batch]).sum(1).mean()
        loss = F.nll_loss(said, main[batch]) + OTHERS * absent
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()


def to_record(
    nets: list[Naming], mean: Tensor, deviation: Tensor, categories: list[str]
) -> dict[str, object]:
    """The networks side by side as one, the features' standardising folded in."""

    def rows(x: Tensor) -> list[object]:
        return (x.double().round(decimals=4) + 0.0).tolist()

    weight = torch.cat([net.input.weight for net in nets]) / deviation  # [hidden,features]
    bias = torch.cat([net.input.bias for net in nets]) - weight @ mean
    offset = torch.cat([net.category.weight for net in nets], 1)  # [categories+1,hidden]
    output = torch.cat([net.output.weight for net in nets], 1) / len(nets)
    return {
        "seed": SEED,
        "names": NAMES,
        "input": rows(weight.T),
        "bias": rows(bias),
        "category": {id_: rows(offset[i + 1]) for i, id_ in enumerate(categories)},
        "output": rows(output.T),
        "outputBias": rows(torch.stack([net.output.bias for net in nets]).mean(0)),
    }


def main(out: Path) -> None:
    torch.set_num_threads(1)  # sums in one order: the same file every time
    features, counts, category_ids, names, others = read_clusters("train", COPIES)
    categories = sorted(set(category_ids))
    category = torch.tensor([categories.index(id_) + 1 for id_ in category_ids])
    real = features[counts > 0]
    mean, deviation = real.mean(0), real.std(0)
    standard = (features - mean) / deviation
    nets = [
        fit(standard, counts, category, names, others, len(categories), SEED + i)
        for i in range(NETWORKS)
    ]
    with torch.no_grad():
        record = to_record(nets, mean, deviation, categories)
    out.write_text(json.dumps(record, separators=(",", ":")).replace('],"', '],\n"') + "\n")
    print(f"{out}: fitted to {len(names)} looks at {len(names) // COPIES} pictures")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=COLOURS_FILE)
    main(parser.parse_args().out)
