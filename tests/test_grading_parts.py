"""Small parts of the grader: answers to calls, names in cells, where submissions lie, what the report counts."""

from __future__ import annotations

import json
import os

import grading_lab
import numpy as np
import pytest
from grading_lab import NAME

from ntklab._course import UsageError
from ntklab.grading.batch import ClassResult, submissions
from ntklab.grading.boundary import encode
from ntklab.grading.calls import Caller
from ntklab.grading.limits import Limits
from ntklab.grading.names import answers_needed, leaned_on, names_defined, names_used
from ntklab.grading.results import Outcome
from ntklab.grading.trusted import TrustedLab
from ntklab.grading.wire import MAX_HEADER
from ntklab.grading.worker import _that_fit
from ntklab.lab.checks import AnswerError

# --- answers to calls -----------------------------------------------------------------------------------------------


class Canned:
    """A state whose forks answer every call with the same message."""

    def __init__(self, header, body=b""):
        self.header, self.body = header, body

    def fork(self, greets):
        return self

    def call(self, name, args, kwargs, timeout):
        return self.header, self.body

    def end(self):
        pass


def answer(header, body=b"", hidden=False):
    caller = Caller("doubled", Canned(header, body), Limits(), {}, hidden)
    return caller.stand_in("doubled")(1.0)


def test_a_value_comes_back():
    assert answer({"op": "value"}, encode({"a": 2.0})) == {"a": 2.0}


@pytest.mark.parametrize("kind", ["ValueError", "TypeError", "KeyError", "np.linalg.LinAlgError", "ZeroDivisionError"])
def test_an_exception_comes_back_as_its_builtin_type(kind):
    with pytest.raises(Exception, match="what it said") as caught:
        answer({"op": "error", "type": kind, "message": "what it said"})
    assert type(caught.value).__name__ == (kind if "." not in kind else "RuntimeError")


@pytest.mark.parametrize(
    "kind",
    [
        *("StopIteration", "StopAsyncIteration", "SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"),
        *("print", "", None, ["ValueError"], {"a": 1}, "UnicodeDecodeError", "ExceptionGroup", "__import__"),
    ],
)
def test_no_exception_ends_a_loop_or_the_grader(kind):
    # StopIteration out of a test's map() would have ended it: a law about all values would hold for none
    with pytest.raises(RuntimeError, match=r"^m?$"):
        list(map(lambda _: answer({"op": "error", "type": kind, "message": "m"}), range(3)))


def test_hidden_calls_bring_no_words_of_the_answers():
    with pytest.raises(ValueError, match=r"^$"):
        answer({"op": "error", "type": "ValueError", "message": "STOLEN"}, hidden=True)
    with pytest.raises(AnswerError, match=r"^it returned something else; an answer is made of"):
        answer({"op": "not-a-value", "message": "an object of type STOLEN"}, hidden=True)


@pytest.mark.parametrize(
    "header", [{}, {"op": "value"}, {"op": ["value"]}, {"op": "done"}, {"op": "value", "message": [[]]}]
)
def test_forged_answers_are_no_values(header):
    with pytest.raises(AnswerError, match="it returned"):
        answer(header, b"\x00\x01\x02")


def test_a_missing_function_and_a_lost_exercise_are_told():
    with pytest.raises(AnswerError, match="there is no function called `doubled`"):
        answer({"op": "error", "type": "missing"})
    with pytest.raises(AnswerError, match="it took too long"):
        Caller("doubled", Canned({}), Limits(), {"doubled": "it took too long"}, False).call("doubled", (), {})


def test_outputs_are_cut_to_what_one_message_carries():
    few = [{"kind": "stdout", "text": "x"}] * 3
    assert _that_fit(few) == few
    many = _that_fit([{"kind": "png", "data": "x" * 900_000}] * 9)
    assert [output["kind"] for output in many] == ["png", "png", "stdout"]
    assert many[-1]["text"] == "… (7 outputs cut)\n"
    assert len(json.dumps(many)) < MAX_HEADER


# --- names ----------------------------------------------------------------------------------------------------------

