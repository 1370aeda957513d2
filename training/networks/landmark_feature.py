"""The paper's network: landmark features joined with the trunk's for recognition.

"Fashion Landmark-Driven Feature Exploitation Network for Clothing Recognition" (Lee, Oh, Jung,
Kim 2020): VGG-19 to Conv4; a landmark branch (GLEM, decoder); independent recognition branches
on the GLEM map joined with Conv4's. The same heads run on EfficientNet-Lite trunks, where
recognition continues to stride 32 and the landmark branch leaves at stride 16. What the paper
leaves open (widths of the branches, which landmarks there are) is chosen here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.config import LandmarkFeature
from training.labels import Labels
from training.networks.blocks import HeadConv
from training.networks.efficientnet_lite import pretrained_state
from training.networks.glem import Glem
from training.networks.joins import Join, Landmarks, build_join
from training.networks.landmark_decoder import LateralDecoder, PaperDecoder
from training.networks.outputs import Outputs
from training.networks.recognition import Branch, Recognition
from training.networks.student import soft_argmax
from training.networks.trunks import Features, LiteTrunk, build_trunk


def argmax_points(heatmaps: Tensor) -> Tensor:
    """[n,k,h,w] -> [n,k,2] x,y of the highest cell's centre, in fractions."""
    h, w = heatmaps.shape[2:]
    best = heatmaps.flatten(2).argmax(-1)
    return torch.stack([(best % w + 0.5) / w, (best // w + 0.5) / h], dim=-1)


class LandmarkFeatureNetwork(nn.Module):
    """Input [n,3,size,size], (rgb - 127) / 128; size a multiple of 32."""

    HEADS = ("recognition.category", "recognition.attributes")

    def __init__(
        self,
        labels: Labels,
        knobs: LandmarkFeature,
        drop_path: float = 0.0,
        dropout: float = 0.0,
        squared: bool = False,
    ) -> None:
        """`squared`: heatmaps are regressed (eq. 3) and read by their maximum, instead of
        distributions read by a soft-argmax.
        """
        super().__init__()
        marks = len(labels.landmarks)
        self.knobs, self.squared = knobs, squared
        self.trunk = build_trunk(knobs.trunk, drop_path)
        widths = self.trunk.widths
        paper = not isinstance(self.trunk, LiteTrunk)
        self.glem = Glem(widths.shared, knobs.glem)
        self.decoder: PaperDecoder | LateralDecoder = (
            PaperDecoder(knobs.glem, marks)
            if paper
            else LateralDecoder(
                knobs.glem, widths.lateral, knobs.decoder, knobs.heatmap_stride, marks
            )
        )
        self.presence = nn.Linear(knobs.glem + marks, marks)

        def make_join() -> Join:
            return build_join(knobs.join, widths, knobs.glem, marks)

        self.recognition = Recognition(
            labels, make_join, knobs.branch, paper, knobs.group_heads, dropout
        )
        heads = (
            () if paper else (f"recognition.branches.{b}.convs." for b in self.recognition.branches)
        )
        self.PRETRAINED = ("trunk.", *heads)  # parameters that begin with ImageNet's values

    def forward(self, x: Tensor) -> Outputs:
        return self.from_features(self.trunk(x))

    def from_features(self, features: Features) -> Outputs:
        """Everything behind the trunk. Shapes: vgg19 | efficientnet_lite2, both at 224 x 224."""
        shared = features.shared  # [n,512,28,28] | [n,120,14,14]
        lateral = features.lateral  # none | [n,48,28,28]
        if self.knobs.join == "none":  # landmarks are still found, but teach recognition nothing
            shared, lateral = shared.detach(), None if lateral is None else lateral.detach()
        glem = self.glem(shared)  # [n,512,28,28] | [n,256,14,14]
        heatmaps = self.decoder(glem, lateral)  # [n,8,224,224] | [n,8,28,28]
        evidence = torch.cat([glem.mean((2, 3)), heatmaps.amax((2, 3))], dim=1)  # [n,520] | [n,264]
        presence = self.presence(evidence)  # [n,8]
        points = argmax_points(heatmaps) if self.squared else soft_argmax(heatmaps)  # [n,8,2]
        found = Landmarks(glem, self.peaks(heatmaps, presence), points, torch.sigmoid(presence))
        category, attributes, color, joined = self.recognition(features, found)
        return Outputs(category, attributes, heatmaps, points, presence, color, joined, glem)

    def peaks(self, heatmaps: Tensor, presence: Tensor) -> Tensor:
        """[n,8,h,w] in 0..1 from heatmaps of either kind."""
        if self.squared:
            return heatmaps.clamp(0, 1)
        highest = heatmaps.amax((2, 3), keepdim=True)
        return torch.exp(heatmaps - highest) * torch.sigmoid(presence)[:, :, None, None]

    def freeze(self, blocks: int) -> None:
        """The trunk's stem and first `blocks` stop learning. Raises `ValueError` for VGG's."""
        if isinstance(self.trunk, LiteTrunk):
            self.trunk.lite.freeze(blocks)
        elif blocks > 0:
            raise ValueError("frozen_blocks: only an EfficientNet-Lite trunk has blocks to freeze")

    def load_pretrained(self) -> None:
        """ImageNet weights into the trunk; Lite's own head convolution into every branch."""
        self.trunk.load_pretrained()
        if not isinstance(self.trunk, LiteTrunk):
            return
        state = pretrained_state(self.trunk.name)
        for branch in self.recognition.branches.values():
            if isinstance(branch, Branch) and isinstance(branch.convs, HeadConv):
                branch.convs.start_from_imagenet(state)
