"""A small graded class for the tests of the instructor's verbs: a course of the invented lab, a marker, a clock."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grading_lab
from grading_lab import NAME, submit, with_answers

from ntklab._course import find_lab
from ntklab.grading.batch import ClassResult, grade_class
from ntklab.grading.gradebook import Course

DUE = "2026-10-12 12:00:00 UTC"
CONFIG = """\
from ntklab.grading.nbgrader_steps import configure

c = get_config()
configure(c)
c.CourseDirectory.course_id = "ntklab"
c.CourseDirectory.source_directory = "../build/source"
"""


@dataclass(frozen=True)
class Classroom:
    """A course folder under a root of its own."""

    root: Path
    solved: Any

    @property
    def course(self) -> Course:
        return Course(self.root / "course", self.root / "build" / "source")

    def configure(self, *lines: str) -> None:
        """Write the course's settings."""
        self.course.folder.mkdir(exist_ok=True)
        (self.course.folder / "nbgrader_config.py").write_text("\n".join([CONFIG, *lines, ""]))

    def submit(self, student: str, text: str = "It is once more.", at: str | None = None, **answers: str) -> Path:
        """Hand in the right answers (or others), the written one saying ``text``, at a time."""
        path = submit(self.course.folder / "submitted", student, with_answers(self.solved, why_twice=text, **answers))
        if at is not None:
            (path.parent / "timestamp.txt").write_text(f"{at}\n")
        return path

    def grade(self, *only: str) -> ClassResult:
        """Grade everybody, or these students."""
        submitted = self.course.folder / "submitted"
        if only:
            some = self.root / "some"
            shutil.rmtree(some, ignore_errors=True)
            for student in only:
                shutil.copytree(submitted / student, some / student)
            submitted = some
        return grade_class(find_lab(NAME, self.root), self.course, submitted)

    def mark(self, marks: Mapping[str, float], question: str = "why-twice") -> None:
        """Mark written answers as the formgrader does: through nbgrader's API, which settles them."""
        with self.course.gradebook() as book:
            for student, score in marks.items():
                grade = book.find_grade(question, NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = score, False
            book.db.commit()

    def cells(self, student: str) -> list[Any]:
        """The cells of the graded notebook."""
        return json.loads(self.course.autograded(NAME, student).read_text())["cells"]


def open_classroom(root: Path, solved: Any) -> Classroom:
    grading_lab.write(root)
    return Classroom(root, solved)
