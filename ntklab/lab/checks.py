"""What a test cell calls: named checks that end in a diagnosis instead of a traceback.

The same cell runs in a student's own Jupyter, where the exercise is a plain function, and in the grader, where its
name is a stand-in that sends values to a sandbox. Every check takes the call as ``lambda: ...`` so that whatever
goes wrong inside becomes that check's diagnosis and the next check still runs::

    t = lab.tests("relu_kappa")
    t.close("values worked by hand", lambda: relu_kappa(np.array([1.0, 0.0])), [2.0, 1 / np.pi],
            mistakes={"every value is half of it: you computed ...": [1.0, 0.5 / np.pi]})
    t.holds("rounding", lambda: np.isfinite(relu_kappa(np.array([1 + 1e-15]))).all(), "nan just above 1: clip first")
    t.raises("rank-deficient input", ValueError, lambda: solve(np.zeros((2, 2))))
    t.report()

A diagnosis names the misconception when the wrong value is recognised. It never prints an expected value; hidden
tests (``hidden=True``) print neither inputs nor the student's own values nor an exception's message.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["AnswerError", "Tests", "TestsFailed", "hidden_inputs_from", "on_trusted_side", "tests"]

Value = Any

# Factors worth naming when an answer is a constant multiple of the right one.
_FACTORS = {
    2.0: "twice",
    0.5: "half",
    4.0: "four times",
    0.25: "a quarter of",
    np.pi: "π times",
    1 / np.pi: "1/π times",
    2 * np.pi: "2π times",
    1 / (2 * np.pi): "1/(2π) times",
    np.sqrt(2): "√2 times",
    1 / np.sqrt(2): "1/√2 times",
    np.sqrt(np.pi): "√π times",
    1 / np.sqrt(np.pi): "1/√π times",
}

_secret: bytes | None = None  # set by the grader alone; students' own runs draw fresh inputs every time


class TestsFailed(AssertionError):
    """An exercise's tests did not all pass; the message is the diagnosis."""

    __test__ = False

    def __init__(self, message: str, passed: int, total: int, diagnosis: str):
        super().__init__(message)
        self.passed, self.total, self.diagnosis = passed, total, diagnosis

    def _render_traceback_(self) -> list[str]:  # IPython shows this instead of a traceback
        return [str(self)]


class AnswerError(Exception):
    """An answer failed for a reason that is already a sentence: too slow, too large, not a value, ..."""


@contextlib.contextmanager
def hidden_inputs_from(secret: bytes) -> Iterator[None]:
    """Within this block hidden tests draw their inputs from ``secret`` (the grader's per-course seed)."""
    global _secret
    before, _secret = _secret, secret
    try:
        yield
    finally:
        _secret = before


def on_trusted_side() -> bool:
    """Whether a grader is running this: there nothing is withheld and no student code is near."""
    return _secret is not None


def tests(exercise: str, hidden: bool = False) -> Tests:  # noqa: PT028 - not a pytest test
    """Open the tests of ``exercise``; finish with ``.report()``."""
    return Tests(exercise, hidden)


