"""The hostile corpus as a table: ``python tests/corpus.py`` grades every try and prints what it gained and left behind.

For each family: how many tries, the points that they gained beyond what their honest parts are due, and the side
effects that were found: processes, groups, files, another result for the next student, or a leak into feedback.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grading_lab
import hostile
import surgery
from grading_lab import LIMITS, NAME, POINTS, SECRET, with_answers

from ntklab.authoring import source_notebook
from ntklab.grading.batch import submissions
from ntklab.grading.grader import Grader

TOTAL = sum(POINTS.values())
DUE = {"full": TOTAL, "missing": 0.0, "zero": 0.0}


def tries(folder: Path, source: Any) -> Iterator[tuple[str, str, Path, float, str]]:
    """(family, name, file, points that are due, the exercise that is attacked or "")."""
    import nbformat

    for answer in hostile.corpus():
        path = folder / answer.name / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(with_answers(source, **{answer.exercise: answer.source}), path)
        yield answer.family, answer.name, path, answer.due, answer.exercise
    neighbour = folder / "neighbour" / NAME / f"{NAME}.ipynb"
    neighbour.parent.mkdir(parents=True)
    nbformat.write(source, neighbour)
    for trick in surgery.tricks():
        (folder / trick.name / NAME).mkdir(parents=True)
        trick.make(folder / trick.name / NAME, source)
    places = dict(submissions(NAME, folder))  # as a class is read: a linked folder is no submission
    for trick in surgery.tricks():
        yield trick.family, trick.name, places[trick.name], DUE[trick.due], ""


def effects(outcome: Any, grader: Grader, honest: Path, before: Any, numbers: list[float]) -> list[str]:
    """What is other than it was before the try."""
    found = []
    try:
        hostile.wait_for_no_children()
    except AssertionError as left:
        found.append(f"processes {left}")
    found += [f"group {group}" for group in hostile.groups()]
    found += [f"leak {leak}" for leak in hostile.leaks(hostile.told(outcome), numbers, [])]
    if "STOLEN" in " ".join(os.listdir("/tmp")):
        found.append("a file in /tmp")
    if look(grader, honest) != before:
        found.append("the next student notices")
    return found


def look(grader: Grader, honest: Path) -> Any:
    """Points and surroundings of an honest notebook that looks around."""
    _, outcome = grader.grade_file(honest)
    return {name: e.score for name, e in outcome.exercises.items()}, outcome.outputs["student-1"]


def main() -> int:
    """``python tests/corpus.py [FAMILY ...]``: all families, or some."""
    with tempfile.TemporaryDirectory(prefix="ntklab-corpus-") as folder:
        return examine(Path(folder))


def examine(root: Path) -> int:
    """Grade every try in a course under ``root`` and print the table; 1 if anything was gained or left."""
    import nbformat
    from nbformat.v4 import new_code_cell

    source = source_notebook(grading_lab.write(root))
    honest, probe = root / "honest.ipynb", with_answers(source)
    probe.cells.insert(2, new_code_cell(hostile.PROBE, id="probe"))
    nbformat.write(probe, honest)
    numbers = grading_lab.hidden_numbers()
    table: dict[str, list[tuple[float, list[str]]]] = defaultdict(list)
    with Grader(NAME, source, SECRET, limits=LIMITS, preload=("numpy", "ntklab.lab")) as grader:
        before = look(grader, honest)
        for family, name, path, due, exercise in tries(root / "in", source):
            if sys.argv[1:] and family not in sys.argv[1:]:
                continue
            _, outcome = grader.grade_file(path)
            got = outcome.exercises[exercise].score if exercise else outcome.score
            side = effects(outcome, grader, honest, before, numbers)
            table[family].append((got - due, side))
            if got != due or side:
                print(f"{name}: {got:g} points where {due:g} are due; {'; '.join(side) or 'no side effect'}")
    print("| family | tries | points gained | side effects |\n|---|---|---|---|")
    for family, rows in table.items():
        gained = sum(max(points, 0.0) for points, _ in rows)
        print(f"| {family} | {len(rows)} | {gained:g} | {sum(len(side) for _, side in rows)} |")
    every = [row for rows in table.values() for row in rows]
    bad = [row for row in every if row[0] != 0 or row[1]]
    print(f"| all | {len(every)} | {sum(max(p, 0.0) for p, _ in every):g} | {sum(len(side) for _, side in every)} |")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
