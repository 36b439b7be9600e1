"""The instructor's guide is held to the code: its commands parse, its settings exist, its lines are what is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from ntklab.cli import VERBS, parser
from ntklab.grading.late import LatePolicy
from ntklab.grading.roster import read_roster

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "course" / "instructor.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"^    \$ ntklab (.+)$", TEXT, re.MULTILINE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_parse(command):
    assert parser().parse_args(shlex.split(command)).verb in VERBS


def test_the_path_is_whole():
    shown = [shlex.split(command)[0] for command in re.findall(r"^    \$ ntklab (.+)$", TEXT, re.MULTILINE)]
    assert list(dict.fromkeys(shown))[:6] == ["release", "collect", "grade", "feedback", "report", "export"]


def test_its_late_settings_exist():
    named = set(re.findall(r"^c\.LatePolicy\.(\w+)", TEXT, re.MULTILINE))
    assert named == {"due", "percent_per_day", "cap", "grace_minutes", "extensions"}
    assert named <= set(LatePolicy.class_trait_names(config=True))
    config = (ROOT / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert named <= set(re.findall(r"^# c\.LatePolicy\.(\w+)", config, re.MULTILINE))


def test_the_ids_it_promises_are_the_ids_taken(tmp_path):
    for head, best in (
        ("Student,ID,SIS User ID,SIS Login ID,Section", "SIS Login ID"),
        ("First name,Surname,ID number,Username,Email address", "ID number"),
        ("First name,Surname,Username,Email address", "Username"),
        ("First name,Surname,Email address", "Email address"),
        ("student,name,canvas_id", "student"),
    ):
        path = tmp_path / "roster.csv"
        path.write_text(f"{head}\n{','.join(f'<{column}>' for column in head.split(','))}\n")
        assert list(read_roster(path).people) == [f"<{best}>"]


def test_its_links_lead_somewhere():
    headings = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
                for title in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}  # fmt: skip
    for target in re.findall(r"\]\(#([^)]+)\)", TEXT):
        assert target in headings
