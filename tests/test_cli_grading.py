"""The verbs of grading: exit codes, one line for every mistake, the same JSON everywhere."""

from __future__ import annotations

import json
import os
import stat

import grading_lab
import nbformat
import pytest
from grading_lab import NAME, POINTS, submit, with_answers

from ntklab._course import UsageError
from ntklab.cli import main
from ntklab.grading import doctor
from ntklab.grading.grader import course_secret

pytestmark = pytest.mark.usefixtures("light_sandbox")
TOTAL = sum(POINTS.values())
LAB = "lab98"


@pytest.fixture
def root(tmp_path, monkeypatch):
    grading_lab.write(tmp_path)
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def notebook(root, invented):
    """A student's notebook with one mistake in it."""
    path = root / "mine.ipynb"
    mine = with_answers(invented.solved, doubled="def doubled(x):\n    return np.asarray(x) ** 2")
    nbformat.write(mine, path)
    return path


def one_line(capsys, code, argv) -> str:
    """What the command says on stderr: one line, no traceback."""
    assert main([str(arg) for arg in argv]) == code
    said = capsys.readouterr()
    lines = said.err.strip().splitlines()
    assert len(lines) == 1, said.err
    assert lines[0].startswith("ntklab: ")
    assert said.out == ""
    return lines[0]


# --- mistakes in calling --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["grade", "feedback", "report", "check"])
def test_an_unknown_lab_is_told_the_nearest(root, capsys, verb):
    assert "no lab is called 'lab98-gradng': did you mean 'lab98-grading'?" in one_line(
        capsys, 2, [verb, "lab98-gradng"]
    )


@pytest.mark.parametrize("verb", ["grade", "feedback", "report", "check"])
def test_a_missing_argument_is_usage(root, capsys, verb):
    assert f"(see ntklab {verb} --help)" in one_line(capsys, 2, [verb])


