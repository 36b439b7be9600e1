"""A class of any size on the invented lab, a tenth of it broken in the ways of the hostile corpus."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import grading_lab
import hostile
import surgery
from grading_lab import NAME, submit, with_answers

# Slow tricks spend their whole allowance of time; a class needs a few of them, not every one.
_SLOW = ("looping", "flooding", "forking")
GRAM = "def gram(X):\n    if np.ndim(X) != 2:\n        raise ValueError('a matrix')\n    return X @ X.T"
NOISY = "import warnings\ndef doubled(x):\n    warnings.warn('!')\n    print(x)\n    return 2 * np.asarray(x)"
STYLES = {
    "right": {},
    "noisy": {"doubled": NOISY},
    "other-style": {"gram": GRAM},
    "squared": {"doubled": "def doubled(x):\n    return np.asarray(x) ** 2"},
    "tripled": {"doubled": "def doubled(x):\n    return 3 * np.asarray(x)"},
    "no-check": {"gram": "def gram(X):\n    return np.asarray(X) @ np.transpose(X)"},
    "wrong-word": {"summary": "def summary(x, rng):\n    return {'total': 0.0, 'sign': '', 'draws': []}"},
    "syntax": {"summary": "def summary(x, rng)\n    return 0"},
}


def write(folder: Path, source: Any, student: Any, count: int, seed: int = 0, broken: float = 0.1) -> dict[str, str]:
    """Write ``count`` submissions into ``folder``; student -> what kind of submission it is."""
    rng = random.Random(seed)
    source = with_answers(source, why_twice="It is once more.")
    answers = [a for a in hostile.corpus() if a.family not in _SLOW] + [
        a for a in hostile.corpus() if a.name in ("looping--swallows-interrupts", "flooding--stdout", "forking--bomb")
    ]
    files = [t for t in surgery.tricks() if t.name not in ("surgery--two-hundred-megabytes", "folder--zip-bomb")]
    bad: list[Any] = rng.sample(answers, len(answers)) + rng.sample(files, len(files))
    rng.shuffle(bad)
    kinds = {}
    submit(folder, "neighbour", source)  # whom links point at
    kinds["neighbour"] = "right"
    chosen = set(rng.sample(range(1, count), round(broken * count)))
    for number in range(1, count):
        name = f"student-{number:03}"
        if number in chosen:
            one = bad[len([n for n in chosen if n < number]) % len(bad)]
            kinds[name] = one.name
            if isinstance(one, surgery.Trick):
                (folder / name / NAME).mkdir(parents=True)
                one.make(folder / name / NAME, source)
            else:
                submit(folder, name, with_answers(source, **{one.exercise: one.source}))
            continue
        kind = rng.choice([*STYLES, "blank"])
        kinds[name] = kind
        notebook = copy.deepcopy(student) if kind == "blank" else with_answers(source, **STYLES[kind])
        notebook.metadata["written-by"] = name  # no two files of the class are the same
        submit(folder, name, notebook)
    return kinds


def due(kind: str) -> float | None:
    """The points that an honest kind of submission is due; None for the broken ones."""
    total = sum(grading_lab.POINTS.values())
    lost = {"squared": 4, "tripled": 4, "no-check": 2, "wrong-word": 1, "syntax": 1, "blank": total}
    return total - lost.get(kind, 0) if kind in STYLES or kind == "blank" else None
