"""Who takes the course: a roster from Canvas, from Moodle, or a table of one's own, with ids by column.

Canvas: the gradebook's export. Moodle: an assignment's grading worksheet, the list of participants or a grade export.
Anything else: a table with a column ``student`` (or ``id``) that holds the ids under which submissions lie.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ntklab._course import UsageError

MAX_FILE = 20 * 2**20
# columns that identify a student, without blanks and case, the best id for a folder's name first
_IDS = {
    "canvas": ("sisloginid", "sisuserid", "id", "integrationid"),
    "moodle": ("idnumber", "username", "emailaddress", "email", "identifier"),
    "plain": ("student", "studentid", "id", "sisloginid", "sisuserid", "canvasid", "idnumber", "username",
              "emailaddress", "email", "identifier"),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One row of the roster. ``ids`` holds every value that may stand for the person."""

    id: str
    name: str
    line: int
    cells: dict[str, str]  # by column as the file names it
    ids: frozenset[str]

    def get(self, *columns: str) -> str:
        """The first of these columns that is there and not empty; blanks and case of its name do not matter."""
        by_key = {_key(column): value for column, value in self.cells.items()}
        return next((by_key[c] for c in map(_key, columns) if by_key.get(c)), "")


@dataclass
class Roster:
    """A class list. ``faults`` has a line for each row that cannot be used."""

    path: Path
    kind: str  # "canvas" | "moodle" | "plain"
    columns: list[str]
    people: dict[str, Person] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    points: dict[str, str] = field(default_factory=dict)  # Canvas's row "Points Possible"

    def find(self, student: str) -> Person | None:
        """The person with this id in whatever column, if there is exactly one."""
        if student in self.people:
            return self.people[student]
        found = [person for person in self.people.values() if student.casefold() in person.ids]
        return found[0] if len(found) == 1 else None


def spelled(name: str) -> tuple[str, ...]:
    """A name without order, case and what is no letter.

    >>> spelled("Lovelace, Ada") == spelled("ada LOVELACE")
    True
    """
    return tuple(sorted(re.findall(r"\w+", name.casefold())))


def read_roster(path: Path, id_column: str | None = None) -> Roster:
    """The roster in a CSV file (commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252).

    Args:
        path: the file.
        id_column: the column of the ids under which submissions lie; without it the best one that is filled.

    Raises:
        UsageError: no such file or column, or no row.
    """
    rows = list(_rows(path))
    if not rows or not any(rows[0][1]):
        raise UsageError(f"{path} holds no table: save the class list as CSV with a line of headings")
    columns = rows[0][1]
    kind = _kind({_key(column) for column in columns})
    roster = Roster(path, kind, columns)
    table = [(line, dict(zip(columns, row, strict=False))) for line, row in rows[1:] if any(row)]
    if kind == "canvas":
        first = columns[0]
        for _, cells in table:
            if "Points Possible" in cells[first]:
                roster.points = cells
        table = [(n, c) for n, c in table if c[first] and not re.search("Points Possible|^Student, Test$", c[first])]
    column = _id_column(roster, [cells for _, cells in table], id_column)
    for line, cells in table:
        _add(roster, line, cells, column)
    if not roster.people:
        raise UsageError(f"{path} names nobody: it needs a row for each student below its headings")
    return roster


def _add(roster: Roster, line: int, cells: dict[str, str], column: str) -> None:
    ids = frozenset(
        value.casefold() for key, value in cells.items() if value and _key(key) in (*_IDS[roster.kind], _key(column))
    )
    blank = Person(cells.get(column, ""), "", line, cells, ids)
    both = " ".join(filter(None, (blank.get("firstname"), blank.get("surname", "lastname"))))
    name = blank.get(*(["student"] if roster.kind == "canvas" else []), "fullname", "name") or both
    if not blank.id:
        roster.faults.append(f"{name or 'nameless'}: {roster.path.name} line {line}: no {column!r}: fill it in")
    elif blank.id in roster.people:
        first = roster.people[blank.id].line
        roster.faults.append(f"{blank.id}: {roster.path.name} line {line}: already on line {first}: delete one")
    else:
        roster.people[blank.id] = Person(blank.id, name, line, cells, ids)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"the roster {path} cannot be read ({error.strerror}): give a CSV file") from None
    if len(data) > MAX_FILE or data.startswith(b"PK"):
        raise UsageError(f"the roster {path} is no CSV file: export it from the spreadsheet as CSV")
    text = decoded(data)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise UsageError(f"the roster {path} is damaged at line {reader.line_num} ({error}): export it again") from None


def decoded(data: bytes) -> str:
    """Text of a spreadsheet's making: UTF-8, UTF-16 with its mark, else Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _key(column: str) -> str:
    return re.sub(r"\W|_", "", column.casefold())


def _kind(keys: set[str]) -> str:
    if {"student", "id"} <= keys and keys & {"section", "sisloginid", "sisuserid"}:
        return "canvas"
    if keys & {"idnumber", "emailaddress", "username", "identifier"} and keys & {"firstname", "fullname", "surname"}:
        return "moodle" if not keys & {"student", "studentid"} else "plain"
    return "plain"


def _id_column(roster: Roster, table: list[dict[str, str]], wanted: str | None) -> str:
    by_key = {_key(column): column for column in reversed(roster.columns)}
    if wanted is not None:
        if _key(wanted) not in by_key:
            raise UsageError(
                f"{roster.path} has no column {wanted!r}: it has {', '.join(filter(None, roster.columns))}"
            )
        return by_key[_key(wanted)]
    candidates = [by_key[key] for key in _IDS[roster.kind] if key in by_key]
    if not candidates:
        raise UsageError(f"{roster.path} has no column of ids: name one 'student', or say which with --id COLUMN")
    full = [column for column in candidates if all(cells.get(column) for cells in table)]
    return (full or candidates)[0]
