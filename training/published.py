"""DeepFashion's Category and Attribute benchmark: what others have printed.

Category: top-k accuracy. Attributes: recall of the k best within a group. Percent; landmarks:
normalised error as a fraction. Where a row was read in another work's table, it says so.
The numbers in brackets are the paper's own references.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.datasets.clothing import GROUPS
from training.datasets.deepfashion import LANDMARKS

REPRINTED = (
    "as printed again by Liu and Lu 2018 (github.com/fdjingyuan/Deep-Fashion-Analysis-ECCV2018)"
)
NEITHER = 'its own "All", {:.2f} and {:.2f}, is neither of the two'


@dataclass(frozen=True)
class Published:
    """A row; `all_group_mean` is the mean of its five groups, printed or not."""

    name: str
    source: str
    category: tuple[float, float] | None = None  # top-3, top-5
    recall: tuple[tuple[float, float], ...] = ()  # top-3, top-5 of each group, as in GROUPS
    all_benchmark: tuple[float, float] | None = None  # top-3, top-5
    landmarks: tuple[float, ...] = ()  # as in LANDMARKS, then the mean; or the mean alone

    @property
    def values(self) -> dict[str, float]:
        """By the names of `benchmark.py`."""
        found: dict[str, float] = {}
        for i, k in enumerate((3, 5)):
            if self.category:
                found[f"category_top{k}"] = self.category[i]
            if self.recall:
                groups = [pair[i] for pair in self.recall]
                found |= {f"{g}_recall{k}": v for g, v in zip(GROUPS, groups, strict=True)}
                found[f"all_group_mean_recall{k}"] = sum(groups) / len(groups)
            if self.all_benchmark:
                found[f"all_benchmark_recall{k}"] = self.all_benchmark[i]
        names = [*(f"ne_{name}" for name in LANDMARKS), "landmark_ne"]
        return found | dict(zip(reversed(names), reversed(self.landmarks), strict=False))


PUBLISHED = (
    Published(
        "WTBI",
        f"Chen, Gallagher, Girod 2012, {REPRINTED}; {NEITHER.format(27.46, 35.37)}",
        category=(43.73, 66.25),
        recall=((24.21, 32.65), (25.38, 36.06), (23.39, 31.26), (26.31, 33.24), (49.85, 58.68)),
    ),
    Published(
        "DARN",
        f"Huang, Feris, Chen, Yan 2015, {REPRINTED}; {NEITHER.format(42.35, 51.95)}",
        category=(59.48, 79.58),
        recall=((36.15, 48.15), (36.64, 48.52), (35.89, 46.93), (39.17, 50.14), (66.11, 71.36)),
    ),
    Published(
        "FashionNet [1]",
        f"Liu, Luo, Qiu, Wang, Tang 2016, {REPRINTED}, which has fabric's 39.30 as 39/30; "
        f"{NEITHER.format(45.52, 54.61)}",
        category=(82.58, 90.17),
        recall=((37.46, 49.52), (39.30, 49.84), (39.47, 48.59), (44.13, 54.02), (66.43, 73.16)),
        landmarks=(0.0854, 0.0902, 0.0973, 0.0935, 0.0854, 0.0845, 0.0812, 0.0823, 0.0872),
    ),
    Published(
        "DFA",
        f"Liu, Yan, Luo, Wang, Tang 2016, {REPRINTED}",
        landmarks=(0.0628, 0.0637, 0.0658, 0.0621, 0.0726, 0.0702, 0.0658, 0.0663, 0.0660),
    ),
    Published(
        "DLAN",
        f"Yan, Liu, Luo, Qiu, Wang, Tang 2017, {REPRINTED}",
        landmarks=(0.0570, 0.0611, 0.0672, 0.0647, 0.0703, 0.0694, 0.0624, 0.0627, 0.0643),
    ),
    Published(
        "Lu et al. 2017",
        f"Fully-adaptive feature sharing, {REPRINTED}",
        category=(86.72, 92.51),
    ),
    Published(
        "Corbiere et al. 2017 [3]",
        f'{REPRINTED}; its "All", below every group, is taken for the benchmark\'s',
        category=(86.30, 92.80),
        recall=((53.60, 63.20), (39.10, 48.80), (50.10, 59.50), (38.80, 48.90), (30.50, 38.30)),
        all_benchmark=(23.10, 30.40),
    ),
    Published(
        "Wang et al. 2018 [2]",
        f"Attentive fashion grammar, {REPRINTED}; {NEITHER.format(51.53, 60.95)}",
        category=(90.99, 95.78),
        recall=((50.31, 65.48), (40.31, 48.23), (53.32, 61.05), (40.65, 56.32), (68.70, 74.25)),
        landmarks=(0.0415, 0.0404, 0.0496, 0.0449, 0.0502, 0.0523, 0.0537, 0.0551, 0.0484),
    ),
    Published(
        "Liu and Lu 2018 [4]",
        "github.com/fdjingyuan/Deep-Fashion-Analysis-ECCV2018; issue 12 there reports a run of its "
        "code with part 43.26/53.21, style 32.54/40.87 and the other groups about as printed",
        category=(91.16, 96.12),
        recall=((56.17, 65.83), (43.20, 53.52), (58.28, 67.80), (46.97, 57.42), (68.82, 74.13)),
        landmarks=(0.0332, 0.0346, 0.0487, 0.0519, 0.0422, 0.0429, 0.0620, 0.0639, 0.0474),
    ),
    Published(
        "GLEM landmarks alone",
        "Lee, Oh, Jung, Kim, ICCVW 2019",
        landmarks=(0.0393,),
    ),
    Published(
        "Lee et al. 2020 (the paper)",
        "Lee, Oh, Jung, Kim 2020, Tables 1 and 2",
        category=(90.46, 95.27),
        recall=((57.07, 66.47), (44.52, 55.17), (59.52, 68.62), (47.93, 58.28), (33.67, 42.57)),
        all_benchmark=(27.30, 35.61),
    ),
)
