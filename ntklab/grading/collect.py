"""Submissions out of an LMS's zip file into nbgrader's layout, ``DIR/ID/LAB/LAB.ipynb``; the latest counts."""

from __future__ import annotations

import csv
import datetime
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dateutil.parser
import dateutil.tz
from nbgrader.utils import parse_utc

from ntklab._course import UsageError
from ntklab.grading.archive import Archive, Member, Refused, is_archive, printable, refuse_shape
from ntklab.grading.roster import Person, Roster, spelled
from ntklab.grading.senders import Sender, sender

_STUDENT_ID = re.compile(r"[\w@+][\w.@+' -]*")
_MODIFIED = "Last modified (submission)"  # Moodle's worksheet


@dataclass
class Collected:
    """What was taken for one student."""

    file: str
    member: str
    time: str = ""
    late: bool = False
    status: str = "new"  # | "replaced" | "unchanged" | "kept" (the one that lies there is later)
    sha256: str = ""


@dataclass
class Collection:
    """The result: what lies where now, one line for each fault, and what is worth knowing."""

    lab: str
    submitted: Path
    students: dict[str, Collected] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "lab": self.lab,
            "submitted": str(self.submitted),
            "students": {student: vars(taken) for student, taken in self.students.items()},
            "faults": self.faults,
            "notes": self.notes,
        }


def collect(path: Path, lab: str, submitted: Path, roster: Roster | None = None, zone: str = "UTC") -> Collection:
    """Take every student's notebook out of the zip file ``path``.

    Args:
        path: the LMS's zip file.
        lab: the lab's name.
        submitted: nbgrader's folder of submissions; written to.
        roster: who the LMS's ids and names are; ids become the roster's.
        zone: the time zone of the times in Moodle's worksheet.

    Raises:
        UsageError: the zip file cannot be read at all, or there is no such time zone.
    """
    if dateutil.tz.gettz(zone) is None:
        raise UsageError(f"there is no time zone {zone!r}: write it as Europe/Paris")
    result = Collection(lab, submitted, faults=list(roster.faults) if roster else [])
    with Archive(path) as archive:
        senders = _by_student(archive, result, roster)
        for student, (person, found) in sorted(senders.items()):
            _take(archive, result, student, person, found, zone)
    _tell(result, roster)
    _record(result, path)
    return result


def _by_student(
    archive: Archive, result: Collection, roster: Roster | None
) -> dict[str, tuple[Person | None, list[tuple[Sender, Member]]]]:
    """student -> the members that are theirs."""
    found: dict[str, tuple[Person | None, list[tuple[Sender, Member]]]] = {}
    unknown = set[str]()
    book = None if roster is None else _Book(roster)
    for member in archive.members():
        who = sender(member.parts)
        try:
            refuse_shape(member)
        except Refused as problem:
            name = printable((who.name or who.key) if who else "unknown")
            if who is None or is_archive(member) is False:
                result.faults.append(f"{name}: {member.shown}: {problem}")
                continue
        if who is None:
            remedy = "name it as Canvas or Moodle do, or put it into a folder ID/"
            result.faults.append(f"unknown: {member.shown}: its name does not say whose it is: {remedy}")
            continue
        person = None if book is None else book.find(who)
        student = who.key if person is None else person.id
        if book is not None and person is None:
            called = printable(who.name or who.key)
            if called not in unknown:
                alike, file = book.alike(who), book.roster.path.name
                why = f"{len(alike)} in {file} are called so" if len(alike) > 1 else f"not in {file}"
                remedy = (
                    "take Moodle's grading worksheet as roster" if len(alike) > 1 else "add a row, then collect again"
                )
                result.faults.append(f"{called}: {member.shown}: {why}, so left out: {remedy}")
            unknown.add(called)
        elif not _STUDENT_ID.fullmatch(student):
            remedy = "choose another column with --id, or rename the folder"
            result.faults.append(f"{printable(student)}: {member.shown}: no folder can be called so: {remedy}")
        else:
            found.setdefault(student, (person, []))[1].append((who, member))
    return found


class _Book:
    """The roster by what an LMS's file names say."""

    def __init__(self, roster: Roster):
        self.roster = roster
        self.by_number: dict[str, list[Person]] = {}
        self.by_canvas: dict[str, list[Person]] = {}
        self.by_name: dict[tuple[str, ...], list[Person]] = {}
        for person in roster.people.values():
            if number := re.search(r"\d+$", person.get("Identifier")):  # "Participant 7001", in any language
                self.by_number.setdefault(number[0], []).append(person)
            self.by_canvas.setdefault(person.get("Canvas ID", "ID"), []).append(person)
            self.by_name.setdefault(spelled(person.name), []).append(person)

    def find(self, who: Sender) -> Person | None:
        """The one person who fits."""
        if who.lms == "moodle":
            fitting = self.by_number.get(who.key) or self.alike(who)
        elif who.lms == "canvas":
            fitting = self.by_canvas.get(who.key, [])
        else:
            fitting = []
        if len(fitting) == 1:
            return fitting[0]
        return self.roster.find(who.key) if who.lms != "moodle" else None

    def alike(self, who: Sender) -> list[Person]:
        return self.by_name.get(spelled(who.name), []) if who.name else []


