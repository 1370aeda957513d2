"""Main colour against the labels, with true landmarks and categories, the landmarks jittered."""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from training.colors.garments import jittered, look, photographs_with_colours, pictures_of

SEED = 1


def main(split: str) -> None:
    photos = photographs_with_colours(split)
    rng = np.random.default_rng(SEED)
    tags = look("tags", pictures_of(photos), [jittered(photo, rng) for photo in photos])
    pairs = [
        (photo.color, [tag[0] for tag in found])
        for photo, found in zip(photos, tags, strict=True)
        if photo.color
    ]
    right = sum(said[:1] == [labelled[0]] for labelled, said in pairs)
    named = sum(said[0] in labelled for labelled, said in pairs if said)
    hits = sum(len(set(said) & set(labelled)) for labelled, said in pairs)
    size = sum(len(said) + len(labelled) for labelled, said in pairs)
    print(f"{split}: {len(pairs)} pictures")
    print(f"main colour is the first label {right / len(pairs):.3f}")
    print(f"main colour is among the labels {named / len(pairs):.3f}")
    print(f"all colours, micro-F1 {2 * hits / size:.3f}")
    wrong = Counter(
        (labelled[0], said[0] if said else "-")
        for labelled, said in pairs
        if said[:1] != [labelled[0]]
    )
    for (labelled, said), count in wrong.most_common(15):
        print(f"  {count:3d}  {labelled} called {said}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=["train", "val", "test"], default="val")
    main(parser.parse_args().split)
