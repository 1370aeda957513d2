"""A checkpoint as the start of a run: initial weights, and a teacher.

`git show REVISION:PATH` puts an older checkpoint and its dimensions into files. Where
model/student.json has fewer blocks in a stage, the stage loses its last ones: such a block adds to
its input, so the network still works, a little worse. Where it is narrower, the channels that
matter least go, and the rest must learn anew. Where heads have got new inputs (`local`), these
begin with weights of zero. Writes `best.pt` (that a configuration's `weights` can name; with the
learnt ranges where depth and width are the same) and `teacher/` (that its `teachers` can name).
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from training.checkpoint import QUANT, ranges_of
from training.config import load_config, save_config
from training.labels import ROOT, load_labels
from training.networks.dimensions import load_dimensions, save_dimensions
from training.networks.efficientnet_lite import published_repeats, renumbered
from training.networks.narrowed import narrowed
from training.networks.student import Student
from training.resume import save


def widened(state: dict[str, Tensor], student: Student) -> dict[str, Tensor]:
    """Heads get columns of zeros for inputs that they had not: they answer as before."""
    own = student.state_dict()
    heads = [name for name, tensor in state.items() if tensor.dim() == 2]  # linear layers
    padded = {n: F.pad(state[n], (0, own[n].shape[1] - state[n].shape[1])) for n in heads}
    return {**state, **padded}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, help="a student.safetensors")
    parser.add_argument(
        "--dimensions", type=Path, help="its student.json; default: today's, at the published depth"
    )
    parser.add_argument("--size", type=int, default=192, help="the teacher's input")
    parser.add_argument("--out", type=Path, default=ROOT / "runs/start")
    args = parser.parse_args()
    shallow = load_dimensions()
    deep = dataclasses.replace(shallow, repeats=published_repeats(shallow.trunk))
    if args.dimensions is not None:
        deep = load_dimensions(args.dimensions)
    teacher = Student(load_labels(), dimensions=deep)
    tensors = {name: tensor.float() for name, tensor in load_file(args.checkpoint).items()}
    state = {name: t for name, t in tensors.items() if not name.startswith(QUANT)}
    teacher.load_state_dict(state, strict=False)  # the auxiliary head is not kept
    folder = args.out / "teacher"
    folder.mkdir(parents=True, exist_ok=True)
    save(folder / "best.pt", {"model": teacher.state_dict()})
    save_dimensions(deep, folder)
    config = load_config(ROOT / "training/configs/student.toml")
    network = dataclasses.replace(config.network, size=args.size)
    save_config(dataclasses.replace(config, network=network), folder / "config.json")
    pruned = renumbered(state, deep.repeats, shallow.repeats)
    if shallow.width != deep.width:
        pruned = narrowed(pruned, shallow)
    start: dict[str, Any] = {"model": widened(pruned, Student(load_labels()))}
    if (deep.repeats, deep.width) == (shallow.repeats, shallow.width):
        start["ranges"] = ranges_of(tensors)
    save(args.out / "best.pt", start)
    print(f"width {deep.width} -> {shallow.width}")
    print(f"blocks of each stage: {deep.repeats} -> {shallow.repeats}; {args.out}")


if __name__ == "__main__":
    main()
