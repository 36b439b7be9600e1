"""Operated notebooks, links and archives: the honest answers count, nothing else does, and nobody else notices."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import grading_lab
import pytest
import surgery
from grading_lab import NAME, POINTS, submit, with_answers

from ntklab._course import find_lab
from ntklab.grading.batch import grade_class
from ntklab.grading.gradebook import Course

TOTAL = sum(POINTS.values())
TRICKS = surgery.tricks()


def contents(folder: Path) -> dict[str, str]:
    """Every file and link below a folder with a checksum of what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = os.readlink(path)
        elif path.is_file():
            with open(path, "rb") as file:
                found[str(path)] = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            found[str(path)] = str(path.stat().st_mode)
    return found


@pytest.fixture(scope="module")
def graded(invented, tmp_path_factory, light_sandbox, grader):
    """All tricks in one class, with what lay about before and after."""
    root = tmp_path_factory.mktemp("surgery")
    grading_lab.write(root)
    submitted, course = root / "in", Course(root / "course", root / "source")
    honest = with_answers(invented.source, why_twice="It is once more.")
    submit(submitted, "neighbour", honest)
    for trick in TRICKS:
        (submitted / trick.name / NAME).mkdir(parents=True)
        trick.make(submitted / trick.name / NAME, honest)
    before = contents(submitted), set(os.listdir("/tmp"))
    result = grade_class(find_lab(NAME, root), course, submitted, limits=grading_lab.LIMITS)
    after = contents(submitted), set(os.listdir("/tmp"))
    return result, before, after, course


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_a_trick_gains_nothing_and_costs_no_honest_answer(trick, graded):
    outcome = graded[0].outcomes[trick.name]
    score, status = {"full": (TOTAL, "graded"), "missing": (0, "partial"), "zero": (0, "unreadable")}[trick.due]
    assert (outcome.score, outcome.status) == (score, status), outcome.reason
    assert bool(outcome.reason) == (trick.due != "full")
    assert {name: e.max for name, e in outcome.exercises.items()} == POINTS


def test_nobody_else_notices(graded):
    result, before, after, course = graded
    assert result.outcomes["neighbour"].score == TOTAL
    assert after[0] == before[0]
    assert [name for name in after[1] - before[1] if "STOLEN" in name] == []
    kept = {path.name for path in course.folder.rglob("*") if path.is_file()}
    assert kept == {".secret_seed", "gradebook.db", "grades.csv", f"{NAME}.ipynb"}
    assert not any(path.is_symlink() for path in course.folder.rglob("*"))


def test_every_fault_is_one_line_with_student_file_and_remedy(graded):
    lost = [trick.name for trick in TRICKS if trick.due != "full"]
    untimed = ["folder--links-beside", "folder--vast-timestamp"]  # their points count; when they came is not known
    assert [line.split(":")[0] for line in graded[0].faults] == sorted(lost) + untimed
    assert all("timestamp.txt" in line for line in graded[0].faults[-2:])
    for line in graded[0].faults:
        student, file, rest = line.split(": ", 2)
        assert file.startswith(f"{student}/{NAME}/")
        assert len(rest.rsplit("; ", 1)) == 2
        assert "\n" not in line


def test_there_are_enough_of_each_family():
    assert Counter(trick.family for trick in TRICKS).keys() == {"surgery", "folder"}
    assert min(Counter(trick.family for trick in TRICKS).values()) >= 3
    assert len({trick.trick for trick in TRICKS}) == len({trick.name for trick in TRICKS}) == len(TRICKS)
