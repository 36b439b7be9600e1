"""Grade a class: every submission ends with a score and a reason, and none of them touches another.

Workers compute outcomes, each saved as soon as it is there; this process alone writes them to the gradebook. Whatever
stops the run, ``resume`` goes on from the saved ones and ends with the gradebook of an undisturbed run.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from ntklab import _processes
from ntklab._course import Lab, UsageError
from ntklab._executors import TaskDied, executor, results
from ntklab.grading import folders, work
from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.grader import code_of, course_secret, master_notebook
from ntklab.grading.limits import Limits
from ntklab.grading.outcomes import Saved
from ntklab.grading.preload import preload_for
from ntklab.grading.recording import Recorder, new_gradebook
from ntklab.grading.results import Outcome
from ntklab.grading.stops import GradingStopped, alone, stoppable
from ntklab.grading.submitted import is_id, read, stamp_fault, submissions, timestamp
from ntklab.grading.warm import Warm
from ntklab.grading.work import Graded, Job, Submission

_REMEDY = {
    "unreadable": "ask for a new submission, then grade again",
    "partial": "the other exercises count; the feedback page says what happened",
}
_DEADLY = "no process of the grader's survived this notebook, so nothing of it counts: look at it"


@dataclass
class ClassResult:
    """The graded class of one lab."""

    lab: str
    max: float = 0.0
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    manual: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # one line each: student, file, remedy
    sandbox: bool = True

    def to_json(self) -> dict[str, Any]:
        """The value of ``ntklab grade LAB --json``."""
        students = {}
        for student, outcome in self.outcomes.items():
            manual = self.manual.get(student, {"score": None, "max": 0.0})
            public = outcome.public()
            students[student] = {"score": public["score"], "max": public["max"], "manual": manual, **public}
        data: dict[str, Any] = {"lab": self.lab, "max": self.max, "students": students}
        if not self.sandbox:
            data["sandbox"] = "off"
        return data

    def to_csv(self) -> str:
        """One row per student: points by exercise, automatic and manual totals, status and reason."""
        names = list(next(iter(self.outcomes.values())).exercises) if self.outcomes else []
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["student", "score", "max", "manual_score", "manual_max", "status", *names, "reason"])
        for student, outcome in self.outcomes.items():
            manual = self.manual.get(student, {"score": None, "max": 0.0})
            marked = "" if manual["score"] is None else f"{manual['score']:g}"
            points = [f"{outcome.exercises[name].score:g}" for name in names]
            totals = [f"{outcome.score:g}", f"{outcome.max:g}", marked, f"{manual['max']:g}", outcome.status]
            writer.writerow([_plain(student), *totals, *points, _plain(outcome.reason)])
        return text.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def grade_class(
    lab: Lab,
    course: Course,
    submitted: Path,
    *,
    fenced: bool = True,
    figures: bool = False,
    limits: Limits | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    preload: tuple[str, ...] | None = None,
    warm: Warm | None = None,
    progress: Callable[[int, int, str, Outcome], None] = lambda done, total, student, outcome: None,
    log: Callable[[str], None] = lambda line: None,
) -> ClassResult:
    """Grade ``submitted/ID/LAB/LAB.ipynb`` for every ID into ``course``, its gradebook and ``grades.csv``.

    Args:
        workers: processes that grade, each with a sandbox of its own; None: one per core; 0: this process does it all.
        scheduler: a Dask scheduler's address: its cluster grades in place of ``workers``.
        resume: take what an interrupted run has computed, where neither submission nor lab nor library has changed.
        preload: modules that a sandbox imports before its first submission; None: what the lab speaks of. Saves time,
            changes nothing.
        warm: what workers of this machine share, if the caller has started it; it stays the caller's.
        progress: called after every submission with (done, total, student, outcome).

    Raises:
        UsageError: ``submitted`` is no folder or holds no submission of this lab; no scheduler answers.
        SandboxUnavailable: student code cannot be fenced in.
        GradingStopped: the disk is full, the gradebook locked, another grader at work, or the cluster gone.
        CourseError: the gradebook cannot be written.
    """
    found = list(submissions(lab.name, submitted))
    if not found:
        raise UsageError(
            f"{submitted} holds no submissions: they lie in {submitted.name}/ID/{lab.name}/{lab.name}.ipynb. "
            "Give the folder with --submitted DIR"
        )
    with contextlib.ExitStack() as held:
        held.enter_context(alone(course))
        held.enter_context(stoppable(course))
        if scheduler is None and warm is None:
            count = min(_processes.cores() if workers is None else workers, len(found))
            if count:
                fresh = Warm(lab, count, fenced=fenced, figures=figures, limits=limits, preload=preload)
                warm = held.enter_context(fresh)
        notebook = warm.notebook if warm is not None else _source(lab)
        job = _job(lab, notebook, course, limits or Limits(), fenced, figures, preload, warm)
        key = job.key()
        saved = Saved(course.folder / ".scratch" / "outcomes" / lab.name, key, resume)
        _tell_of_earlier(saved, lab.name, len(found), log)
        result = ClassResult(lab.name, sandbox=fenced)
        with contextlib.ExitStack() as recording:
            recorder: Recorder | None = None

            def record() -> Recorder:
                """The writer; on first use the gradebook learns of the lab."""
                nonlocal recorder
                if recorder is None:
                    _register(lab, notebook, course)
                    recorder = recording.enter_context(Recorder(course, lab.name, fenced))
                return recorder

            for student, path, text in _graded(found, job, key, saved, workers, scheduler, warm, record):
                graded = Graded.parse(text)
                for line in graded.log:
                    log(line)
                if is_id(student):
                    record().record(student, graded.notebook, graded.outcome, timestamp(path))
                result.outcomes[student] = graded.outcome
                progress(len(result.outcomes), len(found), student, graded.outcome)
            record()  # also where nothing could be recorded
        result.outcomes = {student: result.outcomes[student] for student, _ in found}
        result.max = max(outcome.max for outcome in result.outcomes.values())
        result.faults = [_fault(s, p.relative_to(submitted), result.outcomes[s]) for s, p in found if _lost(result, s)]
        result.faults += [
            f"{s}: {p.relative_to(submitted).parent}/{said}" for s, p in found if (said := stamp_fault(p))
        ]
        result.manual = {s: m for s, m in course.manual_marks(lab.name).items() if s in result.outcomes}
        (course.folder / "grades.csv").write_text(result.to_csv())
        saved.clear()
    return result


def _source(lab: Lab) -> Any:
    from ntklab.authoring import source_notebook

    return source_notebook(lab.source)


def _job(
    lab: Lab,
    notebook: Any,
    course: Course,
    limits: Limits,
    fenced: bool,
    figures: bool,
    preload: tuple[str, ...] | None,
    warm: Warm | None,
) -> Job:
    """All that the lab's graders need."""
    if preload is None:
        preload = preload_for(code_of(notebook, figures))  # with the solutions: most answers will use the same
    library = "" if warm is None else str(warm.folder.path)
    master = nbformat.writes(master_notebook(notebook))
    job = Job(lab.name, master, course_secret(course.folder), limits, fenced, figures, preload, library)
    work.check(job)
    return job