CELL = """
import math
from os import path as p
HALF, (x, *rest) = 0.5, [1, 2]
def f(a, b=OUTER):
    local = a
    return helper(local) + np.sum(b) + g(HALF)
class C(Base):
    z = [i for i in SEQUENCE]
"""


def test_names_taken_and_given():
    assert {"OUTER", "helper", "np", "g", "Base", "SEQUENCE"} <= names_used(CELL)
    assert not names_used(CELL) & {"a", "b", "local", "i", "HALF", "math"}
    assert names_defined(CELL) == {"math", "p", "HALF", "x", "rest", "f", "C"}


@pytest.mark.parametrize(
    "source", ["def f(:", "%matplotlib inline", "\x00", "(" * 5000, "x = " * 90_000, "-" * 90_000 + "1"]
)
def test_cells_that_do_not_parse_have_no_names(source):
    assert names_used(source) == names_defined(source) == set()


def test_which_cells_lean_on_which(invented):
    assert leaned_on(invented.solved) == set()
    leaning = grading_lab.with_answers(invented.solved, gram="def gram(X):\n    return square(X)")
    assert leaned_on(leaning) == {"demo-helper"}
    assert answers_needed(invented.solved, "gram") == {"gram"}
    assert answers_needed(invented.solved, "quadrupled") == {"quadrupled", "doubled"}
    circle = grading_lab.with_answers(invented.solved, doubled="def doubled(x):\n    return quadrupled(x)")
    assert answers_needed(circle, "doubled") == {"quadrupled", "doubled"}


# --- the trusted side -----------------------------------------------------------------------------------------------


def test_the_trusted_lab_knows_points_and_counts_checks(invented):
    lab = TrustedLab(NAME, invented.source, b"secret")
    assert {name: exercise.points for name, exercise in lab.exercises.items()} == grading_lab.POINTS
    assert [exercise.visible_total for exercise in lab.exercises.values()] == [2, 2, 1, 1]
    np.testing.assert_array_equal(lab.namespace()["WEIGHTS"], [1.0, -2.0, 0.5])
    lab.namespace()["WEIGHTS"] = None
    assert lab.namespace()["WEIGHTS"] is not None
    assert lab.secret != TrustedLab("lab97", invented.source, b"secret").secret  # each lab draws its own inputs
    one = lab.only("gram")
    assert (list(one.exercises), one.names) == (["gram"], list(grading_lab.POINTS))


# --- a folder of submissions ----------------------------------------------------------------------------------------


def test_where_submissions_lie(tmp_path):
    for name in ("b", "a", ".hidden"):
        (tmp_path / name / NAME).mkdir(parents=True)
    (tmp_path / "a" / NAME / f"{NAME}.ipynb").write_text("{}")
    (tmp_path / "b" / NAME / "homework.ipynb").write_text("{}")
    (tmp_path / "c").mkdir()
    (tmp_path / "file.zip").write_text("")
    (tmp_path / "d").symlink_to("a")
    found = {student: os.path.relpath(path, tmp_path) for student, path in submissions(NAME, tmp_path)}
    assert list(found) == ["a", "b", "c", "d"]
    assert found["a"] == f"a/{NAME}/{NAME}.ipynb"
    assert found["b"] == f"b/{NAME}/homework.ipynb"  # a single notebook under another name
    assert found["c"] == f"c/{NAME}/{NAME}.ipynb"
    assert not os.path.exists(tmp_path / found["d"])
    with pytest.raises(UsageError, match="there is no folder"):
        list(submissions(NAME, tmp_path / "nowhere"))


def test_two_notebooks_are_not_guessed_between(tmp_path):
    for name in ("one", "two"):
        grading_lab.submit(tmp_path, "a", "{}", name=name)
    assert [path.name for _, path in submissions(NAME, tmp_path)] == [f"{NAME}.ipynb"]


def test_no_cell_of_the_table_is_a_formula():
    result = ClassResult(NAME, 3.0, {"=cmd|x": Outcome(status="unreadable", reason="@SUM(1)")})
    assert "'=cmd|x" in result.to_csv()
    assert "'@SUM(1)" in result.to_csv()
