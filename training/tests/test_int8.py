"""The integer trunk against NumPy in int64, and against the float network it stands for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

from training.int8.calibrate import best_range, calibrate
from training.int8.fake import FakeQuantise, FakeQuantStudent
from training.int8.network import IntegerStudent, IntegerTrunk
from training.int8.scheme import IntegerConv, activation, pool, quantise_weights
from training.int8.steps import same_padding
from training.labels import load_labels
from training.networks.student import Student, StudentTrunk

Integers = npt.NDArray[np.int64]


def numpy_conv(x: Integers, conv: IntegerConv, added: Integers | None) -> Integers:
    """The scheme once more, in the plainest terms: int64 sums, float32 requantisation."""
    weight, bias = conv.weight.numpy().astype(np.int64), conv.bias.numpy().astype(np.int64)
    n, _, h, w = x.shape
    out, per_group, k, _ = weight.shape
    left, right, top, bottom = same_padding(h, w, k, conv.stride)
    pads = ((0, 0), (0, 0), (top, bottom), (left, right))
    x = np.pad(x, pads, constant_values=conv.source.zero)
    oh, ow = -(-h // conv.stride), -(-w // conv.stride)
    total = np.empty((n, out, oh, ow), np.int64)
    for c in range(out):
        first = c * conv.groups // out * per_group
        for y in range(oh):
            for z in range(ow):
                a, b = y * conv.stride, z * conv.stride
                window = x[:, first : first + per_group, a : a + k, b : b + k]
                total[:, c, y, z] = (window * weight[c]).sum((1, 2, 3)) + bias[c]
    assert np.abs(total).max() < 2**24
    y32 = total.astype(np.float32) * conv.multiplier.numpy()[None, :, None, None]
    if added is not None and conv.residual is not None:
        shifted = (added - conv.residual.zero).astype(np.float32)
        y32 = y32 + shifted * np.float32(conv.residual_multiplier)
    assert y32.dtype == np.float32
    return np.clip(np.rint(y32).astype(np.int64) + conv.target.zero, 0, 255)


def lively(seed: int) -> Student:
    """A student with batch norms that are far from the identity."""
    torch.manual_seed(seed)
    student = Student(load_labels()).eval()
    for module in student.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 1.0)
            assert module.running_var is not None
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return student


def inputs(n: int, size: int, seed: int) -> tuple[Tensor, Tensor]:
    """Bytes [n,3,size,size] and what the float network takes."""
    rng = torch.Generator().manual_seed(seed)
    pictures = torch.randint(0, 256, (n, 3, size, size), generator=rng)
    return pictures, (pictures.float() - 127) / 128


@pytest.mark.parametrize(
    ("kernel", "stride", "groups", "size", "residual"),
    [(1, 1, 1, 5, True), (3, 2, 1, 8, False), (3, 1, 6, 5, False), (5, 2, 6, 7, False)],
)
def test_a_convolution_equals_numpy(
    kernel: int, stride: int, groups: int, size: int, residual: bool
) -> None:
    rng = torch.Generator().manual_seed(kernel * 10 + stride)
    weight = torch.randn(6, 6 // groups, kernel, kernel, generator=rng) / kernel
    bias = torch.randn(6, generator=rng)
    weight[0] = 0  # a channel without weights of its own
    weight[1] *= 1e-12  # weights that are nothing beside the bias
    added = activation(-1.0, 2.0, False) if residual else None
    conv = IntegerConv.make(
        weight,
        bias,
        stride,
        groups,
        activation(-2.0, 3.0, False),
        activation(-0.9, 1.1, False),
        added,
    )
    x = torch.randint(0, 256, (2, 6, size, size), generator=rng)
    r = torch.randint(0, 256, (2, 6, size, size), generator=rng)
    found = conv(x.float(), r.float() if residual else None)
    expected = numpy_conv(x.numpy(), conv, r.numpy() if residual else None)
    assert np.array_equal(found.numpy().astype(np.int64), expected)
    assert {0, 255} <= set(expected.flatten().tolist())  # saturates on both sides


def test_the_whole_trunk_equals_numpy() -> None:
    student = lively(1)
    pictures, x = inputs(1, 32, 2)
    trunk = IntegerTrunk(student.trunk, calibrate(student.trunk, [x]))
    values = trunk.integers(pictures)
    expected: dict[str, Integers] = {"input": pictures.numpy().astype(np.int64)}
    for step in trunk.steps:
        added = None if step.residual is None else expected[step.residual]
        expected[step.name] = numpy_conv(expected[step.source], trunk.convs[step.name], added)
        assert np.array_equal(values[step.name].numpy().astype(np.int64), expected[step.name])
    head = values["head"]
    scale = np.float32(trunk.activations["head"].scale)
    sums = expected["head"].sum((2, 3)).astype(np.float32)
    pixels = head.shape[2] * head.shape[3]
    assert np.array_equal(pool(head, float(scale)).numpy(), sums * np.float32(scale / pixels))


def test_integers_stand_for_the_float_network() -> None:
    student = lively(3)
    _, x = inputs(4, 64, 4)
    with torch.no_grad():
        exact = student(x)
        found = IntegerStudent(student, calibrate(student.trunk, [x]))(x)
    for name in ("features", "heatmaps", "category"):
        a, b = getattr(exact, name).flatten(1), getattr(found, name).flatten(1)
        assert float(torch.cosine_similarity(a, b).min()) > 0.99, name


def test_every_scale_has_its_zero() -> None:
    assert activation(0.0, 6.0, True).zero == 0
    wide = activation(-1.0, 3.0, False)
    assert wide.zero == 64
    assert activation(-5.0, 1e-9, False).zero == 255
    for bad in ((0.1, 1.0, False), (0.0, 6.5, True), (-0.1, 6.0, True), (0.0, 0.0, False)):
        with pytest.raises(ValueError, match="range"):
            activation(*bad)


def test_weights_reach_127_and_round_halves_to_even() -> None:
    steps, scales = quantise_weights(torch.tensor([[127.0, 0.5, 1.5, -2.5], [0.0, 0.0, 0.0, 0.0]]))
    assert steps.tolist() == [[127, 0, 2, -2], [0, 0, 0, 0]]
    assert scales.tolist() == [1, 1]


def test_a_sum_that_could_leave_the_accumulator_is_refused() -> None:
    weight = torch.ones(1, 600, 1, 1)
    a = activation(0.0, 1.0, True)
    with pytest.raises(ValueError, match="2\\^24"):
        IntegerConv.make(weight, torch.zeros(1), 1, 1, a, a, None)


def test_a_missing_range_is_named() -> None:
    trunk: StudentTrunk = lively(5).trunk
    with pytest.raises(ValueError, match="stem"):
        IntegerTrunk(trunk, {})


def test_an_outlier_does_not_widen_the_range() -> None:
    values = torch.cat([torch.linspace(-1, 1, 100_000), torch.tensor([100.0])])
    low, high = best_range(values, relu=False)
    assert -1 <= low < -0.8
    assert high < 90  # one value of 100 000 weighs something, too


def test_fake_quantisation_trains_what_the_integers_compute() -> None:
    student = lively(6)
    _, x = inputs(2, 64, 7)
    fake = FakeQuantStudent(student, calibrate(student.trunk, [x])).train()
    with torch.no_grad():
        found, exact = fake(x), IntegerStudent(student, fake.ranges())(x)
    # The same but for the rare value that float rounds to the other side.
    for name in ("features", "heatmaps", "category"):
        a, b = getattr(exact, name).flatten(1), getattr(found, name).flatten(1)
        assert float(torch.cosine_similarity(a, b).min()) > 0.9995, name
    norms = {k: v.clone() for k, v in student.state_dict().items() if "running" in k}
    fake(x).category.square().mean().backward()
    assert all(torch.equal(student.state_dict()[k], v) for k, v in norms.items())
    learnt = {n for n, p in fake.named_parameters() if p.grad is not None and p.grad.abs().sum()}
    assert {
        "log_ranges",
        "part.student.trunk._conv_stem.weight",
        "part.student.category.weight",
    } <= learnt


def test_gradient_of_a_range_is_that_of_what_it_clamps() -> None:
    x = torch.tensor([-3.0, 0.4, 5.0], requires_grad=True)
    low, high = torch.tensor(-1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    out = FakeQuantise.apply(x, low, high)  # type: ignore[no-untyped-call]
    assert out.tolist() == pytest.approx([-1, 0.4, 2], abs=0.01)
    out.sum().backward()
    assert x.grad is not None and x.grad.tolist() == [0, 1, 0]
    assert low.grad is not None and high.grad is not None
    assert float(low.grad) == pytest.approx(1, abs=0.01)
    assert float(high.grad) == pytest.approx(1, abs=0.01)
