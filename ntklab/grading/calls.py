"""How a test cell's calls reach the student's functions: stand-ins that send values and get values back."""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Mapping
from typing import Any

from ntklab.grading.boundary import BoundaryError
from ntklab.grading.limits import Limits
from ntklab.grading.results import as_text
from ntklab.grading.sandbox import State, Stopped, decode_answer
from ntklab.lab.checks import AnswerError

_ENDS_LOOPS = (StopIteration, StopAsyncIteration)  # raised within a test's map(), they would pass for its end


class SessionBroken(BaseException):
    """A cell or an exercise was stopped or did harm: end the session, run again without it.

    Unless ``sure``, another may have done it (killed its process, used up the memory): the culprit gets a second
    try in a fresh session. Not an ``Exception``: a check must not take it for the answer's own.
    """

    def __init__(self, culprit: str, reason: str, sure: bool = False, cell: bool = False):
        super().__init__(reason)
        self.culprit, self.reason, self.sure, self.cell = culprit, reason, sure, cell


class Caller:
    """Carries the calls of one test cell to the sandbox, within the exercise's time."""

    def __init__(self, exercise: str, snapshot: State, limits: Limits, lost: Mapping[str, str], hidden: bool):
        self.exercise, self.snapshot, self.limits, self.lost, self.hidden = exercise, snapshot, limits, lost, hidden
        self.left = limits.exercise_seconds
        self.state: State | None = None
        self.missing = False

    def stand_in(self, name: str) -> Callable[..., Any]:
        """What stands for the student's function in a test cell: calling it sends values and gets values back."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(name, args, kwargs)

        stand_in.__name__ = name
        return stand_in

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        lost = self.lost.get(self.exercise)
        if lost:
            raise AnswerError(lost)
        seconds = min(self.limits.call_seconds, self.left)
        altogether = f"its tests took longer than {self.limits.exercise_seconds:g} seconds altogether"
        if seconds <= 0:
            raise AnswerError(altogether)
        started = time.monotonic()
        try:
            state = self._state()
            header, body = state.call(name, args, kwargs, seconds)
        except Stopped as stopped:
            by_sum = stopped.timed_out and seconds < self.limits.call_seconds
            why = altogether if by_sum else stopped.reason
            raise SessionBroken(self.exercise, why, sure=stopped.timed_out) from None
        finally:
            self.left -= time.monotonic() - started
            if self.hidden:
                self._drop_state()
        return self._answer(name, header, body)

    def _answer(self, name: str, header: dict[str, Any], body: bytes) -> Any:
        if header.get("op") == "error":
            kind, message = as_text(header.get("type"), 80), as_text(header.get("message"), 300)
            if kind == "missing":
                self.missing = True
                raise AnswerError(f"there is no function called `{name}`: keep the name of the stub")
            error = getattr(builtins, kind, None)
            if not (isinstance(error, type) and issubclass(error, Exception)) or issubclass(error, _ENDS_LOOPS):
                error = RuntimeError
            message = "" if self.hidden else message
            try:
                raised = error(message)
            except TypeError:  # a few built-in exceptions want more arguments
                raised = RuntimeError(message)
            raised.of_the_answer = True  # type: ignore[attr-defined]
            raise raised
        try:
            return decode_answer(header, body)
        except BoundaryError as problem:
            what = "something else" if self.hidden else problem  # its text is the student's to choose
            raise AnswerError(f"it returned {what}; an answer is made of numbers, strings and arrays") from None

    def _state(self) -> State:
        if self.state is None:
            try:
                self.state = self.snapshot.fork(greets=False)
            except Stopped as stopped:
                raise SessionBroken(self.exercise, stopped.reason) from None
        return self.state

    def _drop_state(self) -> None:
        if self.state is not None:
            self.state.end()
            self.state = None

    def close(self) -> None:
        self._drop_state()