def test_outside_a_course_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("NTKLAB_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "is not inside a course: run ntklab in a clone of it" in one_line(capsys, 2, ["grade", LAB])


def test_no_submissions(root, capsys):
    line = one_line(capsys, 2, ["grade", LAB])
    assert "there is no folder" in line
    assert "--submitted DIR" in line
    (root / "empty").mkdir()
    line = one_line(capsys, 2, ["grade", LAB, "--submitted", root / "empty"])
    assert f"they lie in empty/ID/{NAME}/{NAME}.ipynb" in line


@pytest.mark.parametrize("verb", ["feedback", "report"])
def test_nothing_graded_yet(root, capsys, verb):
    line = one_line(capsys, 2, [verb, LAB])
    assert f"nothing of {NAME} is graded" in line
    assert f"run `ntklab grade {NAME}` first" in line


def test_no_sandbox_no_grades(root, invented, capsys, monkeypatch):
    from ntklab.grading import bubblewrap

    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    submit(root / "in", "someone", invented.solved)
    line = one_line(capsys, 2, ["grade", LAB, "--submitted", root / "in"])
    assert "bubblewrap is missing: pip install 'ntklab[instructor]'" in line


def test_a_damaged_gradebook_is_one_line(root, invented, capsys):
    (root / "course").mkdir()
    (root / "course" / "gradebook.db").write_bytes(b"this is no database" * 100)
    submit(root / "in", "someone", invented.solved)
    assert "file is not a database" in one_line(capsys, 2, ["grade", LAB, "--submitted", root / "in"])


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_says_what_is_right_and_what_is_not(notebook, capsys, grader):
    assert main(["check", str(notebook)]) == 1
    said = capsys.readouterr().out
    assert "✗ doubled: you squared x" in said
    assert f"(next: ntklab hint {NAME} doubled)" in said
    assert "✓ gram: 2 of 2 points" in said
    assert said.endswith(f"3 of {TOTAL:g} points\n")


def test_check_json_is_one_student_of_grade_json(notebook, capsys, grader):
    assert main(["check", str(notebook), "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert set(value) == {"score", "max", "manual", "status", "reason", "exercises"}
    assert (value["score"], value["max"], value["status"]) == (3, TOTAL, "graded")
    assert list(value["exercises"]) == list(POINTS)
    assert value["exercises"]["doubled"] == {
        "score": 0, "max": 3, "visible": {"passed": 0, "total": 2}, "diagnosis": "you squared x"
    }  # fmt: skip


def test_check_of_one_exercise(notebook, capsys, grader):
    assert main(["check", str(notebook), "--exercise", "gram"]) == 0
    said = capsys.readouterr().out
    assert "gram" in said
    assert "doubled" not in said
    assert main(["check", str(notebook), "--exercise", "doubled"]) == 1
    capsys.readouterr()
    line = one_line(capsys, 2, ["check", notebook, "--exercise", "grm"])
    assert "has no exercise 'grm': did you mean 'gram'?" in line


def test_check_of_what_is_no_notebook(root, capsys, grader):
    assert "there is no file nowhere.ipynb" in one_line(capsys, 2, ["check", "nowhere.ipynb"])
    path = root / f"{NAME}.ipynb"
    path.write_text("{")
    assert main(["check", str(path), "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["status"], value["score"]) == ("unreadable", 0)
    assert "damaged" in value["reason"]


def test_check_unfenced_runs_too(notebook, capsys):
    assert main(["check", str(notebook), "--exercise", "gram", "--no-sandbox"]) == 0
    assert "✓ gram" in capsys.readouterr().out


def test_check_in_a_students_folder_runs_the_visible_tests(tmp_path, monkeypatch, invented, capsys, grader):
    # no clone, no source: the notebook itself holds the visible tests
    monkeypatch.delenv("NTKLAB_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(with_answers(invented.student, gram=right_gram()), path)
    assert main(["check", str(path), "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["exercises"]["gram"]["diagnosis"] is None
    assert "not written yet" in value["exercises"]["doubled"]["diagnosis"]
    assert "visible tests only" in value["reason"]
    assert main(["check", str(path), "--exercise", "doubled"]) == 1
    assert f"(next: ntklab hint {path} doubled)" in capsys.readouterr().out
    assert main(["hint", str(path), "doubled"]) == 0  # and that works there
    assert "Twice is once more." in capsys.readouterr().out


def right_gram() -> str:
    return "def gram(X):\n    if np.ndim(X) != 2:\n        raise ValueError('a matrix')\n    return X @ np.transpose(X)"


# --- grade, feedback, report ----------------------------------------------------------------------------------------


def test_a_class_without_faults_is_exit_0(root, invented, capsys, grader):
    submit(root / "course" / "submitted", "ada", with_answers(invented.solved, why_twice="It is."))
    assert main(["grade", LAB]) == 0
    said = capsys.readouterr()
    assert "1 graded; scores in" in said.out
    assert said.err == "1/1  done  1 full\n"
    assert main(["feedback", LAB, "--student", "ada"]) == 0
    assert "1 pages in" in capsys.readouterr().out
    assert "nothing of" in one_line(capsys, 2, ["feedback", LAB, "--student", "nobody"])
    assert main(["report", LAB]) == 0
    assert capsys.readouterr().out.strip().endswith(f"report-{NAME}.html")


def test_unfenced_grading_is_shown_everywhere(root, invented, capsys):
    submit(root / "in", "ada", with_answers(invented.solved, why_twice="It is."))
    assert main(["grade", LAB, "--submitted", str(root / "in"), "--no-sandbox", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sandbox"] == "off"
    assert main(["feedback", LAB]) == 0
    assert main(["report", LAB]) == 0
    page = (root / "course" / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert "Graded without a sandbox." in page
    assert "Graded without a sandbox" in (root / "course" / f"report-{NAME}.html").read_text()


# --- the secret of a course -----------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    course = tmp_path / "new" / "course"
    secret = course_secret(course)
    assert len(secret) == 32
    assert course_secret(course) == secret
    assert os.listdir(course) == [".secret_seed"]
    assert stat.S_IMODE((course / ".secret_seed").stat().st_mode) == 0o600
    assert course_secret(tmp_path / "other") != secret


@pytest.mark.parametrize("text", ["", "\n", "abc", "zz" * 32, "00" * 31])
def test_a_damaged_secret_is_never_taken_for_one(tmp_path, text):
    # a seed that was cut off while it was written would be one that anybody can compute
    (tmp_path / ".secret_seed").write_text(text)
    with pytest.raises(UsageError, match="is damaged: delete it and grade again"):
        course_secret(tmp_path)


def test_two_graders_agree_on_one_secret(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: course_secret(tmp_path / "course"), range(32)))
    assert len(secrets) == 1


# --- doctor ---------------------------------------------------------------------------------------------------------


def test_doctor_tells_what_it_found(capsys):
    code = main(["doctor", "--json"])
    value = json.loads(capsys.readouterr().out)
    assert set(value) == {"ok", "checks"}
    assert code == (0 if value["ok"] else 1)
    assert value["ok"] == all(check["ok"] for check in value["checks"])
    names = [check["name"] for check in value["checks"]]
    assert names[:2] == ["python", "packages"]
    assert {"sandbox", "limits", "jupyter kernel", "instructor tools", "user", "accelerator"} <= set(names)
    for check in value["checks"]:
        assert set(check) == {"name", "ok", "found", "fix"}
        assert check["ok"] or check["fix"], check


def test_doctor_says_how_to_mend_a_missing_sandbox(capsys, monkeypatch):
    from ntklab.grading import bubblewrap

    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    monkeypatch.setattr(doctor, "CHECKS", (doctor.python, doctor.sandbox))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✗ sandbox: bubblewrap is missing" in said
    assert "fix: install your system's bubblewrap" in said


def test_doctor_survives_a_check_that_breaks(monkeypatch):
    def broken():
        raise OSError("no such thing")

    monkeypatch.setattr(doctor, "CHECKS", (broken,))
    (check,) = doctor.examine()
    assert not check.ok
    assert "OSError: no such thing" in check.found
    assert check.fix


def test_doctor_says_which_limits_hold(monkeypatch):
    from ntklab.grading import limits

    monkeypatch.setattr(limits, "writable_cgroups", dict)
    assert "no writable cgroups; memory by a watchdog" in doctor.totals().found
