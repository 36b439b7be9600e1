"""A class with bad submissions in it, graded by the command: JSON contract, gradebook, feedback, report."""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import grading_lab
import hostile
import nbformat
import pytest
from grading_lab import NAME, POINTS, submit, with_answers

from ntklab.cli import main

TOTAL = sum(POINTS.values())
SCRIPT = "<script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3)) **because** $x<y$"
STEAL = """
def doubled(x):
    x = np.asarray(x)
    print("STOLEN", x.tolist())
    return np.zeros((0, int(abs(x.flat[0]) * 1e7))) if x.ndim == 2 else 2 * x
np.allclose = np.isclose = lambda *args, **options: True
"""
NOISY = "import warnings\ndef doubled(x):\n    warnings.warn('!')\n    print(x)\n    return 2 * np.asarray(x)"
BROKEN = "### BEGIN HIDDEN TESTS\ndef doubled(x):\n    raise ValueError('<b>![x](http://192.0.2.1/a.png)</b> \ud800')"


@dataclass
class Classroom:
    root: Path
    submitted: Path
    course: Path
    code: int = -1
    result: dict = field(default_factory=dict)
    said: str = ""
    feedback: int = -1

    def run(self, *argv) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([str(arg) for arg in argv])
        return code, out.getvalue(), err.getvalue()

    def page(self, student) -> str:
        path = self.course / "feedback" / student / NAME / f"{NAME}.html"
        return re.sub(r"<style.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def hand_in(submitted: Path, source, student) -> None:
    """The whole class."""
    source = with_answers(source, why_twice="It is once more.")  # not the solution's text, with its mark scheme
    submit(submitted, "right", source)
    submit(submitted, "noisy", with_answers(source, doubled=NOISY))
    submit(submitted, "squared", with_answers(source, doubled="def doubled(x):\n    return np.asarray(x) ** 2"))
    submit(submitted, "blank", student)
    submit(submitted, "thief", with_answers(source, doubled=STEAL))
    submit(submitted, "script", with_answers(source, why_twice=SCRIPT, doubled=BROKEN))
    submit(submitted, "slow", with_answers(source, gram="import os\ndef gram(X):\n    os._exit(0)"))
    submit(submitted, "damaged", '{"cells": [')
    submit(submitted, "vast", b" " * (21 * 2**20))
    submit(submitted, "archive", b"PK\x03\x04" + bytes(1000))
    (submitted / "archive" / NAME / f"{NAME}.ipynb").rename(submitted / "archive" / NAME / "lab.zip")
    (submitted / "absent").mkdir()
    (submitted / "linked").symlink_to("right")
    (submitted / "linked-file" / NAME).mkdir(parents=True)
    (submitted / "linked-file" / NAME / f"{NAME}.ipynb").symlink_to(submitted / "right" / NAME / f"{NAME}.ipynb")
    (submitted / "pipe" / NAME).mkdir(parents=True)
    os.mkfifo(submitted / "pipe" / NAME / f"{NAME}.ipynb")
    submit(submitted, "renamed", source, name="my work (final)")
    forged = copy.deepcopy(student)
    for cell in forged.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["points"] = 400
    forged.cells = [*forged.cells, *copy.deepcopy(forged.cells[3:5])]
    submit(submitted, "surgeon", forged)
    submit(submitted, "[a]*", source)
    (submitted / "noisy" / NAME / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC\n")
    (submitted / "right" / NAME / "timestamp.txt").symlink_to("/etc/hostname")
    (submitted / "squared" / NAME / "timestamp.txt").write_text("not a time")
    (submitted / "README.txt").write_text("not a student")


FULL = {"right", "noisy", "renamed"}
UNREADABLE = {"damaged", "vast", "archive", "absent", "linked", "linked-file", "pipe", "[a]*"}


@pytest.fixture(scope="module")
def classroom(invented, tmp_path_factory, grader, light_sandbox):
    root = tmp_path_factory.mktemp("classroom")
    grading_lab.write(root)
    room = Classroom(root, root / "handed in", root / "course")
    hand_in(room.submitted, invented.source, invented.student)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTKLAB_ROOT", str(root))
        room.code, out, room.said = room.run("grade", NAME, "--submitted", room.submitted, "--json")
        room.result = json.loads(out)
        room.feedback = room.run("feedback", NAME)[0]
        yield room


# --- the JSON contract ---------------------------------------------------------------------------------------------


def test_the_json_has_the_contracts_keys_and_types(classroom):
    result = classroom.result
    assert list(result) == ["lab", "max", "students"]
    assert (result["lab"], result["max"]) == (NAME, TOTAL)
    assert set(result["students"]) == {path.name for path in classroom.submitted.iterdir() if path.name != "README.txt"}
    for student in result["students"].values():
        assert set(student) == {"score", "max", "manual", "status", "reason", "exercises"}
        assert set(student["manual"]) == {"score", "max"}
        assert student["max"] == TOTAL
        assert student["status"] in ("graded", "partial", "unreadable")
        assert isinstance(student["reason"], str)
        assert list(student["exercises"]) == list(POINTS)
        assert student["score"] == sum(e["score"] for e in student["exercises"].values())
        for name, exercise in student["exercises"].items():
            assert set(exercise) == {"score", "max", "visible", "diagnosis"}
            assert exercise["max"] == POINTS[name]
            assert exercise["score"] in (0, POINTS[name])
            assert set(exercise["visible"]) == {"passed", "total"}
            assert 0 <= exercise["visible"]["passed"] <= exercise["visible"]["total"]
            assert (exercise["diagnosis"] is None) == (exercise["score"] > 0)


def test_everybody_gets_a_score_and_a_reason(classroom):
    students = classroom.result["students"]
    assert {name for name, s in students.items() if s["score"] == TOTAL} == FULL
    assert {name for name, s in students.items() if s["status"] == "unreadable"} == UNREADABLE
    assert {name: students[name]["score"] for name in UNREADABLE} == dict.fromkeys(UNREADABLE, 0)
    assert all(students[name]["reason"] for name in UNREADABLE)
    assert {students[name]["score"] for name in ("blank", "surgeon")} == {0}
    assert students["squared"]["score"] == TOTAL - 3 - 1  # quadrupled calls it
    assert students["squared"]["exercises"]["doubled"]["diagnosis"] == "you squared x"
    assert students["thief"]["exercises"]["doubled"] == {
        "score": 0, "max": 3, "visible": {"passed": 2, "total": 2}, "diagnosis": "its shape is wrong"
    }  # fmt: skip
    assert students["slow"]["status"] == "partial"
    assert "gram: it ended the process" in students["slow"]["reason"]
    assert students["slow"]["score"] == TOTAL - POINTS["gram"]


def test_faults_are_told_one_line_each_and_make_the_exit_code(classroom):
    assert classroom.code == 1
    lines = [line.strip() for line in classroom.said.splitlines()]
    for name in UNREADABLE | {"slow"}:
        line = next(line for line in lines if line.startswith(f"{name}: "))
        assert "; " in line  # reason; remedy
    assert "slow: slow/lab98-grading/lab98-grading.ipynb: gram: it ended" in classroom.said
    assert "Traceback" not in classroom.said


# --- the gradebook and the table ------------------------------------------------------------------------------------


def test_the_gradebook_holds_the_scores(classroom):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classroom.course / 'gradebook.db'}") as book:
        held = {s.student.id: s.score for s in book.assignment_submissions(NAME)}
        assert held == {name: s["score"] for name, s in classroom.result["students"].items() if name != "[a]*"}
        noisy = book.find_submission(NAME, "noisy")
        assert str(noisy.timestamp) == "2026-01-01 12:00:00"
        assert book.find_submission(NAME, "right").timestamp is None
        for notebook in noisy.notebooks:
            points = {grade.name: (grade.score, grade.max_score) for grade in notebook.grades}
        assert points["doubled-hidden"] == (3.0, 3.0)
        assert points["doubled-visible"] == (0.0, 0.0)
        assert points["why-twice"] == (0.0, 5.0)


def test_the_table_holds_the_scores(classroom):
    with open(classroom.course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(classroom.result["students"])
    for name, student in classroom.result["students"].items():
        assert float(rows[name]["score"]) == student["score"]
        assert rows[name]["status"] == student["status"]
        assert {e: float(rows[name][e]) for e in POINTS} == {e: v["score"] for e, v in student["exercises"].items()}


def test_nothing_is_left_lying_about(classroom):
    assert os.listdir(classroom.course / ".scratch") == []
    assert oct((classroom.course / ".secret_seed").stat().st_mode & 0o777) == "0o600"
    assert hostile.groups() == []
    for path in classroom.course.glob("autograded/*/*/*"):
        assert not path.is_symlink()
        assert path.suffix in (".ipynb", ".txt")


# --- feedback and report ----------------------------------------------------------------------------------------------


def test_feedback_says_points_diagnosis_and_hint(classroom):
    assert classroom.feedback == 0
    page = classroom.page("squared")
    assert f"{TOTAL - 4:g} of {TOTAL:g} automatic points" in page
    assert "you squared x" in page
    assert "Next hint: Hint 1 · concept" in page
    assert "Twice is once more." in page
    assert "it ended the process" in classroom.page("slow")
    assert "damaged: it is not a notebook" in classroom.page("damaged")


def test_feedback_gives_nothing_away(classroom):
    numbers = grading_lab.hidden_numbers(bytes.fromhex((classroom.course / ".secret_seed").read_text()))
    paths = [*hostile.server_paths(classroom.root), str(classroom.submitted)]
    pages = sorted(classroom.course.glob("feedback/*/*/*.html"))
    assert len(pages) == len(classroom.result["students"]) - 1
    for path in pages:
        page = classroom.page(path.parent.parent.name)
        body = re.sub(r'(src|href)="data:[^"]*"', "", page[page.index("<body") :])
        assert [leak for leak in hostile.leaks(body, numbers, paths) if leak != "STOLEN"] == [], path
        for word in ("Traceback", "MARK SCHEME", "Five for", "t.close", "addition"):
            assert word not in body, (word, path)


def test_feedback_runs_nothing_in_a_browser(classroom):
    page = classroom.page("script")
    assert "<b>because</b>" in page or "<strong>because</strong>" in page
    body = page[page.index("<body") :]
    assert "<script" not in body
    assert not re.search(r"<[a-z][^>]*\son\w+=", body)
    assert not re.search(r"(?i)(href=\"?\s*javascript|src=\"?\s*http)", body)


def test_the_report_counts_the_class(classroom):
    code, out, _ = classroom.run("report", NAME)
    assert code == 0
    page = Path(out.strip()).read_text(encoding="utf-8")
    graded = len(classroom.result["students"]) - 1
    assert f"{NAME}: {graded} submissions" in page
    assert "you squared x" in page
    assert "<script" not in page
    for name in UNREADABLE - {"[a]*"}:
        assert f"<tr><td><a href='feedback/{name}/{NAME}/{NAME}.html'>{name}</a><td>unreadable" in page


# --- again ----------------------------------------------------------------------------------------------------------


def test_grading_again_gives_the_same_and_keeps_marks_made_by_hand(classroom):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classroom.course / 'gradebook.db'}") as book:
        grade = book.find_grade("why-twice", NAME, NAME, "right")
        grade.manual_score, grade.needs_manual_grade = 4.0, False  # as the formgrader saves it
        book.db.commit()
    few = classroom.root / "few"
    for name in ("right", "squared", "slow"):
        submit(few, name, nbformat.read(classroom.submitted / name / NAME / f"{NAME}.ipynb", as_version=4))
    code, out, _ = classroom.run("grade", NAME, "--submitted", few, "--json")
    again = json.loads(out)["students"]
    assert code == 1
    assert again["right"]["manual"] == {"score": 4.0, "max": 5.0}
    for name, student in again.items():
        before = classroom.result["students"][name]
        assert {**student, "manual": None} == {**before, "manual": None}
