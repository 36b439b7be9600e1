"""``ntklab demo``: the main job for real, from a lab's source to a graded class and a figure."""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ntklab._course import UsageError, find_lab, find_root

HELP = "build lab 3, grade a sample class of ten in the sandbox, draw a figure, and say where everything lies"
LAB = "lab03-two-layer-ntk"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: build/demo)")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(LAB, root)
    out = (args.out or root / "build" / "demo").resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)

    from ntklab.authoring.build import build, write
    from ntklab.grading.batch import grade_class
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.report import write_report
    from ntklab.grading.sample import write_sample_class
    from ntklab.grading.sandbox import SandboxUnavailable

    started = time.monotonic()
    built = _step(f"build {lab.name} from its source", lambda: build(lab))
    write(built)
    course = Course(out / "course", root / "build" / "source")
    _step(
        "write a sample class on it",
        lambda: write_sample_class(built.source, root / "tests" / "submissions", lab.name, out / "submitted"),
    )
    try:
        result = _step(
            "grade the class in the sandbox, through nbgrader",
            lambda: grade_class(lab, course, out / "submitted"),
        )
    except (SandboxUnavailable, CourseError) as problem:
        raise UsageError(str(problem)) from problem
    _step("write the feedback pages", lambda: course.generate_feedback(lab.name))
    report = _step("write the class page", lambda: write_report(course, lab.name))
    figure = out / "finite-width.png"
    _step("draw the way from finite width to the formula, on digits", lambda: _draw(figure))

    names = list(next(iter(result.outcomes.values())).exercises)
    print()
    print(f"{'submission':<22}{'score':>7}  {'':<{len(names)}}  status")
    for student, outcome in result.outcomes.items():
        marks = "".join("●" if outcome.exercises[name].diagnosis is None else "·" for name in names)
        note = outcome.status if outcome.status == "graded" else f"{outcome.status}: {outcome.reason}"
        print(f"{student:<22}{outcome.score:>4g}/{outcome.max:<2g}  {marks}  {note[:90]}")
    print(f"\n● solved, · not, in the order {', '.join(names)}\n")
    for what, where in (
        ("student notebook", lab.assignment),
        ("gradebook", course.folder / "gradebook.db"),
        ("scores", course.folder / "grades.csv"),
        ("feedback pages", course.folder / "feedback"),
        ("class page", report),
        ("figure", figure),
    ):
        print(f"{what:<17} {_short(where, root)}")
    print(f"\ndone in {time.monotonic() - started:.0f} s")
    return 0


def _step(what: str, job: Callable[[], Any]) -> Any:
    print(f"{what} … ", end="", flush=True)
    started = time.monotonic()
    value = job()
    print(f"{time.monotonic() - started:.1f} s", flush=True)
    return value


def _draw(path: Path) -> None:
    from ntklab import experiments, plots

    plots.finite_width(experiments.finite_width()).savefig(path)


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
