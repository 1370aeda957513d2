"""Draw the page's samples: `.venv/bin/python worker/site/samples/draw.py`.

Garments lying on a pale floor, in 480 x 600; the same versions write the same files.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).resolve().parent
WIDTH, HEIGHT, FINE = 480, 600, 3
SIZE = (WIDTH * FINE, HEIGHT * FINE)

Points = list[tuple[float, float]]
Colour = tuple[int, int, int]
Draw = Callable[[ImageDraw.ImageDraw], None]


def fine(points: Points) -> Points:
    return [(x * FINE, y * FINE) for x, y in points]


def mirrored(left: Points) -> Points:
    """The left half's outline from top to bottom, and its mirror image back up."""
    return [*left, *[(WIDTH - x, y) for x, y in reversed(left)]]


def mask_of(outline: Points, cut: Draw | None = None) -> Image.Image:
    """The outline filled, holes cut out, corners rounded."""
    mask = Image.new("L", SIZE)
    pen = ImageDraw.Draw(mask)
    pen.polygon(fine(outline), fill=255)
    if cut is not None:
        cut(pen)
    return mask.filter(ImageFilter.GaussianBlur(2.5 * FINE)).point(lambda v: 255 if v > 127 else 0)


def shade(lines: list[tuple[Points, int, int]], blur: float) -> NDArray[np.float32]:
    """Folds: lines of a width and a tone (128 leaves the cloth as it is), blurred."""
    folds = Image.new("L", SIZE, 128)
    pen = ImageDraw.Draw(folds)
    for points, width, tone in lines:
        pen.line(fine(points), fill=tone, width=width * FINE, joint="curve")
    blurred = folds.filter(ImageFilter.GaussianBlur(blur * FINE))
    return np.asarray(blurred, np.float32)[..., None] / 128


