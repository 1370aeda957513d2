"""What every network of this folder answers."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Outputs:
    category: Tensor  # [n,C] logits
    attributes: dict[str, Tensor]  # group -> [n,G] logits
    heatmaps: Tensor  # [n,8,h,w] logits of a spatial softmax
    landmarks: Tensor  # [n,8,2] x,y in fractions of width and height
    presence: Tensor  # [n,8] logits: the garment has it, inside the picture
    color: Tensor  # [n,19] logits of the main colour's name: an auxiliary task, not served
    features: Tensor  # [n,F] what the recognition heads read, before dropout
    glem: Tensor | None = None  # [n,G,h,w] the landmark branch's map, where a network hands it out
