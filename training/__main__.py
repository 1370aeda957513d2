"""The one entry: `python -m training <stage> [options]`; every stage has `--help`."""

from __future__ import annotations

import importlib
import sys

STAGES = {
    "negatives": ("training.datasets.negatives", "make pictures without a garment"),
    "teacher": ("training.train", "train the landmark-feature network (configs/teacher.toml)"),
    "student": ("training.train", "train the student on the labels alone (configs/student.toml)"),
    "start": (
        "training.start",
        "a checkpoint as a run's initial weights and teacher, or shallower",
    ),
    "distill": (
        "training.train",
        "train the student on teachers and labels (configs/distill.toml)",
    ),
    "soup": ("training.soup", "the mean of several runs' weights"),
    "qat": ("training.train", "train the student as it is served, in int8 (configs/qat.toml)"),
    "frontier": ("training.frontier", "score a student at several input sizes, as quantised"),
    "ablation": ("training.ablation.__main__", "compare ways of using landmarks, several seeds"),
    "curve": (
        "training.learning_curve",
        "train on shares of the photographs: what more would bring",
    ),
    "export": ("training.export", "write the checkpoint that the build reads"),
    "evaluate": ("training.evaluate", "score a checkpoint on a split"),
    "card": ("training.card.__main__", "measure, draw and fill in the model card"),
}
RUNS = (
    "teacher",
    "student",
    "distill",
    "qat",
    "landmarks",
)  # stages of `training.train`, by configuration


def usage() -> str:
    lines = [f"  {name:<10} {what}" for name, (_, what) in STAGES.items()]
    return "\n".join([__doc__ or "", "", *lines, ""])


def main(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help"):
        print(usage())
        return 0 if argv else 2
    stage, *rest = argv
    if stage not in STAGES:
        print(f"python -m training: no stage {stage!r}\n{usage()}", file=sys.stderr)
        return 2
    module = importlib.import_module(STAGES[stage][0])
    sys.argv = [f"python -m training {stage}", *rest]
    if stage in RUNS:
        module.main(rest, stage, stage)
    else:
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
