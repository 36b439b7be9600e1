"""Submissions made to measure: answers put into a lab's solution, and the sample class of ``ntklab demo``."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from ntklab.grading.trusted import exercise_of, role_of

_HEADER = re.compile(r"^# (exercise|diagnosis|why|family|trick|due): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """A file of ``tests/submissions``: a right answer (wheat) or a wrong one (chaff) to one exercise."""

    path: Path
    exercise: str
    source: str
    diagnosis: str | None  # what a wrong answer must be told

    @classmethod
    def read(cls, path: Path) -> Answer:
        text = path.read_text(encoding="utf-8")
        header = dict(_HEADER.findall(text))
        if "exercise" not in header:
            raise ValueError(f"{path} must begin with a line '# exercise: NAME'")
        return cls(path, header["exercise"], text, header.get("diagnosis"))


def answers(folder: Path) -> list[Answer]:
    """All answers in a folder, by name."""
    return [Answer.read(path) for path in sorted(folder.glob("*.py"))]


def with_answers(source: Any, replaced: Mapping[str, str]) -> Any:
    """The solution notebook with the answer cells of some exercises replaced."""
    notebook = copy.deepcopy(source)
    for cell in notebook.cells:
        if role_of(cell) == "answer" and exercise_of(cell) in replaced:
            cell.source = replaced[exercise_of(cell)]
    return notebook


_NOISE = """
import sys, warnings
warnings.warn("this estimate may be slow", RuntimeWarning)
print("debug: reached", "{name}")
print("careful", file=sys.stderr)
"""


def write_sample_class(source: Any, submissions: Path, lab: str, out: Path) -> list[str]:
    """Write a class of ten under ``out``, in nbgrader's layout; the names of the submissions.

    Two correct ones in different styles, one that prints and warns, four wrong in different ways, a blank one, a
    hostile one, and a damaged file.
    """
    from ntklab.authoring import student_notebook

    wheat, chaff = answers(submissions / lab / "wheat"), answers(submissions / lab / "chaff")
    names = [exercise_of(cell) for cell in source.cells if role_of(cell) == "answer"]
    other_style = {a.exercise: a.source for a in wheat}
    noisy = {}
    for cell in source.cells:
        if role_of(cell) == "answer":
            noisy[exercise_of(cell)] = _NOISE.format(name=exercise_of(cell)) + cell.source
    wrong = {name: [a for a in chaff if a.exercise == name] for name in names}

    def mistake(name: str, which: int = 0) -> dict[str, str]:
        found = wrong[name]
        return {name: found[which % len(found)].source}

    hostile = Answer.read(submissions / "hostile" / "demo-patches-and-peeks.py")
    group: dict[str, Any] = {
        "correct": source,
        "correct-other-style": with_answers(source, other_style),
        "correct-noisy": with_answers(source, noisy),
        "wrong-one-slip": with_answers(source, mistake(names[-3])),
        "wrong-early": with_answers(source, {**mistake(names[0]), **mistake(names[1])}),
        "wrong-everywhere": with_answers(source, {n: s for name in names for n, s in mistake(name, 1).items()}),
        "wrong-constants": with_answers(
            source, {a.exercise: a.source for name in names for a in wrong[name] if "constant" in a.path.stem}
        ),
        "blank": student_notebook(source),
        "hostile": with_answers(student_notebook(source), {hostile.exercise: hostile.source}),
    }
    for name, notebook in group.items():
        path = out / name / lab / f"{lab}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    whole = nbformat.writes(source)
    path = out / "damaged" / lab / f"{lab}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")  # as a broken upload leaves it
    return [*group, "damaged"]
