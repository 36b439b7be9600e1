"""Run one rebuilt submission: student cells in the sandbox, test cells here, and nothing but values between them.

Order is part of the security. All cells run first and their outputs are recorded; then all visible tests; then all
hidden ones. Once hidden inputs have entered the sandbox nothing comes out of it but answers, so even code that keeps
them has no way to show them. Every hidden call gets a process of its own, forked from the state in which the
exercise's cell left the notebook, and that process is killed after its answer.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import hashlib
import io
import symtable
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat

from ntklab.grading.boundary import BoundaryError
from ntklab.grading.limits import Limits
from ntklab.grading.results import ExerciseResult, Outcome, clean, display_output, error_output, stream_output
from ntklab.grading.sandbox import Session, State, Stopped, decode_answer
from ntklab.lab.checks import AnswerError, Tests, TestsFailed, hidden_inputs_from

Notebook = nbformat.NotebookNode
_HARM = "it ended processes that were not its own"


def role_of(cell: Any) -> str:
    """What the cell is for: setup, answer, visible, hidden, figure, ..., or "" for text."""
    return cell.metadata.get("ntklab", {}).get("role", "")


def exercise_of(cell: Any) -> str:
    """The exercise the cell belongs to, or ""."""
    return cell.metadata.get("ntklab", {}).get("exercise", "")


@dataclass
class Exercise:
    """One graded exercise of a lab, as the trusted side knows it."""

    name: str
    points: float
    visible: str
    hidden: str

    @property
    def visible_total(self) -> int:
        """How many checks the visible cell makes, counted in its text (for submissions that never reach it)."""
        checks = {"close", "holds", "raises"}
        calls = [n.func for n in ast.walk(ast.parse(self.visible)) if isinstance(n, ast.Call)]
        return sum(isinstance(f, ast.Attribute) and f.attr in checks for f in calls)


class TrustedLab:
    """The trusted side of a lab: its setup, its tests, and the secret its hidden inputs come from."""

    def __init__(self, name: str, master: Notebook, secret: bytes):
        self.name, self.master = name, master
        self.secret = hashlib.sha256(secret + name.encode()).digest()
        cells = [cell for cell in master.cells if cell.cell_type == "code"]
        by_role = {(role_of(c), exercise_of(c)): c for c in cells if exercise_of(c)}
        self.exercises = {
            exercise: Exercise(
                exercise,
                float(cell.metadata["nbgrader"]["points"]),
                by_role["visible", exercise].source,
                cell.source,
            )
            for (role, exercise), cell in by_role.items()
            if role == "hidden"
        }
        self.names = list(self.exercises)  # what test cells may call, also when only one exercise is tested
        self._namespace: dict[str, Any] = {"__name__": "__tests__"}
        with hidden_inputs_from(self.secret), contextlib.redirect_stdout(io.StringIO()):
            for cell in cells:
                if role_of(cell) == "setup":
                    exec(compile(cell.source, f"{name}:setup", "exec"), self._namespace)

    def only(self, exercise: str) -> TrustedLab:
        """The same lab with the tests of one exercise."""
        one = copy.copy(self)
        one.exercises = {exercise: self.exercises[exercise]}
        one.names = self.names
        return one

    def namespace(self) -> dict[str, Any]:
        """The names of the setup cell, for one test cell."""
        return dict(self._namespace)


class SessionBroken(BaseException):
    """A cell or an exercise was stopped or did harm: end the session, run again without it.

    Not an ``Exception``: a check must not take it for the answer's own.
    """

    def __init__(self, culprit: str, reason: str):
        super().__init__(reason)
        self.culprit, self.reason = culprit, reason


@dataclass
class Run:
    """Grades one submission; ``open_session`` starts a fresh session whenever it is called."""

    lab: TrustedLab
    notebook: Notebook
    open_session: Callable[[], Session]
    limits: Limits = field(default_factory=Limits)
    figures: bool = False
    log: Callable[[str], None] = lambda line: None
    # cells and exercises that once broke the session, with the reason: they do not run again
    lost: dict[str, str] = field(default_factory=dict)
    visible_only: bool = False

    def __post_init__(self) -> None:
        self.outcome = Outcome()
        self.recorded: set[str] = set()  # outputs are recorded the first time only, before any hidden input
        self.visible_done: dict[str, ExerciseResult] = {}
        self.hidden_done: dict[str, str | None] = {}

    def __call__(self) -> Outcome:
        for _ in range(2 * len(self.notebook.cells) + 2):
            try:
                with self.open_session() as session:
                    self._attempt(session)
                break
            except SessionBroken as broken:
                self.lost[broken.culprit] = broken.reason
        self._conclude()
        return self.outcome

    # ------------------------------------------------------------------------------------------------ the cells
    def _attempt(self, session: Session) -> None:
        snapshots = self._run_cells(session)
        for name, exercise in self.lab.exercises.items():
            if name not in self.visible_done:
                result = self._visible(exercise, snapshots[name])
                self._unharmed(name, snapshots)
                self.visible_done[name] = result
        for name, exercise in self.lab.exercises.items():
            if name not in self.hidden_done and self.visible_done[name].diagnosis is None:
                failure = self._hidden(exercise, snapshots[name])
                self._unharmed(name, snapshots)
                self.hidden_done[name] = failure

    def _unharmed(self, culprit: str, snapshots: dict[str, State]) -> None:
        if culprit not in self.lost and not all(s.alive() for s in {id(s): s for s in snapshots.values()}.values()):
            raise SessionBroken(culprit, _HARM)

    def _run_cells(self, session: Session) -> dict[str, State]:
        """Run setup, answers and the student's own cells; the state each exercise's tests will call."""
        leaning = set() if self.figures else _leaned_on(self.notebook)
        wanted = {"setup", "answer", "student"} | ({"figure", "gpu", "demo"} if self.figures else set())
        state, snapshots = session.root, dict[str, State]()
        for cell in self.notebook.cells:
            if cell.cell_type != "code":
                continue
            role, key = role_of(cell), cell.id
            if role == "visible":
                snapshots[exercise_of(cell)] = state
            if key in self.lost or not cell.source.strip() or (role not in wanted and key not in leaning):
                continue
            try:
                trial = state.fork()
                said = trial.run(cell.source, self.limits.cell_seconds, self.figures)
            except Stopped as stopped:
                self._cell_lost(cell, key, stopped.reason)
                raise SessionBroken(key, stopped.reason) from None  # whatever it left running goes with the session
            self._record(cell, said)
            if not state.alive():
                self._cell_lost(cell, key, _HARM)
                raise SessionBroken(key, _HARM)
            state = trial
        return {name: snapshots.get(name, state) for name in self.lab.exercises}

    def _cell_lost(self, cell: Any, key: str, reason: str) -> None:
        self.lost[key] = reason
        self.outcome.outputs.setdefault(key, []).append(
            error_output("CellStopped", f"This cell was stopped: {reason}.")
        )
        if role_of(cell) == "answer":
            self.lost[exercise_of(cell)] = f"the cell was stopped: {reason}"
            self.outcome.lost.append(f"{exercise_of(cell)}: {reason}")

    def _record(self, cell: Any, said: dict[str, Any]) -> None:
        if cell.id in self.recorded:
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
            kind, message = str(error.get("type"))[:80], str(error.get("message"))[:500]
            outputs.append(error_output(kind, message, str(error.get("trace"))[:8000]))
            if role_of(cell) == "answer":
                self.outcome.cell_errors[exercise_of(cell)] = clean(f"{kind}: {message}" if message else kind)

    # ------------------------------------------------------------------------------------------------ the tests
    def _visible(self, exercise: Exercise, snapshot: State) -> ExerciseResult:
        result = ExerciseResult(exercise.name, exercise.points, 0, exercise.visible_total)
        caller = _Caller(self, exercise.name, snapshot, hidden=False)
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
        caller = _Caller(self, exercise.name, snapshot, hidden=True)
        started = time.monotonic()
        _, failure, _ = self._test_cell(exercise.hidden, caller)
        self.visible_done[exercise.name].seconds += time.monotonic() - started
        return failure

    def _test_cell(self, source: str, caller: _Caller) -> tuple[str, str | None, Tests | None]:
        """What the cell printed, why it failed (None: it passed), and its checks."""
        namespace = self.lab.namespace()
        namespace.update({name: caller.stand_in(name) for name in self.lab.names})
        printed = io.StringIO()
        message, failure = "", None
        try:
            with contextlib.redirect_stdout(printed), hidden_inputs_from(self.lab.secret):
                exec(compile(source, f"{self.lab.name}:{caller.exercise}", "exec"), namespace)
        except SessionBroken:
            raise
        except TestsFailed as failed:
            message, failure = str(failed), failed.diagnosis
        except AnswerError as stopped:
            failure = str(stopped)
        except Exception as error:
            # Outside a check: the answer's own exception, or a fault of the tests (the log tells the instructor).
            failure = f"the tests could not use the answer ({type(error).__name__})"
            self.log(f"{caller.exercise}: {traceback.format_exc()}")
        finally:
            caller.close()
        tests = next((value for value in namespace.values() if isinstance(value, Tests)), None)
        if failure is None and (tests is None or tests.total == 0):
            failure = "the tests did not run"
        return message or printed.getvalue(), failure, tests

    # ----------------------------------------------------------------------------------------------- the verdict
    def _conclude(self) -> None:
        results: dict[str, ExerciseResult] = {}
        for name, exercise in self.lab.exercises.items():
            result = self.visible_done.get(name)
            if result is None:
                result = ExerciseResult(name, exercise.points, 0, exercise.visible_total)
                result.diagnosis = self.lost.get(name, "the process ended before its tests")
                self.outcome.outputs[f"{name}-visible"] = [error_output("TestsFailed", result.diagnosis)]
            passed_visible = result.diagnosis is None
            if passed_visible:
                result.diagnosis = self.hidden_done.get(name, self.lost.get(name, "the process ended before its tests"))
            if name in self.lost:
                result.diagnosis = result.diagnosis or self.lost[name]
                note = f"{name}: {self.lost[name]}"
                if not any(line.startswith(f"{name}:") for line in self.outcome.lost):
                    self.outcome.lost.append(note)
            result.score = exercise.points if result.diagnosis is None else 0.0
            results[name] = result
            if result.diagnosis is None:
                hidden = stream_output(f"{name}: all hidden tests pass.\n")
            elif passed_visible:
                hidden = error_output("TestsFailed", f"{name}: hidden tests on fresh inputs: {result.diagnosis}")
            else:
                hidden = error_output("TestsFailed", f"{name}: its visible tests do not all pass yet.")
            self.outcome.outputs[f"{name}-hidden"] = [hidden]
        self._blame_dependencies(results)
        self.outcome.exercises = results

    def _blame_dependencies(self, results: dict[str, ExerciseResult]) -> None:
        """A failure that another exercise causes says so first."""
        for cell in self.notebook.cells:
            if role_of(cell) != "answer" or exercise_of(cell) not in results:
                continue
            result = results[exercise_of(cell)]
            used = names_used(cell.source) & set(results) - {result.name}
            broken = sorted(name for name in used if results[name].diagnosis is not None)
            if result.diagnosis is not None and broken:
                which = " and ".join(f"`{name}`" for name in broken)
                verb = "fails its" if len(broken) == 1 else "fail their"
                result.diagnosis = (
                    f"{which}, which your answer calls, {verb} own tests: mend that first. {result.diagnosis}"
                )


def names_used(source: str) -> set[str]:
    """The names a cell takes from outside itself (empty if it does not parse); a function's own locals do not count."""
    try:
        scopes = [symtable.symtable(source, "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    top = scopes[0]
    own = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    names = set[str]()
    while scopes:
        scope = scopes.pop()
        scopes.extend(scope.get_children())
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (scope is top or s.is_global())}
    return names - own


def _leaned_on(notebook: Notebook) -> set[str]:
    """The ids of demo and figure cells that define a name which answers use (an import, a helper): they run too."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    needed = {name for cell in code if role_of(cell) in ("answer", "student") for name in names_used(cell.source)}
    chosen: set[str] = set()
    for cell in reversed(code):  # a chosen cell may itself lean on an earlier one
        if role_of(cell) in ("demo", "figure", "gpu") and names_defined(cell.source) & needed:
            chosen.add(cell.id)
            needed |= names_used(cell.source)
    return chosen


def names_defined(source: str) -> set[str]:
    """The names that a cell's own statements bind (empty if it does not parse)."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


class _Caller:
    """Carries the calls of one test cell to the sandbox, within the exercise's time."""

    def __init__(self, run: Run, exercise: str, snapshot: State, hidden: bool):
        self.run, self.exercise, self.snapshot, self.hidden = run, exercise, snapshot, hidden
        self.left = run.limits.exercise_seconds
        self.state: State | None = None
        self.missing = False

    def stand_in(self, name: str) -> Callable[..., Any]:
        """What stands for the student's function in a test cell: calling it sends values and gets values back."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(name, args, kwargs)

        stand_in.__name__ = name
        return stand_in

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        lost = self.run.lost.get(self.exercise)
        if lost:
            raise AnswerError(lost)
        if self.left <= 0:
            raise AnswerError(f"its tests took longer than {self.run.limits.exercise_seconds:g} seconds altogether")
        started = time.monotonic()
        try:
            state = self._state()
            header, body = state.call(name, args, kwargs, min(self.run.limits.call_seconds, self.left))
        except Stopped as stopped:
            raise SessionBroken(self.exercise, stopped.reason) from None
        finally:
            self.left -= time.monotonic() - started
            if self.hidden:
                self._drop_state()
        return self._answer(name, header, body)

    def _answer(self, name: str, header: dict[str, Any], body: bytes) -> Any:
        if header.get("op") == "error":
            kind = header.get("type")
            if kind == "missing":
                self.missing = True
                raise AnswerError(f"there is no function called `{name}`: keep the name of the stub")
            error = getattr(builtins, str(kind), None)
            if not (isinstance(error, type) and issubclass(error, Exception)):
                error = RuntimeError
            message = "" if self.hidden else str(header.get("message"))[:300]
            try:
                raised = error(message)
            except TypeError:  # a few built-in exceptions want more arguments
                raised = RuntimeError(message)
            raise raised
        try:
            return decode_answer(header, body)
        except BoundaryError as problem:
            raise AnswerError(f"it returned {problem}; an answer is made of numbers, strings and arrays") from None

    def _state(self) -> State:
        if self.state is None:
            try:
                self.state = self.snapshot.fork()
            except Stopped as stopped:
                raise SessionBroken(self.exercise, stopped.reason) from None
        return self.state

    def _drop_state(self) -> None:
        if self.state is not None:
            self.state.end()
            self.state = None

    def close(self) -> None:
        self._drop_state()
