"""Grades as Canvas's and Moodle's gradebooks import them, or as a plain table.

Canvas (its gradebook importer): the columns Student, ID, SIS User ID, SIS Login ID, Section, then the assignment, named
``Title (id)``; a row "Points Possible" below the headings. Moodle: a grading worksheet with its column Grade filled in,
where the roster is one, else a table by ID number and email address for "Grades, Import, CSV file".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.roster import Person, Roster
from ntklab.grading.totals import Total

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
_TITLE_AND_ID = re.compile(r"(.+?)\s*\((\d+)\)")


@dataclass
class Export:
    """A table to import elsewhere, and what it lacks: one line for each fault (student, file, remedy)."""

    lab: str
    to: str
    table: list[list[str]] = field(default_factory=list)
    totals: dict[str, Total] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def csv(self) -> str:
        """The table, without a cell that a spreadsheet would take for a formula."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([[plain(cell) for cell in row] for row in self.table])
        return text.getvalue()

    def to_json(self, file: Path) -> dict[str, Any]:
        students = {s: {"name": self.names.get(s, ""), **t.to_json()} for s, t in self.totals.items()}
        return {"lab": self.lab, "to": self.to, "file": str(file), "students": students, "faults": self.faults,
                "notes": self.notes}  # fmt: skip


