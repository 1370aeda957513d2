"""DeepFashion's Category and Attribute benchmark (Liu et al. 2016) in its official layout.

Lists, each looked for in the folder itself, Anno, Anno_coarse and Eval: list_category_cloth,
list_category_img, list_attr_cloth, list_attr_img, list_bbox, list_landmarks, list_eval_partition
(`.txt`). First row a count, second a header; names of attributes and categories contain spaces.
Pictures: `img/...` in the folder or in Img. Whatever does not fit is a `LayoutError` that names
file and line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.datasets.clothing import GROUPS
from training.labels import Labels

LANDMARKS = (
    "collar_left",
    "collar_right",
    "sleeve_left",
    "sleeve_right",
    "waistline_left",
    "waistline_right",
    "hem_left",
    "hem_right",
)
# Which of the eight a garment has, in the file's order: upper, lower, full body.
OF_TYPE = {1: (0, 1, 2, 3, 6, 7), 2: (4, 5, 6, 7), 3: (0, 1, 2, 3, 4, 5, 6, 7)}
VISIBLE, OCCLUDED, CUT_OFF, ABSENT = 0, 1, 2, 3  # the last is ours: not of this garment
SPLITS = ("train", "val", "test")
FOLDERS = (".", "Anno", "Anno_coarse", "Eval")


class LayoutError(ValueError):
    """A list that is not as the benchmark describes it."""

    def __init__(self, path: Path, line: int, detail: str) -> None:
        super().__init__(f"{path}:{line}: {detail}")


@dataclass(frozen=True)
class DeepFashion:
    """All rows of the benchmark, in the order of list_eval_partition."""

    pictures: Path  # names are relative to it
    labels: Labels  # attributes by group, each in the file's order
    names: list[str]
    split: npt.NDArray[np.str_]  # [n]
    category: npt.NDArray[np.int64]  # [n] from 0
    attributes: npt.NDArray[np.uint8]  # [n,A] 1 positive; negative and unknown are 0
    columns: dict[str, npt.NDArray[np.int64]]  # group -> its columns of `attributes`
    boxes: npt.NDArray[np.int64]  # [n,4] left, top, right, bottom in pixels
    points: npt.NDArray[np.float32]  # [n,8,2] in pixels
    visibility: npt.NDArray[np.int64]  # [n,8]


def deepfashion_folder() -> Path:
    """`HEMLINE_DEEPFASHION`. Raises `FileNotFoundError` where it names no folder."""
    named = os.environ.get("HEMLINE_DEEPFASHION", "")
    if not named or not Path(named).is_dir():
        raise FileNotFoundError(
            f"set HEMLINE_DEEPFASHION to the benchmark's folder (Anno, Eval, img); it is {named!r}"
        )
    return Path(named)


def find_list(root: Path, name: str) -> Path:
    """Raises `FileNotFoundError` naming the places that were looked at."""
    places = [root / folder / f"{name}.txt" for folder in FOLDERS]
    for path in places:
        if path.is_file():
            return path
    raise FileNotFoundError(f"no {name}.txt in {', '.join(str(p.parent) for p in places)}")


def rows(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, text) of every row below the header. Raises `LayoutError` on a wrong count."""
    with path.open(encoding="utf-8") as file:
        first = file.readline().strip()
        if not first.isdigit():
            raise LayoutError(path, 1, f"the first row must be a count, not {first!r}")
        if not file.readline().strip():
            raise LayoutError(path, 2, "the second row must name the columns")
        number, found = 2, 0
        for number, line in enumerate(file, 3):
            if line.strip():
                found += 1
                yield number, line.strip()
        if found != int(first):
            raise LayoutError(path, number, f"{found} rows, but the first row says {first}")


def read_named(path: Path, kinds: range) -> tuple[list[str], list[int]]:
    """Names, which may contain spaces, and the type at the end of each row."""
    names, types = [], []
    for number, line in rows(path):
        parts = line.rsplit(maxsplit=1)
        if len(parts) != 2 or not parts[1].isdigit() or int(parts[1]) not in kinds:
            raise LayoutError(
                path, number, f"a name and a type {kinds[0]}..{kinds[-1]} are wanted: {line!r}"
            )
        if parts[0] in names:
            raise LayoutError(path, number, f"{parts[0]!r} twice")
        names.append(parts[0])
        types.append(int(parts[1]))
    return names, types


class Table:
    """Rows of one list joined to the pictures by name."""

    def __init__(self, path: Path, index: dict[str, int]) -> None:
        self.path, self.index = path, index

    def __iter__(self) -> Iterator[tuple[int, int, list[str]]]:
        """(row of the picture, line number, fields); every picture once."""
        seen = np.zeros(len(self.index), np.bool_)
        number = 0
        for number, line in rows(self.path):
            name, *fields = line.split()
            row = self.index.get(name)
            if row is None:
                raise LayoutError(self.path, number, f"{name} is not in list_eval_partition")
            if seen[row]:
                raise LayoutError(self.path, number, f"{name} twice")
            seen[row] = True
            yield row, number, fields
        if not seen.all():
            missing = next(name for name, row in self.index.items() if not seen[row])
            raise LayoutError(self.path, number, f"no row for {missing}")

    def integers(self, number: int, fields: list[str]) -> list[int]:
        try:
            return [int(f) for f in fields]
        except ValueError:
            raise LayoutError(self.path, number, f"not integers: {' '.join(fields[:8])}") from None