class Tests:
    """Collects the checks of one test cell. ``rng`` is fixed in visible tests and unpredictable in hidden ones."""

    __test__ = False

    def __init__(self, exercise: str, hidden: bool = False):
        self.exercise, self.hidden = exercise, hidden
        self.passed, self.failures = 0, list[tuple[str, str]]()
        if hidden:
            key = _secret if _secret is not None else os.urandom(32)
        else:
            key = b"visible"
        digest = hashlib.sha256(key + b"\0" + exercise.encode()).digest()
        self.rng = np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))

    @property
    def total(self) -> int:
        return self.passed + len(self.failures)

    def close(
        self,
        what: str,
        call: Callable[[], Value],
        wanted: Value | Callable[[], Value],
        *,
        rtol: float = 1e-9,
        atol: float = 1e-12,
        mistakes: Mapping[str, Value | Callable[[], Value]] | None = None,
    ) -> None:
        """The answer equals ``wanted`` (number, array, string, or a tuple, list or dict of them) to the tolerance.

        ``mistakes`` maps a diagnosis to the value that gives this mistake away; the first that the answer equals is
        told. A float32 answer is held to 1e-4 of the largest entry.
        """
        answer, problem = self._answer(call)
        if problem is None:
            right = wanted() if callable(wanted) else wanted
            problem = _difference(answer, right, rtol, atol, mistakes or {}, show=not self.hidden)
        self._note(what, problem)

    def holds(self, what: str, call: Callable[[], Value], otherwise: str) -> None:
        """A law: ``call()`` is true; if not, ``otherwise`` is the diagnosis."""
        answer, problem = self._answer(call)
        if problem is None:
            try:
                true = bool(answer)
            except (ValueError, TypeError, RuntimeError):
                true = False
            problem = None if true else otherwise
        self._note(what, problem)

    def raises(
        self, what: str, error: type[Exception], call: Callable[[], Value], otherwise: str | None = None
    ) -> None:
        """``call()`` must raise ``error``."""
        try:
            call()
        except NotImplementedError:
            self._note(what, f"`{self.exercise}` is not written yet")
        except error:
            self._note(what, None)
        except AnswerError as stopped:
            self._note(what, str(stopped))
        except Exception as other:
            self._note(what, f"it should raise {error.__name__}, but raised {type(other).__name__}")
        else:
            self._note(what, otherwise or f"it should raise {error.__name__} here, but returned a value")

    def report(self) -> None:
        """Print how many checks passed, or raise :class:`TestsFailed` with every failed check's diagnosis."""
        kind = "hidden" if self.hidden else "visible"
        if not self.failures:
            later = "" if self.hidden else " Hidden tests on fresh inputs run when it is graded."
            print(f"{self.exercise}: {self.passed} of {self.total} {kind} tests pass.{later}")
            return
        lines = [f"{self.exercise}: {self.passed} of {self.total} {kind} tests pass."]
        told = set()
        for what, problem in self.failures:
            lines.append(f"  ✗ {what}: {problem}" if problem not in told else f"  ✗ {what}: as above")
            told.add(problem)
        raise TestsFailed("\n".join(lines), self.passed, self.total, self.failures[0][1])

    def _answer(self, call: Callable[[], Value]) -> tuple[Value, str | None]:
        try:
            with np.errstate(all="ignore"):
                return call(), None
        except NotImplementedError:
            return None, f"`{self.exercise}` is not written yet"
        except AnswerError as stopped:
            return None, str(stopped)
        except NameError as missing:
            name = getattr(missing, "name", None)
            if name == self.exercise:
                return None, f"there is no function called `{self.exercise}`: keep the name of the stub"
            return None, f"NameError: {_short(missing)}" if not self.hidden else "it raised NameError"
        except Exception as error:
            if self.hidden:
                return None, f"it raised {type(error).__name__}"
            return None, f"it raised {type(error).__name__}: {_short(error)}"

    def _note(self, what: str, problem: str | None) -> None:
        if problem is None:
            self.passed += 1
        else:
            self.failures.append((what, problem))


def _short(error: BaseException, limit: int = 300) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _difference(
    answer: Value, wanted: Value, rtol: float, atol: float, mistakes: Mapping[str, Value], show: bool
) -> str | None:
    """Why ``answer`` is not ``wanted``, or None if it is."""
    if answer is None:
        return "it returned None: does the function end in `return`?"
    if isinstance(wanted, dict):
        problem = _dict_difference(answer, wanted, rtol, atol, show)
    elif isinstance(wanted, (tuple, list)) and not _is_numeric(wanted):
        problem = _sequence_difference(answer, wanted, rtol, atol, show)
    elif isinstance(wanted, str):
        if not isinstance(answer, str):
            return f"it should return a string; it returned {_kind(answer)}"
        problem = None if str(answer) == wanted else "it returned the other name" if show else "wrong name"
    else:
        problem = _array_difference(answer, wanted, rtol, atol, show)
    if problem is None:
        return None
    for diagnosis, wrong in mistakes.items():
        wrong_value = wrong() if callable(wrong) else wrong
        if _difference(answer, wrong_value, max(rtol, 1e-6), atol, {}, show=False) is None:
            return diagnosis
    return problem


def _dict_difference(answer: Value, wanted: dict[str, Value], rtol: float, atol: float, show: bool) -> str | None:
    if not isinstance(answer, dict):
        return f"it should return a dict with keys {', '.join(map(repr, wanted))}; it returned {_kind(answer)}"
    missing = [key for key in wanted if key not in answer]
    if missing:
        return f"the dict lacks the key {missing[0]!r}"
    for key, value in wanted.items():
        problem = _difference(answer[key], value, rtol, atol, {}, show)
        if problem is not None:
            return f"{key!r}: {problem}"
    return None


