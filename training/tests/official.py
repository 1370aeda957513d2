"""A small folder in the official layout of DeepFashion's Category and Attribute benchmark."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image, ImageDraw

CATEGORIES = (("Tee", 1), ("Jeans", 2), ("Button-Down Dress", 3))
ATTRIBUTES = (  # names with spaces, types 1..5 mixed
    ("a line", 3),
    ("red", 1),
    ("blue", 1),
    ("crew neck", 4),
    ("denim", 2),
    ("faux  fur", 2),
    ("summer", 5),
    ("boho chic", 5),
    ("maxi", 3),
)
COLOURS = ((200, 30, 40), (40, 70, 190))
LANDMARKS = {1: 6, 2: 4, 3: 8}
SPLITS = ("train", "train", "train", "train", "val", "test")


def garment(kind: int, colour: int, rng: random.Random) -> tuple[Image.Image, list[int], list[str]]:
    """A picture, its box, and its landmark fields; every third has one that is cut off."""
    image = Image.new("RGB", (rng.randint(90, 110), rng.randint(110, 140)), (225, 220, 210))
    left, top = rng.randint(5, 20), rng.randint(5, 20)
    right, bottom = left + 60, top + (50, 70, 80)[kind - 1]
    ImageDraw.Draw(image).rectangle((left, top, right, bottom), fill=COLOURS[colour])
    middle = (top + bottom) // 2
    corners = {
        1: [(left, top), (right, top), (left, middle), (right, middle)],
        2: [],
        3: [(left, top), (right, top), (left, middle), (right, middle)],
    }[kind]
    if kind in (2, 3):
        corners += [(left, middle), (right, middle)]
    corners += [(left, bottom), (right, bottom)]
    fields: list[str] = []
    for i, (x, y) in enumerate(corners):
        v = rng.choice((0, 0, 0, 1)) if i else 0
        fields += ["2", "0", "0"] if i == 1 and rng.random() < 0.3 else [str(v), str(x), str(y)]
    return image, [left - 4, top - 4, right + 4, bottom + 4], fields


def write_list(path: Path, header: str, lines: list[str]) -> None:
    path.write_text("\n".join([str(len(lines)), header, *lines]) + "\n")


def write_official(root: Path, count: int, seed: int = 3) -> None:
    """`count` pictures in six folders' worth of train, val and test."""
    rng = random.Random(seed)
    anno, evaluation = root / "Anno", root / "Eval"
    anno.mkdir(parents=True)
    evaluation.mkdir()
    lists: dict[str, list[str]] = {
        k: [] for k in ("category_img", "attr_img", "bbox", "landmarks", "eval_partition")
    }
    for i in range(count):
        kind, colour = i % 3 + 1, rng.randint(0, 1)
        name = f"img/Drawn_{CATEGORIES[kind - 1][0].replace(' ', '_')}/img_{i:08d}.jpg"
        image, box, fields = garment(kind, colour, rng)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        image.save(root / name, quality=92)
        positive = {"red" if colour == 0 else "blue", *(["denim"] if kind == 2 else ["summer"])}
        positive |= {"crew neck"} if kind == 1 else {"maxi"} if kind == 3 else set()
        labels = ["1" if a in positive else rng.choice(("-1", "0")) for a, _ in ATTRIBUTES]
        lists["category_img"].append(f"{name}   {kind}")
        lists["attr_img"].append(f"{name}  {' '.join(labels)}")
        lists["bbox"].append(f"{name}  {' '.join(map(str, box))}")
        lists["landmarks"].append(f"{name}  {kind}  {' '.join(fields)}")
        lists["eval_partition"].append(f"{name} {SPLITS[i // 3 % len(SPLITS)]}")
    rng.shuffle(lists["bbox"])  # rows are joined by name, not by place
    write_list(
        anno / "list_category_cloth.txt",
        "category_name  category_type",
        [f"{name}   {kind}" for name, kind in CATEGORIES],
    )
    write_list(
        anno / "list_attr_cloth.txt",
        "attribute_name  attribute_type",
        [f"{name}     {kind}" for name, kind in ATTRIBUTES],
    )
    headers = {
        "category_img": "image_name  category_label",
        "attr_img": "image_name  attribute_labels",
        "bbox": "image_name  x_1  y_1  x_2  y_2",
        "landmarks": "image_name  clothes_type  landmark_visibility_1  landmark_location_x_1 ...",
        "eval_partition": "image_name  evaluation_status",
    }
    for key, lines in lists.items():
        folder = evaluation if key == "eval_partition" else anno
        write_list(folder / f"list_{key}.txt", headers[key], lines)
