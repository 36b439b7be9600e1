"""What lies in the folder of submissions: whose it is, its bytes, and when it was handed in."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from ntklab._course import UsageError
from ntklab.grading.late import when
from ntklab.grading.rebuild import Unreadable, read_bytes
from ntklab.grading.work import Submission

# what nbgrader's patterns and paths take as it is
_STUDENT_ID = re.compile(r"[\w@+][\w.@+' -]*")


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


def timestamp(notebook: Path) -> str:
    """What ``timestamp.txt`` beside the notebook says, in UTC, for late points; "" where there is none or no time."""
    try:
        moment = when(_stamp(notebook))
    except (ValueError, OSError):
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"


def stamp_fault(notebook: Path) -> str:
    """What is wrong with ``timestamp.txt`` and what to do; "" where there is none or it is right."""
    try:
        when(_stamp(notebook))
    except FileNotFoundError:
        return ""
    except (ValueError, OSError):
        remedy = "write it as 2026-10-14 09:30:00 UTC and grade again"
        return f"timestamp.txt: it is no time, so this counts as handed in on time; {remedy}"
    return ""


def _stamp(notebook: Path) -> str:
    stamp = notebook.parent / "timestamp.txt"
    found = stamp.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > 200:
        raise ValueError("no plain file with a line of text")
    return stamp.read_text(errors="replace")


def read(student: str, path: Path) -> Submission:
    """What there is of a submission; a folder that is no student's is not read."""
    if not is_id(student):
        return Submission(path.name, None, f"{student!r} cannot be a student's id: letters, digits and . _ @ + ' only")
    try:
        return Submission(path.name, read_bytes(path))
    except Unreadable as problem:
        return Submission(path.name, None, str(problem))


def is_id(student: str) -> bool:
    """Whether a folder's name can be a student's id."""
    return bool(_STUDENT_ID.fullmatch(student))


__all__ = ["is_id", "read", "stamp_fault", "submissions", "timestamp"]
