"""Draws what `npm run bench:load` measured: `figure.py load.json figure.png`."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

NAMES = {"uploads": "uploads", "plain": "plain pipeline", "webhooks": "webhooks, to 202"}


def draw(result: dict[str, Any], path: Path) -> None:
    """Answered rate and latency against the offered rate, and memory over the soak."""
    figure, (rate, latency, memory) = plt.subplots(1, 3, figsize=(14, 4.2), layout="constrained")
    for key, name in NAMES.items():
        measured = result.get(key)
        if not measured:
            continue
        steps = measured["steps"] if isinstance(measured, dict) else measured
        offered = [step["offered"] for step in steps]
        (line,) = rate.plot(offered, [step["achieved"] for step in steps], "o-", label=name)
        for quantile, style in (("p50", "-"), ("p95", "--"), ("p99", ":")):
            latency.plot(
                offered,
                [step[quantile] for step in steps],
                style,
                color=line.get_color(),
                label=f"{name}, {quantile}",
            )
    limit = rate.get_xlim()[1]
    rate.plot([0, limit], [0, limit], color="0.8", zorder=0)
    rate.set(xlabel="offered, requests/s", ylabel="answered well, requests/s", title="Throughput")
    latency.set(xlabel="offered, requests/s", ylabel="ms from when it was due", title="Latency")
    latency.set(xscale="log", yscale="log")
    soak = result.get("soak")
    if soak:
        count = len(soak["memory_mib"])
        memory.plot([soak["requests"] * i / (count - 1) for i in range(count)], soak["memory_mib"])
        memory.set(ylim=(0, None))
    memory.set(xlabel="uploads", ylabel="workerd's memory, MiB", title="Soak")
    rate.legend()
    latency.legend(fontsize="x-small")
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