_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def _sequence_difference(answer: Value, wanted: Value, rtol: float, atol: float, show: bool) -> str | None:
    if not isinstance(answer, (tuple, list)):
        return f"it should return {len(wanted)} things (a tuple); it returned {_kind(answer)}"
    if len(answer) != len(wanted):
        return f"it should return {len(wanted)} things (a tuple); it returned {len(answer)}"
    for i, (got, right) in enumerate(zip(answer, wanted, strict=True)):
        problem = _difference(got, right, rtol, atol, {}, show)
        if problem is not None:
            place = _ORDINALS[i] if i < len(_ORDINALS) else f"{i + 1}th"
            return f"the {place} returned value: {problem}"
    return None


def _array_difference(answer: Value, wanted: Value, rtol: float, atol: float, show: bool) -> str | None:
    got, problem = _plain_array(answer)
    if problem is not None:
        return problem
    right = np.asarray(_detach(wanted), dtype=np.float64)
    if got.shape != right.shape:
        if right.ndim == 0:
            return f"it should return one number; it returned an array of shape {got.shape}"
        hint = " (transposed?)" if got.shape == right.shape[::-1] else ""
        return f"it should return shape {right.shape}; it returned shape {got.shape}{hint}"
    single = got.dtype in (np.float32, np.float16)
    got = got.astype(np.float64)
    if np.isnan(got).any() and not np.isnan(right).any():
        where = f" (first at index {_first(np.isnan(got))})" if show and got.ndim else ""
        return f"{'some entries are' if got.ndim else 'it is'} nan{where}"
    if np.isinf(got).any() and not np.isinf(right).any():
        where = f" (first at index {_first(np.isinf(got))})" if show and got.ndim else ""
        return f"{'some entries are' if got.ndim else 'it is'} infinite{where}"
    if single:
        scale = float(np.abs(right).max(initial=0.0))
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-4 * scale)
    bad = ~np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True)
    if not bad.any():
        return None
    return _numeric_diagnosis(got, right, bad, rtol, atol, show)


def _numeric_diagnosis(
    got: np.ndarray, right: np.ndarray, bad: np.ndarray, rtol: float, atol: float, show: bool
) -> str:
    """Name a sign, a constant factor or a transposition; else say how many entries are wrong."""

    def same(candidate: np.ndarray) -> bool:
        return bool(np.allclose(got, candidate, rtol=max(rtol, 1e-6), atol=atol))

    if np.any(right != 0):
        if same(-right):
            return "the sign is wrong: your answer is minus the right one"
        for factor, words in _FACTORS.items():
            if same(factor * right):
                return f"your answer is {words} the right one"
    if right.ndim == 2 and right.shape[0] == right.shape[1] and same(right.T):
        return "your answer is the transpose of the right one"
    if not show:
        return "wrong value" if right.ndim == 0 else f"{bad.sum()} of {bad.size} entries are wrong"
    if right.ndim == 0:
        return f"wrong value (you returned {got.item():.6g})"
    place = _first(bad)
    return (
        f"{bad.sum()} of {bad.size} entries are wrong; the first is at index {place}, where you have {got[place]:.6g}"
    )


def _plain_array(answer: Value) -> tuple[np.ndarray, str | None]:
    """A plain ndarray of numbers (never a subclass), or why there is none."""
    nothing = np.empty(0)
    if isinstance(answer, (str, bytes, dict, set)) or callable(answer):
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    try:
        plain = np.array(_detach(answer), subok=False)
    except Exception:
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    if plain.dtype.kind == "c":
        return nothing, "it returned complex numbers; the answer is real"
    if plain.dtype.kind not in "biuf":
        return nothing, f"it should return numbers; it returned {_kind(answer)}"
    return plain, None


def _detach(value: Value) -> Value:
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _is_numeric(value: Value) -> bool:
    """Whether a list or tuple is a literal array (nested numbers) rather than several answers."""
    return isinstance(value, list) and all(isinstance(v, (int, float)) or _is_numeric(v) for v in value)


def _kind(value: Value) -> str:
    names = {"ndarray": "an array", "dict": "a dict", "str": "a string", "tuple": "a tuple", "list": "a list"}
    name = type(value).__name__
    return names.get(name, f"a {name}" if not callable(value) else "a function")


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])
