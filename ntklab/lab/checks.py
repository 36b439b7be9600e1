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

from ntklab.lab.differences import difference

__all__ = ["AnswerError", "Tests", "TestsFailed", "hidden_inputs_from", "on_trusted_side", "tests"]

Value = Any

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
            problem = difference(answer, right, rtol, atol, mistakes or {}, show=not self.hidden)
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