def lay(
    name: str,
    floor: Colour,
    layers: list[tuple[Image.Image, Image.Image, NDArray[np.float32]]],
    seed: int,
) -> None:
    """Layers of (mask, cloth, folds) onto the floor, each with its shadow."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), floor, np.float32)
    picture += np.linspace(8, -12, SIZE[1], dtype=np.float32)[:, None, None]
    for i, (mask, cloth, folds) in enumerate(layers):
        soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(7 * FINE)), np.float32) / 255
        moved = np.roll(soft, (5 * FINE, 4 * FINE), (0, 1))
        picture *= 1 - (0.34 if i == 0 else 0.22) * moved[..., None]
        share = np.asarray(mask, np.float32)[..., None] / 255
        rim = np.asarray(mask.filter(ImageFilter.GaussianBlur(5 * FINE)), np.float32) / 255
        round_off = (0.72 + 0.28 * np.clip(rim * 2 - 1, 0, 1))[..., None]
        lit = np.asarray(cloth, np.float32) * folds * round_off
        picture = lit * share + picture * (1 - share)
    whole = Image.fromarray(picture.clip(0, 255).astype(np.uint8))
    small = np.asarray(whole.resize((WIDTH, HEIGHT), Image.Resampling.BOX), np.float32)
    grain = small + rng.normal(0, 2.5, (HEIGHT, WIDTH, 1))
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(FOLDER / f"{name}.jpg", quality=82)


def plain(colour: Colour) -> Image.Image:
    return Image.new("RGB", SIZE, colour)


def stitched(cloth: Image.Image, lines: list[Points], colour: Colour, dash: int = 5) -> None:
    """Seams: rows of stitches along lines."""
    pen = ImageDraw.Draw(cloth)
    for points in lines:
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(1, int(np.hypot(x1 - x0, y1 - y0) / dash))
            for i in range(steps):
                a, b = i / steps, (i + 0.6) / steps
                ends = [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in (a, b)]
                pen.line(fine(ends), fill=colour, width=FINE)


def noisy(cloth: Image.Image, seed: int, amount: float, grain: tuple[int, int]) -> Image.Image:
    """Uneven yarn: noise of a grain of so many pixels."""
    rng = np.random.default_rng(seed)
    shape = (SIZE[1] // grain[1] + 1, SIZE[0] // grain[0] + 1)
    noise = rng.normal(0, amount, shape).repeat(grain[1], 0).repeat(grain[0], 1)
    varied = np.asarray(cloth, np.float32) + noise[: SIZE[1], : SIZE[0], None]
    return Image.fromarray(varied.clip(0, 255).astype(np.uint8))


def dress() -> None:
    """A sleeveless A-line summer dress with small flowers."""
    left = [
        (206, 44), (186, 42), (178, 66), (180, 104), (166, 132), (174, 172), (184, 214),
        (166, 300), (140, 400), (112, 520), (104, 556),
    ]  # fmt: skip

    def neck(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse([204 * FINE, -10 * FINE, 276 * FINE, 104 * FINE], fill=0)

    cloth = plain((168, 44, 52))
    pen = ImageDraw.Draw(cloth)
    rng = np.random.default_rng(3)
    for row in range(32):
        for column in range(22):
            x = column * 24 + (row % 2) * 12 + rng.uniform(-4, 4)
            y = row * 20 + rng.uniform(-4, 4)
            turn, petal = rng.uniform(0, np.pi), rng.choice([(244, 226, 206), (236, 178, 160)])
            for k in range(5):
                angle = turn + k * 2 * np.pi / 5
                px, py = x + 3.6 * np.cos(angle), y + 3.6 * np.sin(angle)
                box = [(px - 2.6) * FINE, (py - 2.6) * FINE, (px + 2.6) * FINE, (py + 2.6) * FINE]
                pen.ellipse(box, fill=tuple(int(v) for v in petal))
            pen.ellipse(
                [(x - 1.8) * FINE, (y - 1.8) * FINE, (x + 1.8) * FINE, (y + 1.8) * FINE],
                fill=(226, 168, 60),
            )
    pen.line(fine([(150, 216), (330, 216)]), fill=(120, 28, 36), width=7 * FINE)
    folds = [
        ([(x, 226), (x + (x - 240) * 0.9, 560)], 15, tone)
        for x, tone in ((192, 92), (212, 152), (230, 100), (252, 150), (270, 96), (290, 150))
    ]
    bust = [([(196, 150), (206, 206)], 10, 104), ([(284, 150), (274, 206)], 10, 104)]
    lay(
        "dress",
        (214, 208, 198),
        [(mask_of(mirrored(left), neck), cloth, shade([*folds, *bust], 7))],
        11,
    )


def jeans() -> None:
    """Straight blue jeans with orange seams."""
    left = [
        (156, 40),
        (150, 62),
        (138, 130),
        (130, 240),
        (128, 400),
        (128, 566),
        (218, 568),
        (226, 400),
        (236, 210),
        (240, 178),
    ]
    cloth = noisy(noisy(plain((62, 88, 132)), 5, 9, (2, 7)), 6, 5, (6, 2))
    fade = np.asarray(cloth, np.float32)
    pale = shade([([(176, 180), (176, 420)], 34, 158), ([(304, 180), (304, 420)], 34, 158)], 18)
    cloth = Image.fromarray((fade * pale).clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(cloth)
    pen.line(fine([(150, 62), (330, 62)]), fill=(34, 50, 82), width=2 * FINE)
    thread = (204, 138, 66)
    fly = [(240, 62), (240, 178)]
    stitched(
        cloth,
        [[(150, 46), (330, 46)], [(150, 59), (330, 59)], fly, [(252, 64), (252, 130), (243, 160)]],
        thread,
    )
    pockets = [(150, 104), (172, 98), (190, 84), (196, 64)]
    stitched(cloth, [pockets, [(WIDTH - x, y) for x, y in pockets]], thread)
    stitched(cloth, [[(128, 556), (218, 556)], [(262, 556), (352, 556)]], thread)
    for x in (172, 240, 308):
        pen.rectangle(
            [(x - 4) * FINE, 38 * FINE, (x + 4) * FINE, 66 * FINE],
            fill=(52, 74, 114),
            outline=(30, 46, 76),
            width=FINE,
        )
    pen.ellipse([234 * FINE, 46 * FINE, 246 * FINE, 58 * FINE], fill=(186, 142, 82))
    folds = [
        ([(236, 182), (196, 214)], 8, 92), ([(244, 182), (284, 214)], 8, 92),
        ([(150, 330), (206, 344)], 7, 104), ([(276, 344), (330, 330)], 7, 104),
        ([(140, 356), (200, 350)], 7, 146), ([(286, 352), (340, 358)], 7, 146),
        ([(134, 520), (210, 532)], 7, 100), ([(272, 532), (346, 520)], 7, 100),
    ]  # fmt: skip
    lay("jeans", (222, 216, 206), [(mask_of(mirrored(left)), cloth, shade(folds, 6))], 12)


def hoodie() -> None:
    """A grey hoodie with a kangaroo pocket and drawstrings."""
    left = [
        (204, 66), (176, 96), (128, 118), (96, 170), (58, 330), (40, 470), (84, 486), (112, 400),
        (134, 280), (136, 380), (132, 520), (134, 548),
    ]  # fmt: skip
    cloth = noisy(noisy(plain((146, 149, 154)), 8, 13, (3, 3)), 9, 8, (9, 2))
    pen = ImageDraw.Draw(cloth)
    pocket = [(176, 400), (304, 400), (334, 470), (334, 516), (146, 516), (146, 470)]
    pen.line(fine([*pocket, pocket[0]]), fill=(98, 100, 106), width=2 * FINE)
    for y in range(524, 552, 3):
        pen.line(fine([(126, y), (354, y)]), fill=(122, 125, 130), width=FINE)
    stitched(cloth, [[(132, 520), (348, 520)]], (92, 94, 100))
    for side in (1, -1):
        cuff = [(240 - side * 201, 452), (240 - side * 150, 466)]
        pen.line(fine(cuff), fill=(104, 107, 112), width=3 * FINE)
        seam = [(240 - side * 56, 104), (240 - side * 94, 180), (240 - side * 106, 284)]
        pen.line(fine(seam), fill=(112, 114, 120), width=2 * FINE)
    folds = [
        ([(128, 150), (96, 330), (72, 470)], 12, 102),
        ([(352, 150), (384, 330), (408, 470)], 12, 102),
        ([(116, 200), (84, 380)], 9, 148), ([(364, 200), (396, 380)], 9, 148),
        ([(180, 230), (170, 390)], 14, 112), ([(300, 240), (312, 390)], 14, 144),
        ([(140, 290), (170, 250)], 10, 94), ([(340, 290), (310, 250)], 10, 94),
    ]  # fmt: skip
    body = (mask_of(mirrored(left)), cloth, shade(folds, 8))
    hood_left = [(226, 30), (196, 40), (180, 70), (184, 104), (212, 138), (240, 158)]

    def opening(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse([206 * FINE, 56 * FINE, 274 * FINE, 126 * FINE], fill=0)

    inner = mask_of([(198, 48), (282, 48), (284, 110), (240, 136), (196, 110)])
    lining = (
        inner,
        noisy(plain((84, 86, 92)), 4, 7, (3, 3)),
        shade([([(240, 60), (240, 120)], 26, 104)], 9),
    )
    rim = shade(
        [
            ([(206, 60), (202, 96), (236, 140)], 6, 102),
            ([(274, 60), (278, 96), (244, 140)], 6, 102),
        ],
        4,
    )
    hood = (mask_of(mirrored(hood_left), opening), cloth, rim)
    cords = Image.new("L", SIZE)
    lines = ImageDraw.Draw(cords)
    for x, lean in ((224, -4), (256, 5)):
        lines.line(fine([(x, 138), (x + lean, 214)]), fill=255, width=4 * FINE)
        lines.ellipse(
            [(x + lean - 3) * FINE, 210 * FINE, (x + lean + 3) * FINE, 222 * FINE], fill=255
        )
    cord = (cords, plain((226, 224, 218)), shade([], 1))
    lay("hoodie", (216, 209, 199), [body, lining, hood, cord], 13)


def skirt() -> None:
    """A pleated camel midi skirt."""
    left = [(170, 66), (166, 96), (146, 240), (110, 430), (92, 540)]
    cloth = noisy(plain((182, 140, 92)), 2, 4, (2, 5))
    pen = ImageDraw.Draw(cloth)
    pen.rectangle([150 * FINE, 60 * FINE, 330 * FINE, 96 * FINE], fill=(164, 122, 76))
    stitched(cloth, [[(160, 72), (320, 72)], [(160, 92), (320, 92)]], (112, 80, 46))
    pleats: list[tuple[Points, int, int]] = []
    for i in range(11):
        top = 176 + i * 12.8
        spread = (top - 240) * 2.3
        pleats.append(([(top, 98), (240 + spread, 546)], 7, 78))
        pleats.append(([(top + 5, 98), (240 + spread + 13, 546)], 6, 158))
    folds = shade(pleats, 2.6)
    hem = [(92, 534), (388, 534)]
    stitched(cloth, [hem], (120, 88, 52))
    lay("skirt", (220, 214, 205), [(mask_of(mirrored(left)), cloth, folds)], 14)


if __name__ == "__main__":
    for draw in (dress, jeans, hoodie, skirt):
        draw()
