"""Run one rebuilt submission: student cells in the sandbox, test cells here, and nothing but values between them.

Order is part of the security. All cells run first and their outputs are recorded; then all visible tests; then all
hidden ones. Once hidden inputs have entered the sandbox nothing comes out of it but answers, so even code that keeps
them has no way to show them. Every hidden call gets a process of its own, forked from the state in which the
exercise's cell left the notebook, and that process is killed after its answer.
"""

from __future__ import annotations

import contextlib
import io
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat

from ntklab.grading.calls import Caller, SessionBroken
from ntklab.grading.limits import Limits
from ntklab.grading.names import answers_needed, leaned_on
from ntklab.grading.results import (
    ExerciseResult,
    Outcome,
    as_text,
    clean,
    display_output,
    error_output,
    stream_output,
)
from ntklab.grading.sandbox import Session, State, Stopped
from ntklab.grading.trusted import Exercise, TrustedLab, compiled, exercise_of, role_of
from ntklab.grading.verdicts import conclude
from ntklab.lab.checks import AnswerError, Tests, TestsFailed, hidden_inputs_from

Notebook = nbformat.NotebookNode
_HARM = "it ended processes that were not its own"


class _OutOfTime(Exception):
    """The submission as a whole took too long."""


@dataclass
class Run:
    """Grades one submission; ``open_session`` starts a fresh session whenever it is called."""

    lab: TrustedLab
    notebook: Notebook
    open_session: Callable[[], Session]
    limits: Limits = field(default_factory=Limits)
    figures: bool = False
    log: Callable[[str], None] = lambda line: None
    # exercises, and cells by id, that broke the session, with the reason: they do not run again
    lost: dict[str, str] = field(default_factory=dict)
    lost_cells: dict[str, str] = field(default_factory=dict)
    visible_only: bool = False

    def __post_init__(self) -> None:
        self.outcome = Outcome()
        self.recorded: set[str] = set()  # outputs are recorded the first time only, before any hidden input
        self.visible_done: dict[str, ExerciseResult] = {}
        self.hidden_done: dict[str, str | None] = {}
        self.hidden_begun = False
        self.ended = "the process ended before its tests"  # why an exercise without a verdict has none
        self.deadline = 0.0

    def __call__(self) -> Outcome:
        self.deadline = time.monotonic() + self.limits.submission_seconds
        try:
            if not self._all_together():
                self._one_by_one()
        except _OutOfTime:
            self.ended = f"the notebook took longer than {self.limits.submission_seconds:g} seconds altogether"
        conclude(self.lab, self.notebook, self.outcome, self.visible_done, self.hidden_done, self.lost, self.ended)
        return self.outcome

    def _all_together(self) -> bool:
        """All exercises in one session, again without whatever was stopped; False where harm has no clear doer."""
        suspects: set[tuple[bool, str]] = set()
        while True:
            try:
                with self.open_session() as session:
                    snapshots = self._run_cells(session)
                    self._run_visible(snapshots)
                    self._run_hidden(snapshots)
                return True
            except SessionBroken as broken:
                if broken.sure:
                    self._lose(broken)
                elif (broken.cell, broken.culprit) in suspects:
                    return False
                suspects.add((broken.cell, broken.culprit))

    def _one_by_one(self) -> None:
        """Each exercise in sessions of its own, with only the cells that it needs: what fails then fails by itself."""
        for run in (self._run_visible, self._run_hidden):
            for name in self.lab.exercises:
                try:
                    if name not in self.lost:
                        with self.open_session() as session:
                            run({name: self._run_cells(session, name)[name]})
                except SessionBroken as broken:
                    self._lose(broken)
                    self.lost.setdefault(name, broken.reason)

    def _lose(self, broken: SessionBroken) -> None:
        if broken.cell:
            self._cell_lost(broken.culprit, broken.reason)
        else:
            self.lost[broken.culprit] = broken.reason

    def _in_time(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _OutOfTime
        return left

    def _run_visible(self, snapshots: dict[str, State]) -> None:
        for name in snapshots:
            if name not in self.visible_done:
                self._in_time()
                result = self._visible(self.lab.exercises[name], snapshots[name])
                self._unharmed(name, snapshots[name])
                self.visible_done[name] = result

    def _run_hidden(self, snapshots: dict[str, State]) -> None:
        for name in snapshots:
            if name not in self.hidden_done and name in self.visible_done and self.visible_done[name].diagnosis is None:
                self._in_time()
                failure = self._hidden(self.lab.exercises[name], snapshots[name])
                self._unharmed(name, snapshots[name])
                self.hidden_done[name] = failure

    def _unharmed(self, culprit: str, snapshot: State) -> None:
        """Whoever ends processes at random ends this one too; if only another's was ended, its next fork tells."""
        if culprit not in self.lost and not snapshot.alive():
            raise SessionBroken(culprit, _HARM)

    # ------------------------------------------------------------------------------------------------ the cells
    def _run_cells(self, session: Session, only: str | None = None) -> dict[str, State]:
        """Run setup, answers and the student's own cells; the state each exercise's tests will call.

        One process runs all cells; where an exercise's tests stand, a snapshot is forked from it. With ``only``, no
        other answers run than those of this exercise and of the exercises it leans on.
        """
        answers = set(self.lab.names) if only is None else answers_needed(self.notebook, only)
        leaning = set() if self.figures else leaned_on(self.notebook)
        wanted = {"setup", "answer", "student"} | ({"figure", "gpu", "demo"} if self.figures else set())
        asked = [name for name in self.lab.exercises if only in (None, name)]
        snapshots: dict[str, State] = {}
        last = next(cell.id for cell in self.notebook.cells if cell.cell_type == "code")
        runner, latest = self._forked(session.root, last), None
        for cell in self.notebook.cells:
            if cell.cell_type != "code":
                continue
            role, key = role_of(cell), cell.id
            if role == "visible" and exercise_of(cell) in asked:
                latest = latest or self._forked(runner, last)
                snapshots[exercise_of(cell)] = latest
            if key in self.lost_cells or not cell.source.strip() or (role not in wanted and key not in leaning):
                continue
            if role == "answer" and exercise_of(cell) not in answers:
                continue
            seconds = min(self.limits.cell_seconds, self._in_time())
            try:
                said = runner.run(cell.source, seconds, self.figures)
            except Stopped as stopped:  # whatever it left running goes with the session
                raise SessionBroken(key, stopped.reason, sure=stopped.timed_out, cell=True) from None
            newest = next(reversed(snapshots.values()), None)
            if newest is not None and not newest.alive():
                raise SessionBroken(key, _HARM, cell=True)
            self._record(cell, said)
            last, latest = key, None
        for name in (name for name in asked if name not in snapshots):
            snapshots[name] = latest = latest or self._forked(runner, last)
        runner.end()
        return snapshots

    def _forked(self, state: State, culprit: str) -> State:
        try:
            return state.fork()
        except Stopped as stopped:  # the cell before has ended its process or left too many
            raise SessionBroken(culprit, stopped.reason, cell=True) from None

    def _cell_lost(self, key: str, reason: str) -> None:
        self.lost_cells[key] = reason
        self.outcome.outputs.setdefault(key, []).append(
            error_output("CellStopped", f"This cell was stopped: {reason}.")
        )
        cell = next(cell for cell in self.notebook.cells if cell.id == key)
        if role_of(cell) == "answer":
            self.lost[exercise_of(cell)] = f"the cell was stopped: {reason}"
            self.outcome.lost.append(f"{exercise_of(cell)}: {reason}")

    def _record(self, cell: Any, said: dict[str, Any]) -> None:
        if cell.id in self.recorded or self.hidden_begun:
            return
        self.recorded.add(cell.id)
        outputs = self.outcome.outputs.setdefault(cell.id, [])
        shown = said.get("outputs")
        for item in shown[:60] if isinstance(shown, list) else []:
            output = display_output(item)
            if output is not None:
                outputs.append(output)
        error = said.get("error")
        if isinstance(error, dict):
            kind, message = as_text(error.get("type"), 80) or "Error", as_text(error.get("message"), 500)
            outputs.append(error_output(kind, message, as_text(error.get("trace"), 8000)))
            if role_of(cell) == "answer":
                self.outcome.cell_errors[exercise_of(cell)] = clean(f"{kind}: {message}" if message else kind)

    # ------------------------------------------------------------------------------------------------ the tests
    def _visible(self, exercise: Exercise, snapshot: State) -> ExerciseResult:
        result = ExerciseResult(exercise.name, exercise.points, 0, exercise.visible_total)
        caller = Caller(exercise.name, snapshot, self.limits, self.lost, hidden=False)
        started = time.monotonic()
        text, failure, tests = self._test_cell(exercise.visible, caller)
        result.seconds = time.monotonic() - started
        if tests is not None:
            result.visible_passed, result.visible_total = tests.passed, tests.total
        result.diagnosis = failure
        cell_error = self.outcome.cell_errors.get(exercise.name)
        if failure is not None and cell_error and caller.missing:
            result.diagnosis = text = f"your cell stops with {cell_error}"
            if cell_error == "NotImplementedError":
                result.diagnosis = text = f"`{exercise.name}` is not written yet"
        key = f"{exercise.name}-visible"
        self.outcome.outputs[key] = [
            stream_output(text) if failure is None else error_output("TestsFailed", text or failure)
        ]
        return result

    def _hidden(self, exercise: Exercise, snapshot: State) -> str | None:
        if self.visible_only:
            return None
        self.hidden_begun = True
        caller = Caller(exercise.name, snapshot, self.limits, self.lost, hidden=True)
        started = time.monotonic()
        _, failure, _ = self._test_cell(exercise.hidden, caller)
        self.visible_done[exercise.name].seconds += time.monotonic() - started
        return failure

    def _test_cell(self, source: str, caller: Caller) -> tuple[str, str | None, Tests | None]:
        """What the cell printed, why it failed (None: it passed), and its checks."""
        namespace = self.lab.namespace()
        namespace.update({name: caller.stand_in(name) for name in self.lab.names})
        printed = io.StringIO()
        message, failure = "", None
        try:
            with contextlib.redirect_stdout(printed), hidden_inputs_from(self.lab.secret):
                exec(compiled(source, f"{self.lab.name}:{caller.exercise}"), namespace)
        except SessionBroken:
            raise
        except TestsFailed as failed:
            message, failure = str(failed), failed.diagnosis
        except AnswerError as stopped:
            failure = str(stopped)
        except Exception as error:
            if getattr(error, "of_the_answer", False):
                failure = f"it raised {type(error).__name__}"
            else:  # outside a check: most likely a fault of the tests, so the summary of the class shows it
                failure = f"its tests stopped with {type(error).__name__}; your instructor has been told"
                self.outcome.lost.append(f"{caller.exercise}: its tests stopped with {type(error).__name__}")
                self.log(f"{caller.exercise}: {traceback.format_exc()}")
        finally:
            caller.close()
        tests = next((value for value in namespace.values() if isinstance(value, Tests)), None)
        if failure is None and (tests is None or tests.total == 0):
            failure = "the tests did not run"
        return message or printed.getvalue(), failure, tests
