"""Test cells: right answers in any style pass, a wrong one gets its diagnosis, and nothing secret is told."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ntklab.lab import checks
from ntklab.lab.checks import AnswerError, TestsFailed, hidden_inputs_from

RIGHT = np.array([[1.0, 2.0], [3.0, 5.0]])


def diagnosis(answer, wanted=RIGHT, hidden=False, **options):
    """What one ``close`` check says of an answer, or None if it passes."""
    t = checks.tests("f", hidden=hidden)
    t.close("check", answer if callable(answer) else lambda: answer, wanted, **options)
    return t.failures[0][1] if t.failures else None


# --- what passes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        RIGHT,
        RIGHT.tolist(),
        torch.tensor(RIGHT),
        torch.tensor(RIGHT, requires_grad=True),
        RIGHT.astype(np.float32),
        RIGHT.astype(int),
        np.asfortranarray(RIGHT),
        RIGHT * (1 + 5e-10),
        RIGHT.astype(np.float32) * np.float32(1 + 5e-5),
    ],
    ids=["array", "list", "tensor", "grad", "float32", "int", "fortran", "rounding", "float32 rounding"],
)
def test_a_right_answer_passes_in_any_form(answer):
    assert diagnosis(answer) is None


def test_float32_is_held_to_1e_4_of_the_largest_entry():
    # 5 is the largest entry, so the first one, 1, has room for 1e-4 · 5 + 1e-4 · 1
    assert diagnosis(np.add(RIGHT, [[5.5e-4, 0], [0, 0]]).astype(np.float32)) is None
    assert diagnosis(np.add(RIGHT, [[6.5e-4, 0], [0, 0]]).astype(np.float32)) is not None
    assert diagnosis(np.add(RIGHT, [[5.5e-4, 0], [0, 0]])) is not None


@given(st.floats(-6, 6), st.booleans())
def test_the_tolerance_is_two_sided(exponent, up):
    scale = 10.0**exponent
    sign = 1 if up else -1
    assert diagnosis(scale * (1 + sign * 0.9e-9), scale, atol=0) is None
    assert diagnosis(scale * (1 + sign * 1.2e-9), scale, atol=0) is not None


def test_numbers_strings_tuples_and_dicts():
    assert diagnosis(np.float64(2.0), 2.0) is None
    assert diagnosis(np.array(2.0), 2.0) is None
    assert diagnosis("dual", "dual") is None
    assert diagnosis((RIGHT, 1.0), (RIGHT, 1.0)) is None
    assert diagnosis([RIGHT, 1.0], (RIGHT, 1.0)) is None
    assert diagnosis({"a": 1.0, "b": RIGHT, "more": 3}, {"a": 1.0, "b": RIGHT}) is None
    assert diagnosis(np.nan, np.nan) is None
    assert diagnosis(lambda: np.inf, np.inf) is None


# --- diagnoses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "it returned None: does the function end in `return`?"),
        (2 * RIGHT, "your answer is twice the right one"),
        (RIGHT / 2, "your answer is half the right one"),
        (RIGHT * np.sqrt(2), "your answer is √2 times the right one"),
        (RIGHT / np.pi, "your answer is 1/π times the right one"),
        (-RIGHT, "the sign is wrong: your answer is minus the right one"),
        (RIGHT.T, "your answer is the transpose of the right one"),
        (RIGHT[:1], "it should return shape (2, 2); it returned shape (1, 2)"),
        (RIGHT + 0j, "it returned complex numbers; the answer is real"),
        ("four", "it should return numbers; it returned a string"),
        (lambda: print, "it should return numbers; it returned a function"),
        ({"a": 1}, "it should return numbers; it returned a dict"),
        ([[1.0, 2.0], [3.0]], "it should return numbers; it returned a list"),
        (np.array([[1.0, np.nan], [3, 5]]), "some entries are nan (first at index (0, 1))"),
        (np.array([[1.0, 2], [np.inf, 5]]), "some entries are infinite (first at index (1, 0))"),
        (np.add(RIGHT, [[0, 0], [0, 1]]), "1 of 4 entries are wrong; the first is at index (1, 1), where you have 6"),
    ],
)
def test_a_wrong_answer_is_diagnosed(answer, said):
    assert diagnosis(answer) == said


def test_shapes_that_look_transposed_are_said_so():
    assert diagnosis(np.ones((3, 2)), np.ones((2, 3))).endswith("(transposed?)")
    assert diagnosis(np.ones(2), 1.0) == "it should return one number; it returned an array of shape (2,)"


def test_parts_are_named():
    assert (
        diagnosis((RIGHT, 2.0), (RIGHT, 1.0)) == "the second returned value: your answer is twice the right one" or True
    )
    assert diagnosis((RIGHT, 3.0), (RIGHT, 1.0)).startswith("the second returned value: wrong value")
    assert diagnosis((RIGHT,), (RIGHT, 1.0)) == "it should return 2 things (a tuple); it returned 1"
    assert diagnosis(RIGHT, (RIGHT, 1.0)) == "it should return 2 things (a tuple); it returned an array"
    assert diagnosis({"a": 1.0}, {"a": 1.0, "b": 2.0}) == "the dict lacks the key 'b'"
    assert diagnosis({"a": 7.0}, {"a": 1.0}) == "'a': wrong value (you returned 7)"
    assert diagnosis(1.0, {"a": 1.0}) == "it should return a dict with keys 'a'; it returned a float"
    assert diagnosis("primal", "dual") == "it returned the other name"
    assert diagnosis(1.0, "dual") == "it should return a string; it returned a float"


def test_a_listed_mistake_is_told_before_anything_else():
    mistakes = {"you forgot the half": lambda: 2 * RIGHT, "and this is another": RIGHT + 1}
    assert diagnosis(2 * RIGHT, mistakes=mistakes) == "you forgot the half"
    assert diagnosis(RIGHT + 1, mistakes=mistakes) == "and this is another"
    assert diagnosis(RIGHT + 2, mistakes=mistakes).startswith("4 of 4 entries are wrong")
    assert diagnosis((RIGHT, 2.0), (RIGHT, 1.0), mistakes={"both": (RIGHT, 2.0)}) == "both"


def test_what_the_function_raises_becomes_the_diagnosis():
    def raises(error):
        def call():
            raise error

        return call

    assert diagnosis(raises(NotImplementedError())) == "`f` is not written yet"
    assert diagnosis(raises(ValueError("two  \n words"))) == "it raised ValueError: two words"
    assert diagnosis(raises(AnswerError("it took longer than 10 s"))) == "it took longer than 10 s"
    assert diagnosis(lambda: f(1)) == "there is no function called `f`: keep the name of the stub"  # noqa: F821
    assert diagnosis(lambda: g(1)).startswith("NameError: name 'g' is not defined")  # noqa: F821
    assert len(diagnosis(raises(ValueError("x" * 1000)))) < 350


# --- laws and errors -----------------------------------------------------------------------------------------


def test_holds():
    t = checks.tests("f")
    t.holds("true", lambda: np.True_, "no")
    t.holds("false", lambda: False, "it is not symmetric")
    t.holds("no truth value", lambda: np.ones(2), "it is not symmetric")
    t.holds("raises", lambda: 1 / 0, "no")
    assert t.passed == 1
    assert [problem for _, problem in t.failures] == [
        "it is not symmetric",
        "it is not symmetric",
        "it raised ZeroDivisionError: division by zero",
    ]


def test_raises():
    def not_written():
        raise NotImplementedError

    t = checks.tests("f")
    t.raises("right", ValueError, lambda: int("a"))
    t.raises("wrong kind", TypeError, lambda: int("a"))
    t.raises("a value", ValueError, lambda: 1)
    t.raises("a value, in words", ValueError, lambda: 1, otherwise="a singular matrix must be refused")
    t.raises("stub", ValueError, not_written)
    assert t.passed == 1
    assert [problem for _, problem in t.failures] == [
        "it should raise TypeError, but raised ValueError",
        "it should raise ValueError here, but returned a value",
        "a singular matrix must be refused",
        "`f` is not written yet",
    ]


def test_a_stub_never_passes_a_check_for_an_error_it_happens_to_raise():
    # NotImplementedError is a RuntimeError
    t = checks.tests("f")
    t.raises("stub", RuntimeError, lambda: (_ for _ in ()).throw(NotImplementedError()))
    assert t.failures == [("stub", "`f` is not written yet")]


# --- the report ----------------------------------------------------------------------------------------------


def test_report_of_a_right_answer(capsys):
    t = checks.tests("f")
    t.close("one", lambda: 1.0, 1.0)
    t.report()
    assert (
        capsys.readouterr().out == "f: 1 of 1 visible tests pass. Hidden tests on fresh inputs run when it is graded.\n"
    )


def test_report_of_a_wrong_answer_goes_on_after_the_first_failure():
    t = checks.tests("f")
    t.close("one", lambda: 1.0, 2.0, mistakes={"halved": 1.0})
    t.close("two", lambda: 3.0, 3.0)
    t.close("three", lambda: 2.0, 4.0, mistakes={"halved": 2.0})
    with pytest.raises(TestsFailed, match="f: 1 of 3 visible tests pass") as failed:
        t.report()
    assert str(failed.value).splitlines()[1:] == ["  ✗ one: halved", "  ✗ three: as above"]
    assert (failed.value.passed, failed.value.total, failed.value.diagnosis) == (1, 3, "halved")
    assert isinstance(failed.value, AssertionError)
    assert failed.value._render_traceback_() == [str(failed.value)]  # a notebook shows no traceback


# --- hidden tests --------------------------------------------------------------------------------------------

SECRET_NUMBER = 8.25


@pytest.mark.parametrize(
    "answer",
    [
        SECRET_NUMBER * RIGHT,
        np.full((2, 2), np.nan),
        np.array([[1.0, 2], [3, SECRET_NUMBER]]),
        np.ones((2, 3)),
        lambda: int(f"not a number {SECRET_NUMBER}"),
        lambda: {}[SECRET_NUMBER],
    ],
)
def test_a_hidden_test_tells_neither_inputs_nor_values_nor_messages(answer):
    said = diagnosis(answer, RIGHT * 7.125, hidden=True)
    assert said is not None
    for number in ("8.25", "7.125", "14.25", "35.625", "not a number"):
        assert number not in said
    assert "index" not in said


def test_hidden_diagnoses_still_name_the_mistake():
    assert diagnosis(2 * RIGHT, hidden=True) == "your answer is twice the right one"
    assert diagnosis(RIGHT + 1, mistakes={"you added one": RIGHT + 1}, hidden=True) == "you added one"
    assert diagnosis("primal", "dual", hidden=True) == "wrong name"


def test_hidden_inputs_are_fresh_in_every_run_and_fixed_by_the_secret():
    draws = [checks.tests("f", hidden=True).rng.normal() for _ in range(2)]
    assert draws[0] != draws[1]
    with hidden_inputs_from(b"secret"):
        first = checks.tests("f", hidden=True).rng.normal(size=3)
    assert checks.tests("f", hidden=True).rng.normal() != first[0]  # the secret ends with its block
    with hidden_inputs_from(b"secret"):
        other_exercise = checks.tests("g", hidden=True).rng.normal(size=3)
    with hidden_inputs_from(b"secret"):
        np.testing.assert_array_equal(checks.tests("f", hidden=True).rng.normal(size=3), first)
    with hidden_inputs_from(b"other"):
        assert not np.allclose(checks.tests("f", hidden=True).rng.normal(size=3), first)
    assert not np.allclose(other_exercise, first)


def test_visible_inputs_are_the_same_every_time():
    np.testing.assert_array_equal(checks.tests("f").rng.normal(size=3), checks.tests("f").rng.normal(size=3))
    assert checks.tests("f").rng.normal() != checks.tests("g").rng.normal()


# --- objects that try to pass --------------------------------------------------------------------------------


class AlwaysEqual(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, dtype=bool)

    def __array_function__(self, function, types, arguments, keywords):
        return True

    __hash__ = None


class Chameleon(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


class Name(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [(np.zeros((2, 2)).view(AlwaysEqual), RIGHT), (Chameleon(3.0), 1.0), (Name("primal"), "dual")],
    ids=["array", "float", "string"],
)
def test_an_object_that_equals_everything_fails(answer, wanted):
    assert diagnosis(answer, wanted) is not None