def _register(lab: Lab, notebook: Any, course: Course) -> None:
    """Make the lab known to the gradebook."""
    from ntklab.authoring import notebook_bytes

    if course.db_url.startswith("sqlite:///"):
        new_gradebook(Path(course.db_url.removeprefix("sqlite:///")))
    built = course.source / lab.name / f"{lab.name}.ipynb"
    built.parent.mkdir(parents=True, exist_ok=True)
    built.write_bytes(notebook_bytes(notebook))
    course.register(lab.name)


def _graded(
    found: list[tuple[str, Path]],
    job: Job,
    key: str,
    saved: Saved,
    workers: int | None,
    scheduler: str | None,
    warm: Warm | None,
    meanwhile: Callable[[], Any],
) -> Iterator[tuple[str, Path, str]]:
    """Every student with what grading has said: first what was saved before, then as the workers answer.

    ``meanwhile`` is called when every worker has something to do.
    """
    places, missing = dict(found), list[str]()
    for student, path in found:
        text = saved.get(read(student, path))
        if text is None:
            missing.append(student)
        else:
            yield student, path, text
    if not missing:
        return
    pool: contextlib.AbstractContextManager[Executor]
    if scheduler is not None:
        pool, ahead = executor(workers, scheduler), 32
    elif warm is not None:
        pool, ahead = warm.workers(), 2 * warm.count
    else:
        pool, ahead = _Here(), 1
    asked: dict[str, Submission] = {}

    def tasks() -> Iterator[tuple[str, tuple[Job, str, Submission]]]:
        for number, student in enumerate(missing):
            if number == ahead // 2:
                meanwhile()
            asked[student] = read(student, places[student])
            yield student, (job, key, asked[student])

    with pool as executing:
        for student, text in results(executing, work.grade_one, tasks(), ahead):
            if isinstance(text, TaskDied):
                refused = Submission(asked[student].name, None, _DEADLY, "partial")
                text = executing.submit(work.grade_one, job, key, refused).result()
            saved.put(asked.pop(student), text)
            yield student, places[student], text
    folders.sweep("ntklab-library-")  # of workers that were killed


class _Here(Executor):
    """No workers: every call runs in this process, at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        work.close()


def _lost(result: ClassResult, student: str) -> bool:
    return result.outcomes[student].status != "graded"


def _fault(student: str, path: Path, outcome: Outcome) -> str:
    """One line: student, file, what happened, what to do."""
    if not is_id(student):
        return f"{student}: {outcome.reason}; rename the folder, then grade again"
    return f"{student}: {path}: {outcome.reason}; {_REMEDY[outcome.status]}"


def _tell_of_earlier(saved: Saved, lab: str, total: int, log: Callable[[str], None]) -> None:
    count = len(saved)
    if count and saved.resume:
        log(f"going on: {count} submissions were computed before the interruption")
    elif count:
        log(
            f"an earlier run of {lab} was interrupted after {count} of {total} submissions; this one begins afresh. "
            "To go on from there, stop it now (Ctrl-C) and add --resume"
        )


__all__ = ["ClassResult", "CourseError", "GradingStopped", "grade_class", "submissions"]
