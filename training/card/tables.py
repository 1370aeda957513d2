"""Tables of the model card, written between markers from what was measured."""

from __future__ import annotations

from typing import Any

GROUPS = ("texture", "fabric", "shape", "part", "style")
AGREEMENT = {  # two labelling passes over 414 photographs (training/README.md)
    "category_top1": 0.957,
    "told_top1": 0.957,
    "texture_f1": 0.92,
    "fabric_f1": 0.93,
    "shape_f1": 0.85,
    "part_f1": 0.89,
    "style_f1": 0.88,
    "landmark_ne": 0.017,
}
ROWS = {
    "category_top1": "category top-1",
    "category_top3": "category top-3",
    "category_top5": "category top-5",
    **{f"{g}_f1": f"{g} micro-F1" for g in GROUPS},
    "landmark_ne": "landmark NE",
    "ece": "category ECE",
    **{f"told_top{k}": f"told the coarse label: category top-{k}" for k in (1, 3, 5)},
    "none_rate": "`none` without a garment",
    "garments_called_none": "`none` on garments",
}
NOTHING = "\N{EN DASH}"
DECIMALS = ("landmark_ne", "ece")


def shown(name: str, value: float | None) -> str:
    if value is None or value != value:
        return NOTHING
    return f"{value:.4f}" if name in DECIMALS else f"{100 * value:.1f} %"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def side_by_side(results: dict[str, Any]) -> str:
    """Teacher, float student, int8 student; test and val; how far two labelling passes agree."""
    columns = [(split, kind) for split in ("test", "val") for kind in ("teacher", "float", "int8")]
    columns = [(s, k) for s, k in columns if k in results.get(s, {})]
    head = ["", *(f"{kind}, {split}" for split, kind in columns), "two passes agree"]
    rows = [
        [
            title,
            *(shown(name, results[s][k].get(name)) for s, k in columns),
            shown(name, AGREEMENT.get(name)),
        ]
        for name, title in ROWS.items()
    ]
    return markdown(head, rows)


def categories(rows: list[dict[str, Any]]) -> str:
    head = ["category", "photographs", "precision", "recall", "F1", "most taken for"]
    return markdown(
        head,
        [
            [
                row["label"],
                str(row["count"]),
                *(
                    f"{100 * row[k]:.0f} %" if row["count"] else NOTHING
                    for k in ("precision", "recall", "f1")
                ),
                row["confused"],
            ]
            for row in rows
        ],
    )


def attributes(rows: list[dict[str, Any]]) -> str:
    head = ["group", "attribute", "photographs", "precision", "recall", "F1"]
    return markdown(
        head,
        [
            [
                row["group"],
                row["label"],
                str(row["count"]),
                *(
                    f"{100 * row[k]:.0f} %" if row["count"] else NOTHING
                    for k in ("precision", "recall", "f1")
                ),
            ]
            for row in rows
        ],
    )


def fill(text: str, tables: dict[str, str]) -> str:
    """`text` with each table between its markers `<!-- NAME -->` and `<!-- /NAME -->`.

    Raises `ValueError` naming the marker that is missing.
    """
    for name, table in tables.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise ValueError(f"the card has no markers for {name}")
        head, rest = text.split(start)
        text = f"{head}{start}\n\n{table}\n\n{end}{rest.split(end)[1]}"
    return text
