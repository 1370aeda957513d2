"""The trunk as two ONNX files, float32 and QDQ int8, of the weights that `trunk.json` holds.

`export.py FOLDER`: reads FOLDER/trunk.json (`dump.ts`), writes FOLDER/float32.onnx and int8.onnx.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Step = dict[str, Any]
OPSET = 17


def array(text: str, dtype: str, shape: list[int]) -> Any:
    return np.frombuffer(base64.b64decode(text), dtype).reshape(shape)


class Graph:
    """Nodes and constants as they come; activations are NCHW."""

    def __init__(self, trunk: dict[str, Any], quantised: bool) -> None:
        self.trunk, self.quantised = trunk, quantised
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.sizes = {"input": trunk["size"]}

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def scale_and_zero(self, name: str) -> list[str]:
        q = self.trunk["activations"][name]
        return [
            self.constant(f"{name}.scale", np.float32(q["scale"])),
            self.constant(f"{name}.zero", np.uint8(q["zeroPoint"])),
        ]

    def real(self, name: str) -> str:
        """The float value of a quantised activation, read anew by every reader."""
        if not self.quantised:
            return name
        reader = f"{name}.real{len(self.nodes)}"
        return self.node("DequantizeLinear", [name, f"{name}.scale", f"{name}.zero"], reader)

    def weights(self, step: Step) -> list[str]:
        name, k, out = step["name"], step["kernel"], step["outputs"]
        rows = 1 if step["depthwise"] else step["inputs"]
        q = array(step["weights"], "i1", [k, k, rows, out]).transpose(3, 2, 0, 1)
        scales = array(step["scales"], "<f4", [out])
        bias = array(step["bias"], "<f4", [out])
        if not self.quantised:
            w = q.astype(np.float32) * scales.reshape(-1, 1, 1, 1)
            return [self.constant(f"{name}.w", w), self.constant(f"{name}.b", bias)]
        steps = np.float32(self.trunk["activations"][step["source"]]["scale"]) * scales
        integers = np.rint(bias.astype(np.float64) / steps).astype(np.int32)
        zeros = [self.constant(f"{name}.w.zero", np.zeros(out, np.int8))]
        zeros += [self.constant(f"{name}.b.zero", np.zeros(out, np.int32))]
        parts = [("w", q, scales), ("b", integers, steps)]
        return [
            self.node(
                "DequantizeLinear",
                [
                    self.constant(f"{name}.{part}.q", value),
                    self.constant(f"{name}.{part}.scale", scale.astype(np.float32)),
                    zero,
                ],
                f"{name}.{part}",
                axis=0,
            )
            for (part, value, scale), zero in zip(parts, zeros, strict=True)
        ]

    def step(self, step: Step) -> None:
        name, k, stride = step["name"], step["kernel"], step["stride"]
        size = self.sizes[step["source"]]
        self.sizes[name] = -(-size // stride)
        pad = max((self.sizes[name] - 1) * stride + k - size, 0)
        before, after = pad // 2, pad - pad // 2
        y = self.node(
            "Conv",
            [self.real(step["source"]), *self.weights(step)],
            f"{name}.conv",
            kernel_shape=[k, k],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=step["outputs"] if step["depthwise"] else 1,
        )
        if step["residual"] is not None:
            y = self.node("Add", [y, self.real(step["residual"])], f"{name}.sum")
        if self.quantised:  # the clamp at 255 is the ReLU6
            self.node("QuantizeLinear", [y, *self.scale_and_zero(name)], name)
        elif step["relu6"]:
            self.node("Clip", [y, "zero", "six"], name)
        else:
            self.node("Identity", [y], name)

    def model(self) -> onnx.ModelProto:
        size, taps = self.trunk["size"], self.trunk["taps"]
        if self.quantised:
            self.scale_and_zero("input")
        else:  # ReLU6
            self.constant("zero", np.float32(0))
            self.constant("six", np.float32(6))
        for step in self.trunk["steps"]:
            self.step(step)
        for tap in ("s8", "s16"):
            self.node("Identity", [self.real(taps[tap])], tap)
        self.node("GlobalAveragePool", [self.real(taps["head"])], "pooled")
        kind = TensorProto.UINT8 if self.quantised else TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "trunk",
            [helper.make_tensor_value_info("input", kind, [1, 3, size, size])],
            [helper.make_empty_tensor_value_info(name) for name in ("s8", "s16", "pooled")],
            self.constants,
        )
        for output in graph.output:
            output.type.tensor_type.elem_type = TensorProto.FLOAT
        opsets = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def main() -> None:
    folder = Path(sys.argv[1])
    trunk = json.loads((folder / "trunk.json").read_text())
    for name, quantised in (("float32", False), ("int8", True)):
        onnx.save(Graph(trunk, quantised).model(), folder / f"{name}.onnx")


main()