def read_partition(path: Path) -> tuple[dict[str, int], list[str]]:
    index: dict[str, int] = {}
    split: list[str] = []
    for number, line in rows(path):
        parts = line.split()
        if len(parts) != 2 or parts[1] not in SPLITS:
            raise LayoutError(path, number, f"a picture and one of {SPLITS} are wanted: {line!r}")
        if parts[0] in index:
            raise LayoutError(path, number, f"{parts[0]} twice")
        index[parts[0]] = len(split)
        split.append(parts[1])
    return index, split


def read_categories(table: Table, count: int) -> npt.NDArray[np.int64]:
    out = np.zeros(len(table.index), np.int64)
    for row, number, fields in table:
        value = table.integers(number, fields)
        if len(value) != 1 or not 1 <= value[0] <= count:
            raise LayoutError(table.path, number, f"one category of 1..{count} is wanted: {fields}")
        out[row] = value[0] - 1
    return out


def read_attributes(table: Table, count: int) -> npt.NDArray[np.uint8]:
    out = np.zeros((len(table.index), count), np.uint8)
    allowed = {"-1", "0", "1"}
    for row, number, fields in table:
        if len(fields) != count:
            raise LayoutError(table.path, number, f"{len(fields)} labels for {count} attributes")
        if not allowed.issuperset(fields):
            odd = next(f for f in fields if f not in allowed)
            raise LayoutError(table.path, number, f"labels are 1, -1 or 0, not {odd!r}")
        out[row] = np.array(fields) == "1"
    return out


def read_boxes(table: Table) -> npt.NDArray[np.int64]:
    out = np.zeros((len(table.index), 4), np.int64)
    for row, number, fields in table:
        box = table.integers(number, fields)
        if len(box) != 4 or box[0] >= box[2] or box[1] >= box[3]:
            raise LayoutError(table.path, number, f"x1 < x2 and y1 < y2 are wanted: {fields}")
        out[row] = box
    return out


def read_landmarks(table: Table) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Points in pixels [n,8,2] and visibility [n,8].

    Rows are `clothes type, (visibility x y) ...`; some releases have a variation type between.
    """
    points = np.zeros((len(table.index), 8, 2), np.float32)
    visibility = np.full((len(table.index), 8), ABSENT, np.int64)
    for row, number, fields in table:
        numbers = table.integers(number, fields)
        if not numbers or numbers[0] not in OF_TYPE:
            raise LayoutError(table.path, number, f"a clothes type 1, 2 or 3 is wanted: {fields}")
        own = OF_TYPE[numbers[0]]
        triples = numbers[len(numbers) - 3 * len(own) :]
        if len(numbers) - len(triples) not in (1, 2):
            raise LayoutError(
                table.path,
                number,
                f"clothes type {numbers[0]} has {len(own)} landmarks of three numbers, "
                f"not {len(numbers) - 1} numbers",
            )
        for k, which in enumerate(own):
            v, x, y = triples[3 * k : 3 * k + 3]
            if v not in (VISIBLE, OCCLUDED, CUT_OFF):
                raise LayoutError(table.path, number, f"visibility is 0, 1 or 2, not {v}")
            points[row, which] = x, y
            visibility[row, which] = v
    return points, visibility


def read_deepfashion(root: Path) -> DeepFashion:
    """Raises `FileNotFoundError` or `LayoutError`."""
    pictures = next((p for p in (root, root / "Img") if (p / "img").is_dir()), None)
    if pictures is None:
        raise FileNotFoundError(f"no pictures: {root}/img or {root}/Img/img")
    index, split = read_partition(find_list(root, "list_eval_partition"))
    categories, _ = read_named(find_list(root, "list_category_cloth"), range(1, 4))
    attributes, types = read_named(find_list(root, "list_attr_cloth"), range(1, 6))

    def table(name: str) -> Table:
        return Table(find_list(root, name), index)

    columns = {
        group: np.flatnonzero(np.array(types) == kind) for kind, group in enumerate(GROUPS, 1)
    }
    points, visibility = read_landmarks(table("list_landmarks"))
    return DeepFashion(
        pictures=pictures,
        labels=Labels(
            category=tuple(categories),
            attributes={g: tuple(attributes[i] for i in c) for g, c in columns.items()},
            landmarks=LANDMARKS,
            colors=(),
            categories_without_attributes=(),
        ),
        names=list(index),
        split=np.array(split),
        category=read_categories(table("list_category_img"), len(categories)),
        attributes=read_attributes(table("list_attr_img"), len(attributes)),
        columns=columns,
        boxes=read_boxes(table("list_bbox")),
        points=points,
        visibility=visibility,
    )
