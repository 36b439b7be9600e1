"""What a student runs beside Jupyter: hints, reset and status, on the notebook alone."""

from __future__ import annotations

import argparse
import json
import stat

import pytest
import tiny_lab

from ntklab import authoring, lab
from ntklab._course import UsageError
from ntklab.cli import hint as hint_verb
from ntklab.cli import reset as reset_verb
from ntklab.cli import status as status_verb
from ntklab.lab import hints, notebooks


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with the tiny lab's student notebook; returns the notebook's path."""
    source = authoring.source_notebook(tiny_lab.write(tmp_path))
    path = tmp_path / "assignments" / tiny_lab.NAME / f"{tiny_lab.NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(authoring.notebook_bytes(authoring.student_notebook(source)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hints, "_here", {})
    return path


def run(verb, *arguments):
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return verb.run(parser.parse_args(arguments))


def edit(path, change):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change({cell["id"]: cell for cell in notebook["cells"]})
    path.write_text(json.dumps(notebook), encoding="utf-8")


# --- finding the notebook ------------------------------------------------------------------------------------


def test_a_lab_by_its_name_its_number_or_its_path(course, monkeypatch, tmp_path):
    for name in (tiny_lab.NAME, "lab99", str(course)):
        assert notebooks.find(name) == course
    monkeypatch.chdir(course.parent)  # a student who has nothing but the notebook
    for file in (tmp_path / "solutions" / tiny_lab.NAME).iterdir():
        file.unlink()
    assert notebooks.find("lab99").resolve() == course


def test_a_lab_that_is_not_there(course, tmp_path):
    with pytest.raises(UsageError, match=r"no lab is called 'lab9': did you mean 'lab99-tiny'\?"):
        notebooks.find("lab9")
    with pytest.raises(UsageError, match=r"there is no file other\.ipynb: name a lab or an existing notebook"):
        notebooks.find("other.ipynb")
    course.unlink()
    with pytest.raises(UsageError, match="lab99-tiny has no student notebook yet: run ntklab build lab99-tiny"):
        notebooks.find("lab99")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"metadata": 1}]}'])
def test_a_file_that_is_no_notebook(course, text):
    course.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"is not a notebook \(\.ipynb\): download the lab again"):
        notebooks.read(course)


# --- hints ---------------------------------------------------------------------------------------------------


def test_hints_come_one_rung_at_a_time_and_are_remembered(course, capsys):
    for wanted in (
        "Hint 1 · concept\nTwice is once more.\n\n(1 of 3. 2 more where this came from: try again first, "
        "and say to yourself why it should work.)\n",
        "Hint 2 · formula and shapes\n$2x$ has the shape of $x$.\n\n(2 of 3. 1 more",
        "Hint 3 · near-code\nAdd the array to itself.\n\n(3 of 3. That was the last hint.)\n",
        "Hint 3 · near-code\nAdd the array to itself.\n\n(3 of 3. That was the last hint.)\n",
    ):
        assert run(hint_verb, "lab99", "doubled") == 0
        assert capsys.readouterr().out.startswith(wanted)
    run(hint_verb, "lab99", "added")
    assert capsys.readouterr().out.startswith("Hint 1 · concept\nPut them together.")
    assert hints.used_hints(course) == {"doubled": 3, "added": 1}
    assert sorted(p.name for p in course.parent.iterdir()) == [".ipynb_checkpoints", course.name]


def test_all_hints_at_once_are_not_counted(course, capsys):
    assert run(hint_verb, "lab99", "added", "--all") == 0
    assert capsys.readouterr().out.count("Hint ") == 3
    assert hints.used_hints(course) == {}


def test_hints_as_json(course, capsys):
    run(hint_verb, "lab99", "added", "--json")
    first = {"text": "Hint 1 · concept\nPut them together.", "number": 1, "total": 3}
    assert json.loads(capsys.readouterr().out) == {"exercise": "added", "hints": [first]}
    run(hint_verb, "lab99", "added", "--json", "--all")
    assert [hint["number"] for hint in json.loads(capsys.readouterr().out)["hints"]] == [1, 2, 3]


def test_a_hint_for_an_exercise_that_is_not_there(course):
    with pytest.raises(UsageError, match=r"no hint for 'dubled' in lab99-tiny\.ipynb: did you mean 'doubled'\?"):
        run(hint_verb, "lab99", "dubled")
    with pytest.raises(UsageError, match="there are hints for doubled, added"):
        run(hint_verb, "lab99", "zzz")


def test_hints_go_on_where_nothing_can_be_written(course, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError("read-only")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    said = [hints.next_hint(course, "doubled").text.splitlines()[0] for _ in range(2)]
    assert said == ["Hint 1 · concept", "Hint 2 · formula and shapes"]


def test_a_damaged_memory_begins_anew(course):
    hints.next_hint(course, "doubled")
    hints._here.clear()
    hints._file(course).write_text("[1, 2", encoding="utf-8")
    assert hints.next_hint(course, "doubled").number == 1


def test_hint_from_a_notebook(course, capsys, monkeypatch):
    monkeypatch.setattr(lab, "_started", None)
    lab.hint("doubled")
    assert capsys.readouterr().out.startswith("Which lab? Run the setup cell first")
    monkeypatch.setattr(lab, "_started", tiny_lab.NAME)
    lab.hint("doubled")
    assert capsys.readouterr().out.startswith("Hint 1 · concept")
    lab.hint("doubled", lab=str(course))
    assert capsys.readouterr().out.startswith("Hint 2 · formula")
    lab.hint("nothing")  # one line, no traceback
    assert capsys.readouterr().out == "no hint for 'nothing' in lab99-tiny.ipynb: there are hints for doubled, added\n"


# --- reset ---------------------------------------------------------------------------------------------------


def test_reset_puts_the_stub_back_and_keeps_a_backup(course, capsys):
    pristine = notebooks.read(course)

    def work(cells):
        cells["doubled"].update(source=["def doubled(x):\n", "    return x"], execution_count=3)
        cells["doubled"]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hm"}]
        cells["added"]["source"] = "def added(a, b):\n    return a + b"

    edit(course, work)
    mine = course.read_bytes()
    assert run(reset_verb, "lab99", "doubled") == 0
    out = capsys.readouterr().out
    assert "doubled is back to its stub" in out
    backup = course.parent / ".ipynb_checkpoints" / "lab99-tiny-before-reset-1.ipynb"
    assert str(backup) in out
    assert backup.read_bytes() == mine

    after = {cell["id"]: cell for cell in notebooks.read(course)["cells"]}
    before = {cell["id"]: cell for cell in pristine["cells"]}
    assert after["doubled"] == before["doubled"]
    assert notebooks.text(after["added"]) == "def added(a, b):\n    return a + b"
    assert authoring.read_notebook(course).cells  # still a valid notebook

    run(reset_verb, "lab99", "added", "--json")
    second = backup.with_name("lab99-tiny-before-reset-2.ipynb")
    assert json.loads(capsys.readouterr().out)["backup"] == str(second)
    assert second.is_file()
    assert notebooks.read(course) == pristine


def test_a_notebook_reset_untouched_changes_no_byte(course):
    before = course.read_bytes()
    notebooks.reset(course, "added")
    assert course.read_bytes() == before


def test_reset_of_a_written_answer_and_of_what_is_not_there(course):
    edit(course, lambda cells: cells["why-twice"].update(source="because"))
    notebooks.reset(course, "why-twice")
    assert "YOUR ANSWER HERE" in course.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match=r"no answer cell for 'aded' in lab99-tiny\.ipynb: did you mean 'added'\?"):
        notebooks.reset(course, "aded")


# --- status --------------------------------------------------------------------------------------------------


def ran(cell, count, text, error=False):
    cell["execution_count"] = count
    stream = {"output_type": "stream", "name": "stdout", "text": [text]}
    problem = {"output_type": "error", "ename": "TestsFailed", "evalue": text, "traceback": [text]}
    cell["outputs"] = [problem if error else stream]


def test_status_reads_the_saved_outputs(course, capsys):
    def work(cells):
        cells["doubled"].update(source="def doubled(x):\n    return 2 * x", execution_count=4)
        ran(cells["doubled-visible"], 5, "doubled: 1 of 1 visible tests pass. Hidden tests ...\n")
        cells["added"].update(source="def added(a, b):\n    return a", execution_count=6)
        ran(cells["added-visible"], 7, "added: 0 of 1 visible tests pass.\n  ✗ by hand: ...", error=True)

    assert run(status_verb) == 0
    assert capsys.readouterr().out.splitlines() == [
        "lab99-tiny: 0 of 2 exercises pass their visible tests",
        "  doubled                     2 points  not begun",
        "  added                       1 points  not begun",
    ]
    edit(course, work)
    hints.next_hint(course, "added")
    run(status_verb, "lab99")
    assert capsys.readouterr().out.splitlines() == [
        "lab99-tiny: 1 of 2 exercises pass their visible tests",
        "  doubled                     2 points  visible tests pass (1 of 1)",
        "  added                       1 points  visible tests fail (0 of 1), 1 hints",
    ]
    assert run(status_verb, "lab99", "--json") == 0
    assert json.loads(capsys.readouterr().out)["lab99-tiny"][1] == {
        "exercise": "added",
        "state": "failing",
        "points": 1,
        "passed": 0,
        "total": 1,
        "hints_used": 1,
    }


def test_a_test_that_ran_before_the_answer_says_nothing_about_it(course):
    def work(cells):
        cells["doubled"].update(source="def doubled(x):\n    return 2 * x", execution_count=9)
        ran(cells["doubled-visible"], 5, "doubled: 1 of 1 visible tests pass.")

    edit(course, work)
    first, _ = notebooks.progress(notebooks.read(course))
    assert (first["state"], first["total"]) == ("unknown", 0)


def test_a_lost_answer_cell_is_told(course, capsys):
    notebook = notebooks.read(course)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "doubled"]
    course.write_text(json.dumps(notebook), encoding="utf-8")
    run(status_verb)
    assert "doubled                     2 points  its cell is gone: download the lab again" in capsys.readouterr().out


def test_status_without_notebooks(course):
    course.unlink()
    with pytest.raises(UsageError, match=r"there is no notebook under .*assignments: run ntklab build"):
        run(status_verb)


def test_the_verbs_leave_a_read_only_notebook_alone(course):
    course.chmod(stat.S_IRUSR)
    assert run(status_verb) == 0
    assert run(hint_verb, "lab99", "added") == 0
