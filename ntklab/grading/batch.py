"""Grade a class: every submission ends with a score and a reason, and none of them touches another."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from ntklab._course import Lab, UsageError
from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.grader import Grader, course_secret
from ntklab.grading.limits import Limits
from ntklab.grading.nbgrader_steps import COMPUTED
from ntklab.grading.results import Outcome

# what nbgrader's patterns and paths take as it is
_STUDENT_ID = re.compile(r"[\w@+][\w.@+' -]*")
_REMEDY = {
    "unreadable": "ask for a new submission, then grade again",
    "partial": "the other exercises count; the feedback page says what happened",
}


@dataclass
class ClassResult:
    """The graded class of one lab."""

    lab: str
    max: float = 0.0
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    manual: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # one line each: student, file, remedy
    sandbox: bool = True

    def to_json(self) -> dict[str, Any]:
        """The value of ``ntklab grade LAB --json``."""
        students = {}
        for student, outcome in self.outcomes.items():
            manual = self.manual.get(student, {"score": None, "max": 0.0})
            public = outcome.public()
            students[student] = {"score": public["score"], "max": public["max"], "manual": manual, **public}
        data: dict[str, Any] = {"lab": self.lab, "max": self.max, "students": students}
        if not self.sandbox:
            data["sandbox"] = "off"
        return data

    def to_csv(self) -> str:
        """One row per student: points by exercise, automatic and manual totals, status and reason."""
        names = list(next(iter(self.outcomes.values())).exercises) if self.outcomes else []
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["student", "score", "max", "manual_score", "manual_max", "status", *names, "reason"])
        for student, outcome in self.outcomes.items():
            manual = self.manual.get(student, {"score": None, "max": 0.0})
            marked = "" if manual["score"] is None else f"{manual['score']:g}"
            points = [f"{outcome.exercises[name].score:g}" for name in names]
            totals = [f"{outcome.score:g}", f"{outcome.max:g}", marked, f"{manual['max']:g}", outcome.status]
            writer.writerow([_plain(student), *totals, *points, _plain(outcome.reason)])
        return text.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def grade_class(
    lab: Lab,
    course: Course,
    submitted: Path,
    *,
    fenced: bool = True,
    figures: bool = False,
    limits: Limits | None = None,
    progress: Callable[[int, int, str, Outcome], None] = lambda done, total, student, outcome: None,
    log: Callable[[str], None] = lambda line: None,
) -> ClassResult:
    """Grade ``submitted/ID/LAB/LAB.ipynb`` for every ID, through nbgrader, into ``course``.

    Raises:
        UsageError: ``submitted`` is no folder or holds no submission of this lab.
        CourseError: the gradebook cannot be written.
    """
    from ntklab.authoring import notebook_bytes, source_notebook

    found = list(submissions(lab.name, submitted))
    if not found:
        raise UsageError(
            f"{submitted} holds no submissions: they lie in {submitted.name}/ID/{lab.name}/{lab.name}.ipynb. "
            "Give the folder with --submitted DIR"
        )
    source = source_notebook(lab.source)
    built = course.source / lab.name / f"{lab.name}.ipynb"
    built.parent.mkdir(parents=True, exist_ok=True)
    built.write_bytes(notebook_bytes(source))
    course.register(lab.name)

    result = ClassResult(lab.name, sandbox=fenced)
    scratch = course.scratch("submitted")
    api = course.api(submitted=scratch, fenced=fenced, figures=figures)
    with Grader(
        lab.name, source, course_secret(course.folder), limits=limits, fenced=fenced, figures=figures, log=log
    ) as grader:
        result.max = sum(e.points for e in grader.trusted.exercises.values())
        for done, (student, path) in enumerate(found, start=1):
            if not _STUDENT_ID.fullmatch(student):
                outcome = grader.ungraded(f"{student!r} cannot be a student's id: letters, digits and . _ @ + ' only")
                result.outcomes[student] = outcome
                result.faults.append(f"{student}: {outcome.reason}; rename the folder, then grade again")
                progress(done, len(found), student, outcome)
                continue
            rebuilt, outcome = grader.grade_file(path)
            folder = scratch / student / lab.name
            folder.mkdir(parents=True)
            nbformat.write(rebuilt.notebook, folder / f"{lab.name}.ipynb")
            _copy_timestamp(path, folder)
            COMPUTED[lab.name, student] = outcome
            try:
                course.autograde(api, lab.name, student)
            finally:
                del COMPUTED[lab.name, student]
            result.outcomes[student] = outcome
            if outcome.status != "graded":
                result.faults.append(
                    f"{student}: {path.relative_to(submitted)}: {outcome.reason}; {_REMEDY[outcome.status]}"
                )
            progress(done, len(found), student, outcome)
    shutil.rmtree(scratch, ignore_errors=True)
    result.manual = {s: m for s, m in course.manual_marks(lab.name).items() if s in result.outcomes}
    (course.folder / "grades.csv").write_text(result.to_csv())
    return result


def submissions(lab: str, submitted: Path) -> Iterator[tuple[str, Path]]:
    """Every student's folder and where the notebook should lie; a single notebook of another name is taken too."""
    if not submitted.is_dir():
        raise UsageError(
            f"there is no folder {submitted}; give the one that holds the submissions with --submitted DIR"
        )
    for folder in sorted(os.scandir(submitted), key=lambda entry: entry.name):
        if folder.name.startswith(".") or not (folder.is_dir(follow_symlinks=False) or folder.is_symlink()):
            continue
        home = submitted / folder.name / lab
        expected = home / f"{lab}.ipynb"
        if folder.is_symlink() or home.is_symlink():
            yield folder.name, home / "notebook in a folder of its own: a link lies in its place"
            continue
        others = sorted(home.glob("*.ipynb")) if home.is_dir() else []
        if not os.path.lexists(expected) and len(others) == 1:
            yield folder.name, others[0]
        else:
            yield folder.name, expected


def _copy_timestamp(notebook: Path, folder: Path) -> None:
    """nbgrader's late penalties read ``timestamp.txt`` beside the notebook."""
    stamp = notebook.parent / "timestamp.txt"
    if stamp.is_file() and not stamp.is_symlink() and stamp.stat().st_size < 200:
        text = stamp.read_text(errors="replace").strip()
        from nbgrader.utils import parse_utc

        try:
            parse_utc(text)
        except Exception:  # whatever a date parser makes of a student's file
            return
        (folder / "timestamp.txt").write_text(text + "\n")


__all__ = ["ClassResult", "CourseError", "grade_class", "submissions"]
