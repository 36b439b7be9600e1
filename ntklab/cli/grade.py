"""``ntklab grade``: a class of submissions into the gradebook."""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from ntklab._course import Lab, UsageError, find_lab, find_root

HELP = "grade every submission of a lab into gradebook.db and grades.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument(
        "--submitted", type=Path, metavar="DIR", help="submissions, DIR/ID/LAB/LAB.ipynb (default: course/submitted)"
    )
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes that grade (default: one per core)")
    parser.add_argument(
        "--scheduler", metavar="ADDR", help="grade on the Dask cluster whose scheduler is at ADDR, as tcp://host:8786"
    )
    parser.add_argument("--resume", action="store_true", help="go on from where an interrupted run was")
    parser.add_argument("--figures", action="store_true", help="run figure and GPU cells too")
    parser.add_argument(
        "--no-sandbox", action="store_true", help="run student code unfenced; every report then says so"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    if args.workers is not None and args.workers < 0:
        raise UsageError(f"--workers {args.workers}: there can be no fewer than 0 (0 grades without worker processes)")
    if args.workers is not None and args.scheduler is not None:
        raise UsageError("a scheduler has its own workers: give --workers or --scheduler, not both")
    root = find_root()
    lab = find_lab(args.lab, root)
    course = (args.course or root / "course").resolve()
    submitted = (args.submitted or course / "submitted").resolve()
    gc.disable()  # until everything is imported: it stays, and looking through it takes a second
    with _warm(args, lab, submitted) as warm:
        return _grade(args, root, lab, course, submitted, warm)


def _warm(args: argparse.Namespace, lab: Lab, submitted: Path) -> Any:
    """Workers and sandbox warm up while this process imports nbgrader."""
    from ntklab import _processes
    from ntklab.grading.bubblewrap import SandboxUnavailable
    from ntklab.grading.warm import Warm

    count = min(
        _processes.cores() if args.workers is None else args.workers, len(list(submitted.glob(f"*/{lab.name}")))
    )
    if not count or args.scheduler is not None:
        return contextlib.nullcontext()
    try:
        return Warm(lab, count, fenced=not args.no_sandbox, figures=args.figures)
    except SandboxUnavailable as problem:
        raise UsageError(str(problem)) from problem


def _grade(args: argparse.Namespace, root: Path, lab: Lab, folder: Path, submitted: Path, warm: Any) -> int:
    from ntklab.cli._progress import Progress
    from ntklab.grading.batch import GradingStopped, grade_class
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.sandbox import SandboxUnavailable

    gc.freeze()
    gc.enable()
    course = Course(folder, (root / "build" / "source").resolve())
    progress = Progress()
    pressed = list[int]()

    def step(*done: Any) -> None:
        if pressed:  # at a moment when nothing could be raised
            raise KeyboardInterrupt
        progress(*done)

    def log(line: str) -> None:
        progress.say(f"ntklab: {line}")

    try:
        with _ctrl_c(pressed):
            result = grade_class(
                lab,
                course,
                submitted,
                fenced=not args.no_sandbox,
                figures=args.figures,
                workers=args.workers,
                scheduler=args.scheduler,
                resume=args.resume,
                warm=warm,
                progress=step,
                log=log,
            )
    except GradingStopped as problem:
        progress.end()
        print(f"ntklab: {problem}", file=sys.stderr)
        return 1
    except (SandboxUnavailable, CourseError) as problem:
        progress.end()
        raise UsageError(str(problem)) from problem
    except KeyboardInterrupt:
        progress.end()
        print("ntklab: stopped. What is graded is kept: --resume goes on from there", file=sys.stderr)
        return 130
    if args.json:
        print(json.dumps(result.to_json(), indent=2))
    else:
        print(f"{len(result.outcomes)} graded; scores in {course.gradebook_name} and grades.csv")
        print(f"next: ntklab feedback {lab.name}; ntklab report {lab.name}")
    if result.faults:
        print(f"ntklab: {len(result.faults)} of {len(result.outcomes)} submissions lost something:", file=sys.stderr)
        for line in result.faults:
            print(f"  {line}", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _ctrl_c(pressed: list[int]) -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt and is noted in ``pressed``; only noted where Python would drop the error."""

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if frame is None or frame.f_globals.get("__name__") not in ("weakref", "_weakrefset"):  # callbacks
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only that one hears of it
        yield
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
