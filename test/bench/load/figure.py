"""Draws what `npm run bench:load` measured: `figure.py FIGURE.png RESULT.json...`."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

NAMES = {"uploads": "uploads", "plain": "plain pipeline", "webhooks": "webhooks, to 202"}
Series = list[tuple[str, list[dict[str, Any]]]]


def series(results: list[dict[str, Any]]) -> Series:
    """Every measured target and size, by name."""
    found = []
    for result in results:
        megapixels = result.get("photographs", {}).get("megapixels")
        size = f", {megapixels} MP" if megapixels else ""
        for key, name in NAMES.items():
            if key in result:
                label = name if key == "webhooks" else name + size
                found.append((label, result[key]["steps"]))
    return found


def draw_load(lines: Series, rate: Axes, latency: Axes) -> None:
    """Answered rate and latency against the offered rate."""
    for name, steps in lines:
        offered = [step["offered"] for step in steps]
        (line,) = rate.plot(offered, [step["achieved"] for step in steps], "o-", label=name)
        color = line.get_color()
        for quantile, style in (("p50", "-"), ("p95", "--"), ("p99", ":")):
            label = name if quantile == "p50" else None
            values = [step[quantile] for step in steps]
            latency.plot(offered, values, style, color=color, label=label)
    left, right = rate.get_xlim()
    rate.plot([left, right], [left, right], color="0.8", zorder=0)
    rate.set(title="Throughput", xlabel="offered, requests/s", ylabel="answered well, requests/s")
    rate.set(xscale="log", yscale="log")
    latency.set(
        title="Latency: p50 solid, p95 dashed, p99 dotted", ylabel="ms from when it was due"
    )
    latency.set(xlabel="offered, requests/s", xscale="log", yscale="log")
    rate.legend(fontsize="small")
    latency.legend(fontsize="small")


def draw_soak(soak: dict[str, Any], memory: Axes) -> None:
    """Memory over the uploads: the isolate's own after a collection, and all of workerd's."""
    samples = soak["samples"]
    uploads = [s["uploads"] for s in samples]
    memory.plot(uploads, [s["rss_mib"] for s in samples], label="workerd, resident")
    memory.plot(uploads, [s["live_mib"] for s in samples], label="the isolate, live")
    idle = soak["idle"]["samples"]
    idle_rss = [s["rss_mib"] for s in idle]
    memory.plot(
        uploads, idle_rss, ":", color="0.5", label="workerd with a Worker that does nothing"
    )
    memory.set(title="Soak", xlabel="uploads", ylabel="MiB", ylim=(0, None))
    memory.legend(loc="center right", fontsize="small")


def main(path: str, *names: str) -> None:
    """One figure of all results."""
    results = [json.loads(Path(name).read_text()) for name in names]
    figure, (rate, latency, memory) = plt.subplots(1, 3, figsize=(15, 4.4), layout="constrained")
    draw_load(series(results), rate, latency)
    for result in results:
        if "soak" in result:
            draw_soak(result["soak"], memory)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
