"""Convolutions by `training/int8/scheme.py`: cases as JSON on stdin, output bytes on stdout."""

import base64
import json
import sys
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.int8.scheme import Activation, IntegerConv, fround


def tensor(text: str, dtype: str, shape: list[int]) -> Tensor:
    values = np.frombuffer(base64.b64decode(text), dtype).reshape(shape).astype(np.float64)
    return torch.from_numpy(values)


def nchw(case: dict[str, Any], key: str, shape: list[int]) -> Tensor:
    return tensor(case[key], "u1", shape).permute(2, 0, 1)[None]


def activation(case: dict[str, Any]) -> Activation:
    return Activation(case["scale"], case["zeroPoint"])


def compute(case: dict[str, Any]) -> str:
    depthwise = case["kind"] == "depthwise"
    k, inputs, outputs = case["kernel"], case["inputs"], case["outputs"]
    rows = 1 if depthwise else inputs
    weight = tensor(case["weights"], "i1", [k, k, rows, outputs]).permute(3, 2, 0, 1)
    target = activation(case["target"])
    residual = case.get("residual")
    conv = IntegerConv(
        weight=weight,
        bias=tensor(case["bias"], "<i4", [outputs]),
        multiplier=tensor(case["multipliers"], "<f4", [outputs]).float(),
        stride=case["stride"],
        groups=outputs if depthwise else 1,
        source=activation(case["source"]),
        target=target,
        residual=residual and activation(residual),
        residual_multiplier=fround(residual["scale"] / target.scale) if residual else 0.0,
    )
    added = residual and nchw(residual, "map", residual["shape"])
    out = conv(nchw(case, "input", [case["height"], case["width"], inputs]), added)
    return base64.b64encode(out[0].permute(1, 2, 0).to(torch.uint8).numpy().tobytes()).decode()


json.dump([compute(case) for case in json.load(sys.stdin)], sys.stdout)
