"""Zip files of submissions as Canvas and Moodle make them, for the tests of collecting."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from grading_lab import NAME

from ntklab.grading.collect import collect
from ntklab.grading.roster import read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 98 (4711)
    Points Possible,,,,,12
"Lovelace, Ada",101,s-1,ada,Mon,
"Noether, Emmy",102,s-2,emmy,Mon,
"Hopper, Grace",103,s-3,grace,Tue,
"""
WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Last modified (submission),Last modified (grade)
Participant 7001,Ada Lovelace,ada,ada@example.org,Submitted,-,12,"Monday, 12 October 2026, 11:00 AM",-
Participant 7002,Emmy Nöther,emmy,emmy@example.org,Submitted,-,12,-,-
Participant 7003,Grace Hopper,grace,grace@example.org,No submission,-,12,-,-
"""


def notebook(text: str = "x") -> bytes:
    return json.dumps({"cells": [], "metadata": {"said": text}, "nbformat": 4, "nbformat_minor": 5}).encode()


def pack(path: Path, *members, **options) -> Path:
    """A zip file of (name or ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, data in members:
            file.writestr(name, data)
    return path


def said(path: Path) -> str:
    return json.loads(path.read_text())["metadata"]["said"]


def take(tmp_path, *members, roster: str | None = None, zone="UTC", where="submitted"):
    """Collect an archive made of these members into ``tmp_path``."""
    book = None
    if roster is not None:
        (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        book = read_roster(tmp_path / "roster.csv")
    return collect(pack(tmp_path / "all.zip", *members), NAME, tmp_path / where, book, zone)


def lies(tmp_path, student: str) -> Path:
    return tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb"