def plain(cell: str) -> str:
    """The cell as text, whatever it begins with; Moodle's lone dash for "no grade" is no formula.

    >>> [plain(cell) for cell in ("=1+1", "+49 30", "@x", "-5", "\\tx", "ada", "7.5", "-")]
    ["'=1+1", "'+49 30", "'@x", "'-5", "'\\tx", 'ada', '7.5', '-']
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and cell != "-" else cell


def export(course: Course, lab: str, to: str, roster: Roster | None, assignment: str | None = None) -> Export:
    """The grades of ``lab`` for ``to``: "csv", "canvas" or "moodle" (the last two need a roster).

    Raises:
        CourseError: nothing is graded, or the gradebook cannot be opened.
    """
    held = course.totals(lab)
    if not held:
        raise CourseError(f"nothing of {lab} is graded in {course.folder}: run `ntklab grade {lab}` first")
    result = Export(lab, to, totals=held)
    rows = _matched(result, roster)
    for student, total in held.items():
        result.faults += _waiting(student, lab, total)
    title = assignment or lab
    _TABLES[to](result, rows, roster, title, assignment is not None)
    return result


def _matched(result: Export, roster: Roster | None) -> list[tuple[Person | None, Total]]:
    """Who is in the roster and has grades; a fault for everybody who lacks one of the two."""
    if roster is None:
        return [(None, total) for total in result.totals.values()]
    result.faults += roster.faults
    rows: list[tuple[Person | None, Total]] = []
    seen: dict[str, str] = {}
    for student, total in result.totals.items():
        person = roster.find(student)
        if person is None:
            remedy = "add a row, or name the column of ids with --id"
            result.faults.append(f"{student}: not in {roster.path.name}, so left out: {remedy}")
        elif person.id in seen:
            where = f"{roster.path.name} line {person.line}"
            result.faults.append(f"{student}: {where} is {seen[person.id]} too, so left out: keep one folder")
        else:
            seen[person.id] = student
            result.names[student] = person.name
            rows.append((person, total))
            odd = [value for value in person.cells.values() if plain(value) != value]
            if odd:
                result.faults.append(
                    f"{student}: {roster.path.name} line {person.line}: {odd[0]!r} begins like a formula and is "
                    "written as text: look at this row after the import"
                )
    for person in roster.people.values():
        if person.id not in seen:
            remedy = "collect and grade a submission, or enter the points there"
            where = f"{roster.path.name} line {person.line}"
            result.faults.append(f"{person.id}: {where}: nothing of {result.lab} is graded, so left out: {remedy}")
    order = {id(person): place for place, person in enumerate(roster.people.values())}
    return sorted(rows, key=lambda row: order[id(row[0])])


def _waiting(student: str, lab: str, total: Total) -> list[str]:
    remedy = "mark it in the formgrader and export again"
    return [f"{student}: {lab}: {name} waits for a mark and counts 0 here: {remedy}" for name in total.waiting] + [
        f"{student}: {lab}: {name} has changed since it was marked and counts as before: {remedy}"
        for name in total.changed
    ]


def _points(value: float) -> str:
    return f"{round(value, 2):.10g}"


def _as_csv(
    result: Export, rows: list[tuple[Person | None, Total]], roster: Roster | None, title: str, named: bool
) -> None:
    head = ["student", "name", "automatic", "automatic_max", "manual", "manual_max", "late_penalty", "score", "max"]
    result.table = [[*head, "waiting"]]
    for person, t in rows:
        numbers = (t.automatic, t.automatic_max, t.manual, t.manual_max, t.late_penalty, t.score, t.max)
        open_questions = " ".join([*t.waiting, *t.changed])
        name = "" if person is None else person.name
        result.table.append([t.student, name, *map(_points, numbers), open_questions])


def _as_canvas(
    result: Export, rows: list[tuple[Person | None, Total]], roster: Roster | None, title: str, named: bool
) -> None:
    assert roster is not None
    own = roster.kind == "canvas"
    columns = (
        [c for c in _CANVAS if c in roster.columns] if own else [c for c in _CANVAS if c[:4] not in ("Inte", "Root")]
    )
    if "Section" not in columns:
        columns.append("Section")  # the importer looks for it
    heading = title if named else _canvas_heading(roster, result.lab)
    if not _TITLE_AND_ID.fullmatch(heading):
        remedy = "to fill another, add --assignment 'TITLE (ID)'"
        result.notes.append(f"Canvas makes a new assignment {heading!r}, unless one is called so: {remedy}")
    top = max(total.max for total in result.totals.values())
    stated = roster.points.get(heading, "")
    if stated and stated.replace(".", "").isdigit() and float(stated) != top:
        result.faults.append(
            f"{heading}: {roster.path.name} says {stated} points possible, the lab has {top:g}: set them in Canvas"
        )
    possible = ["    Points Possible", *[""] * (len(columns) - 1), _points(top)]
    result.table = [[*columns, heading], possible]
    for person, total in rows:
        assert person is not None
        cells = [person.cells.get(c, "") for c in columns] if own else [_CANVAS_FROM[c](person) for c in columns]
        result.table.append([*cells, _points(total.score)])


# a roster that is not Canvas's own: the columns that mean the same
_CANVAS_FROM: dict[str, Callable[[Person], str]] = {
    "Student": lambda p: p.name or p.id,
    "ID": lambda p: p.get("Canvas ID"),
    "SIS User ID": lambda p: p.get("SIS User ID", "ID number"),
    "SIS Login ID": lambda p: p.get("SIS Login ID", "Username", "Email address", "Email") or p.id,
    "Section": lambda p: p.get("Section"),
}


def _canvas_heading(roster: Roster, lab: str) -> str:
    """The column of Canvas's export that is this lab, by its name or number; else the lab's name."""
    number = lab.split("-", 1)[0]
    spoken = re.sub(r"^lab0*", "lab ", number)
    for column in roster.columns:
        match = _TITLE_AND_ID.fullmatch(column)
        if match and re.match(
            rf"({re.escape(lab)}|{re.escape(number)}|{re.escape(spoken)})\b", match[1], re.IGNORECASE
        ):
            return column
    return lab


def _as_moodle(
    result: Export, rows: list[tuple[Person | None, Total]], roster: Roster | None, title: str, named: bool
) -> None:
    assert roster is not None
    top = max(total.max for total in result.totals.values())
    worksheet = {"Identifier", "Grade"} <= set(roster.columns)
    if worksheet:
        result.table = [roster.columns]
        for person, total in rows:
            assert person is not None
            most = person.cells.get("Maximum grade", "").replace(",", ".")
            if re.fullmatch(r"\d+(\.\d+)?", most) and float(most) != top:
                remedy = "set the assignment's maximum grade in Moodle"
                where = f"{roster.path.name} line {person.line}"
                result.faults.append(f"{total.student}: {where}: at most {most} points, the lab has {top:g}: {remedy}")
            cells = {**person.cells, "Grade": _points(total.score)}
            result.table.append([cells.get(column, "") for column in roster.columns])
        result.notes.append("in Moodle: the assignment, Upload grading worksheet")
        return
    wanted = {
        "First name": ("First name",),
        "Surname": ("Surname", "Last name"),
        "ID number": ("ID number", "SIS User ID"),
        "Username": ("Username",),
        "Email address": ("Email address", "Email"),
    }
    found = {c: n for c, n in wanted.items() if any(person and person.get(*n) for person, _ in rows)}
    if not set(found) & {"ID number", "Username", "Email address"}:
        found = {"ID number": ()}
    result.table = [[*found, title]]
    for person, total in rows:
        assert person is not None
        result.table.append([*(person.get(*n) if n else person.id for n in found.values()), _points(total.score)])
    key = next(c for c in ("ID number", "Email address", "Username") if c in found)
    result.notes.append(f"in Moodle: Grades, Import, CSV file; map {key!r} to the user and {title!r} to the grade item")


_TABLES = {"csv": _as_csv, "canvas": _as_canvas, "moodle": _as_moodle}
TARGETS = tuple(_TABLES)