def _take(
    archive: Archive,
    result: Collection,
    student: str,
    person: Person | None,
    found: list[tuple[Sender, Member]],
    zone: str,
) -> None:
    """Put the latest notebook of one student in its place."""
    lab = result.lab
    for _, member in found:
        if is_archive(member):
            try:
                refuse_shape(member)
            except Refused as problem:
                result.faults.append(f"{student}: {member.shown}: {problem}")
    notebooks = [(who, member) for who, member in found if member.parts[-1].lower().endswith(".ipynb")]
    if not notebooks:
        if not any(is_archive(member) for _, member in found):
            remedy = f"ask for {lab}.ipynb"
            result.faults.append(f"{student}: {found[0][1].shown}: there is no notebook: {remedy}")
        return

    def rank(item: tuple[Sender, Member]) -> tuple[bool, int, tuple[int, ...], int]:
        who, member = item
        own = who.file.rpartition("/")[2].lower().startswith(lab.lower())
        return own, who.order, member.info.date_time, member.place

    who, member = max(notebooks, key=rank)
    if len(notebooks) > 1:
        result.notes.append(f"{student}: {len(notebooks)} notebooks; taken: {member.shown}")
    try:
        data = archive.read(member)
    except Refused as problem:
        result.faults.append(f"{student}: {member.shown}: {problem}")
        return
    target = result.submitted / student / lab / f"{lab}.ipynb"
    taken = Collected(str(target), member.shown, _time(person, zone), who.late, sha256=hashlib.sha256(data).hexdigest())
    try:
        taken.status = _place(data, taken.time, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        result.faults.append(f"{student}: {target}: it cannot be written ({reason}): make room, then collect again")
        return
    result.students[student] = taken


def _time(person: Person | None, zone: str) -> str:
    """When the worksheet says the submission came, as nbgrader's timestamp; "" where it does not say."""
    said = "" if person is None else person.cells.get(_MODIFIED, "")
    try:
        moment = dateutil.parser.parse(said) if said else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        return ""
    local = moment if moment.tzinfo else moment.replace(tzinfo=dateutil.tz.gettz(zone))
    return local.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _place(data: bytes, time: str, target: Path) -> str:
    """Write the notebook and its time stamp, unless what lies there is the same or later."""
    stamp = target.parent / "timestamp.txt"
    status = "new"
    if target.is_file():
        if target.read_bytes() == data:
            if time and not stamp.exists():
                _write(stamp, f"{time}\n".encode())
            return "unchanged"
        if time and stamp.is_file() and _later(stamp.read_text(errors="replace"), time):
            return "kept"
        status = "replaced"
    target.parent.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)  # the time of another notebook
    _write(target, data)
    if time:
        _write(stamp, f"{time}\n".encode())
    return status


def _later(one: str, other: str) -> bool:
    try:
        return parse_utc(one.strip()) > parse_utc(other)
    except (ValueError, OverflowError):
        return False


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=".collect-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _tell(result: Collection, roster: Roster | None) -> None:
    """What is no fault, yet wants to be known."""
    timeless = [s for s, taken in result.students.items() if taken.late and not taken.time]
    if timeless:
        where = f"{result.submitted.name}/ID/{result.lab}/timestamp.txt"
        result.notes.append(
            f"late, says Canvas, but not by how much: {_few(timeless)}. For late points write the time into {where}"
        )
    if roster is not None:
        absent = [p.id for p in roster.people.values() if p.id not in result.students]
        if absent:
            result.notes.append(
                f"nothing from {len(absent)} of {len(roster.people)} in {roster.path.name}: {_few(absent)}"
            )


def _few(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _record(result: Collection, path: Path) -> None:
    """Where each notebook came from, for questions months later."""
    if not result.students:
        return
    record = result.submitted / f".collected-{result.lab}.csv"
    first = not record.exists()
    with record.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if first:
            writer.writerow(["archive", "student", "status", "time", "late", "sha256", "member"])
        for student, taken in result.students.items():
            late = "late" if taken.late else ""
            writer.writerow([path.name, student, taken.status, taken.time, late, taken.sha256, taken.member])
