"""One variant and seed: heads trained on cached maps, scored on val and test."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator

import torch
from torch import nn

from training.ablation.maps import Maps
from training.config import Config
from training.data import Split
from training.labels import Labels
from training.loop import rate, update_average
from training.losses import joint_loss
from training.metrics import Predictions
from training.networks.landmark_feature import LandmarkFeatureNetwork
from training.networks.outputs import Outputs
from training.predict import collect
from training.resume import step_seed
from training.score import chosen_thresholds, score
from training.tasks import parameter_groups


def train_heads(
    config: Config, labels: Labels, maps: Maps, photographs: int, device: torch.device
) -> LandmarkFeatureNetwork:
    """The averaged network after the last epoch. Each epoch sees one view of each photograph."""
    torch.manual_seed(config.seed)
    assert config.landmark_feature is not None
    network = LandmarkFeatureNetwork(
        labels, config.landmark_feature, 0.0, config.network.dropout, config.loss.squared_heatmaps
    )
    if config.network.weights == "imagenet":
        network.load_pretrained()
    network.trunk.requires_grad_(False)
    network = network.to(device)
    average = copy.deepcopy(network).requires_grad_(False)
    groups = parameter_groups(network.named_parameters(), network.PRETRAINED, network.HEADS, config)
    optimiser = torch.optim.AdamW(groups)
    views = len(maps) // photographs
    steps = max(photographs // config.batch, 1)
    network.train()
    for epoch in range(config.epochs):
        rng = torch.Generator().manual_seed(step_seed(config.seed, epoch, 0))
        order = torch.randperm(photographs, generator=rng)
        view = (torch.arange(photographs) + epoch) % views
        for step in range(steps):
            chosen = order[step * config.batch : (step + 1) * config.batch]
            rows = view[chosen] * photographs + chosen
            torch.manual_seed(step_seed(config.seed, epoch, step))
            factor = rate(epoch + step / steps, config)
            for group in optimiser.param_groups:
                group["lr"] = config.optimiser.learning_rate * group["factor"] * factor
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                out = network.from_features(maps.features(rows, device))
            terms = joint_loss(out, maps.targets[rows].to(device), config.loss)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(terms["total"])
            nn.utils.clip_grad_norm_(network.parameters(), config.optimiser.clip)
            optimiser.step()
            update_average(average, network, config.optimiser.ema, epoch * steps + step)
    renew_norms(average, maps, config, device)
    return average.eval()


@torch.no_grad()
def renew_norms(
    network: LandmarkFeatureNetwork,
    maps: Maps,
    config: Config,
    device: torch.device,
    batches: int = 30,
) -> None:
    """Batch-norm statistics of the averaged weights, anew: after a short run they would lag, and
    more so the more fresh layers a variant has.
    """
    network.eval()
    for name, module in network.named_modules():
        if isinstance(module, nn.BatchNorm2d) and not name.startswith("trunk."):
            module.reset_running_stats()
            module.momentum = None  # a plain mean
            module.train()
    rng = torch.Generator().manual_seed(config.seed)
    for _ in range(batches):
        rows = torch.randint(len(maps), (config.batch,), generator=rng)
        network.from_features(maps.features(rows, device))


@torch.no_grad()
def predict_maps(
    network: LandmarkFeatureNetwork, maps: Maps, device: torch.device, batch: int = 128
) -> Predictions:
    def answers() -> Iterator[Outputs]:
        for rows in torch.split(torch.arange(len(maps)), batch):
            yield network.from_features(maps.features(rows, device))

    return collect(answers())


def trial(
    config: Config,
    labels: Labels,
    maps: dict[str, Maps],
    splits: dict[str, Split],
    device: torch.device,
) -> dict[str, float]:
    """Metrics named `val.*` and `test.*`; thresholds of test are chosen on val."""
    start = time.process_time()
    photographs = len(splits["train"].photos)
    network = train_heads(config, labels, maps["train"], photographs, device)
    seconds = time.process_time() - start
    predicted = {s: predict_maps(network, maps[s], device) for s in ("val", "test")}
    thresholds = chosen_thresholds(predicted["val"], splits["val"])
    heads = sum(p.numel() for p in network.parameters()) - sum(
        p.numel() for p in network.trunk.parameters()
    )
    row: dict[str, float] = {"cpu_seconds": round(seconds, 1), "head_parameters": heads}
    for name, p in predicted.items():
        metrics = score(p, splits[name], thresholds if name == "test" else None)
        row.update({f"{name}.{k}": v for k, v in metrics.items() if k in REPORTED})
    return row


GROUPS = ("texture", "fabric", "shape", "part", "style")
REPORTED = (
    *(f"category_top{k}" for k in (1, 3, 5)),
    *(f"{g}_recall3" for g in GROUPS),
    *(f"{g}_f1" for g in GROUPS),
    "landmark_ne",
)
