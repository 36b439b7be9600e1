"""Whose a file is, read from the name an LMS gives it in its zip file of submissions.

Names as the two systems write them (from their sources):

- Canvas, "Download Submissions": ``lovelaceada_LATE_101_9001_lab03-1.ipynb``: the name without blanks, ``LATE`` where
  it was, Canvas's id of the student and of the file (it grows with time), the file's own name (``-1``: handed in anew).
  Anonymous assignments: ``anon_x1Y2z_9001_lab03.ipynb``.
- Moodle, "Download all submissions": ``Ada Lovelace_7001_assignsubmission_file/lab03.ipynb`` with folders (older ones
  end in ``_file_``), ``Ada Lovelace_7001_assignsubmission_file_lab03.ipynb`` without. 7001 is the participant's number
  in this one assignment; the grading worksheet, taken as roster, says who that is and when they handed in.
- Folders: ``ID/LAB/LAB.ipynb`` or ``ID/anything.ipynb``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOODLE_FOLDER = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_[a-z]+_?")
_MOODLE_FILE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)
_CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_[A-Za-z0-9]+)_(?P<file_id>\d+)_(?P<file>.+)", re.DOTALL
)


@dataclass(frozen=True)
class Sender:
    """Who a member's name says it is from, and what else it says."""

    key: str  # the student's id there
    name: str = ""
    file: str = ""
    lms: str = "folders"  # | "canvas" | "moodle"
    late: bool = False
    order: int = 0  # a later hand-in has a greater one


def sender(parts: tuple[str, ...]) -> Sender | None:
    """Whose member this is, read from its path.

    >>> sender(("lovelaceada_LATE_101_9001_lab03-1.ipynb",))
    Sender(key='101', name='lovelaceada', file='lab03-1.ipynb', lms='canvas', late=True, order=9001)
    >>> sender(("Ada Lovelace_7001_assignsubmission_file", "lab03.ipynb")).key
    '7001'
    >>> sender(("ada", "lab03-two-layer-ntk", "lab03-two-layer-ntk.ipynb")).key
    'ada'
    """
    for place, part in enumerate(parts[:-1]):
        if match := _MOODLE_FOLDER.fullmatch(part):
            return Sender(match["number"], match["name"], "/".join(parts[place + 1 :]), "moodle")
    last = parts[-1]
    if match := _MOODLE_FILE.fullmatch(last):
        return Sender(match["number"], match["name"], match["file"], "moodle")
    if match := _CANVAS.fullmatch(last):
        return Sender(
            match["user"], match["name"] or "", match["file"], "canvas", bool(match["late"]), int(match["file_id"])
        )
    if len(parts) > 1:
        folders = parts[:-1]
        stem = last.rpartition(".")[0]
        student = folders[-2] if len(folders) > 1 and folders[-1] == stem else folders[-1]
        return Sender(student, "", last)
    return None
