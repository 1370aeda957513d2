"""Augmentation of a whole batch at once; landmarks move with the picture."""

from __future__ import annotations

import dataclasses
import math

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import Augment
from training.labels import FLIP

SUPERSAMPLE = 2  # sample at twice the size, then average: what area averaging would give


def affine(n: int, aspect: Tensor, knobs: Augment, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """[n,2,3] matrices from output to source in -1..1 coordinates, and [n] flips.

    `aspect` [n]: width / height of the unsquashed picture, so that a rotation is a rotation.
    """

    def uniform(spread: float) -> Tensor:
        return (torch.rand(n, generator=rng) * 2 - 1) * spread

    angle = uniform(math.radians(knobs.rotation))
    zoom = torch.exp(uniform(math.log1p(knobs.scale)))
    stretch = torch.exp(uniform(math.log1p(knobs.aspect) / 2))
    flip = torch.rand(n, generator=rng) < 0.5
    sign = torch.where(flip, -1.0, 1.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    sx, sy = zoom * stretch, zoom / stretch
    # Garments photographed on their side lie with the top to the left, "left" labelled above:
    # the upright picture with x and y exchanged.
    lie = torch.rand(n, generator=rng) < knobs.lie
    rows = [
        torch.stack([sign * cos * sx, -sin * sy / aspect, uniform(2 * knobs.shift)], 1),
        torch.stack([sign * sin * sx * aspect, cos * sy, uniform(2 * knobs.shift)], 1),
    ]
    matrix = torch.stack(rows, 1)
    exchanged = torch.cat([matrix[:, :, [1, 0]], matrix[:, :, 2:]], 2)
    return torch.where(lie[:, None, None], exchanged, matrix), flip


def move_points(points: Tensor, matrix: Tensor, flip: Tensor) -> tuple[Tensor, Tensor]:
    """[n,8,2] fractions of the source -> of the output, and [n,8] whether inside the picture."""
    linear, offset = matrix[:, :, :2], matrix[:, :, 2:]
    source = (points * 2 - 1).transpose(1, 2)  # [n,2,8]
    moved = (torch.linalg.inv(linear) @ (source - offset)).transpose(1, 2) / 2 + 0.5
    moved = torch.where(flip[:, None, None], moved[:, list(FLIP)], moved)
    return moved, ((moved >= 0) & (moved <= 1)).all(-1)


def swap_sides(per_landmark: Tensor, flip: Tensor) -> Tensor:
    """[n,8]: left and right exchanged where the picture is flipped."""
    return torch.where(flip[:, None], per_landmark[:, list(FLIP)], per_landmark)


@dataclasses.dataclass(frozen=True)
class Erasures:
    """Rectangles in fractions of the picture, and what fills them."""

    chosen: Tensor  # [n] whether
    start: Tensor  # [n,2] left, top
    side: Tensor  # [n,2]
    fill: Tensor  # [n,3] 0..1

    @classmethod
    def draw(cls, n: int, knobs: Augment, rng: torch.Generator) -> Erasures:
        chosen = torch.rand(n, generator=rng) < knobs.erase
        side = 0.15 + 0.3 * torch.rand(n, 2, generator=rng)
        start = torch.rand(n, 2, generator=rng) * (1 - side)
        return cls(chosen, start, side, torch.rand(n, 3, generator=rng))

    def apply(self, x: Tensor) -> Tensor:
        def within(axis: int, cells: int) -> Tensor:
            centres = (torch.arange(cells) + 0.5) / cells
            offset = centres - self.start[:, axis : axis + 1]
            return (offset >= 0) & (offset < self.side[:, axis : axis + 1])

        columns, rows = within(0, x.shape[3]), within(1, x.shape[2])
        covered = self.chosen[:, None, None] & rows[:, :, None] & columns[:, None, :]
        fill = self.fill[:, :, None, None].to(x.device)
        return torch.where(covered[:, None].to(x.device), fill, x)


def photometric(x: Tensor, knobs: Augment, rng: torch.Generator) -> Tensor:
    """[n,3,h,w] in 0..1: light, contrast, saturation, white balance, softness, noise, erasure.

    What depends on the picture's size is drawn last: the same generator gives the same change at
    any size.
    """
    n, _, h, w = x.shape

    def factor(spread: float, channels: int = 1) -> Tensor:
        low = torch.rand(n, channels, 1, 1, generator=rng) * 2 - 1
        return torch.exp(low * math.log1p(spread)).to(x.device)

    def chance(p: float) -> Tensor:
        return (torch.rand(n, 1, 1, 1, generator=rng) < p).to(x.device)

    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * factor(knobs.contrast) + mean * factor(knobs.brightness)
    grey = x.mean(1, keepdim=True)
    saturation = torch.where(chance(knobs.grey), torch.zeros(()), factor(knobs.saturation))
    x = grey + (x - grey) * saturation
    x = x * factor(knobs.balance, 3)
    resolution, softened = 0.5 + 0.4 * float(torch.rand((), generator=rng)), chance(knobs.soften)
    if softened.any():
        low = F.interpolate(
            x, scale_factor=resolution, mode="bilinear", antialias=True, align_corners=False
        )
        low = F.interpolate(low, size=(h, w), mode="bilinear", align_corners=False)
        x = torch.where(softened, low, x)
    sigma = torch.rand(n, 1, 1, 1, generator=rng).to(x.device) * 0.06 * chance(knobs.noise)
    erasures = Erasures.draw(n, knobs, rng)
    if sigma.any():
        x = x + gaussian(x, rng) * sigma
    return erasures.apply(x).clamp(0, 1)


def gaussian(x: Tensor, rng: torch.Generator) -> Tensor:
    """Like `x`; drawn where `x` is: millions of numbers are slow to draw on a CPU for a GPU."""
    if x.device.type == "cpu":
        return torch.randn(x.shape, generator=rng)
    seed = int(torch.randint(2**62, (), generator=rng))
    there = torch.Generator(x.device).manual_seed(seed)
    return torch.randn(x.shape, generator=there, device=x.device)


def shrink(x: Tensor, size: int, knobs: Augment, rng: torch.Generator) -> Tensor:
    """A supersampled batch to size x size, sometimes by way of a decoder's scaled output.

    A JPEG decoded at a fraction of its size is box-filtered to between once and twice what the
    network takes, then area-averaged (`worker/image`).
    """
    decoded = size + int(size * float(torch.rand((), generator=rng)))
    if float(torch.rand((), generator=rng)) < knobs.decode:
        x = F.interpolate(x, size=(decoded, decoded), mode="area")
    return F.interpolate(x, size=(size, size), mode="area")


def augment(
    pictures: Tensor,
    aspect: Tensor,
    points: Tensor,
    seen: Tensor,
    size: int,
    knobs: Augment,
    rng: torch.Generator,
) -> tuple[Tensor, Tensor, Tensor]:
    """uint8 [n,s,s,3] -> input [n,3,size,size] in 0..255, moved points, and seen (0 outside)."""
    n = len(pictures)
    matrix, flip = affine(n, aspect, knobs, rng)
    x = pictures.permute(0, 3, 1, 2).float() / 255
    grid = F.affine_grid(
        matrix.to(x.device), [n, 3, size * SUPERSAMPLE, size * SUPERSAMPLE], align_corners=False
    )
    x = F.grid_sample(x, grid, padding_mode="reflection", align_corners=False)
    x = photometric(shrink(x, size, knobs, rng), knobs, rng)
    moved, inside = move_points(points, matrix, flip)
    return x * 255, moved, swap_sides(seen, flip) * inside
