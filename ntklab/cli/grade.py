"""``ntklab grade``: a class of submissions into the gradebook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root

HELP = "grade every submission of a lab into gradebook.db and grades.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument(
        "--submitted", type=Path, metavar="DIR", help="submissions, DIR/ID/LAB/LAB.ipynb (default: course/submitted)"
    )
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")
    parser.add_argument("--figures", action="store_true", help="run figure and GPU cells too")
    parser.add_argument(
        "--no-sandbox", action="store_true", help="run student code unfenced; every report then says so"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(args.lab, root)
    from ntklab.grading.batch import grade_class
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.results import Outcome
    from ntklab.grading.sandbox import SandboxUnavailable

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    submitted = (args.submitted or course.folder / "submitted").resolve()

    def progress(done: int, total: int, student: str, outcome: Outcome) -> None:
        note = "" if outcome.status == "graded" else f"  {outcome.status}: {outcome.reason}"
        print(f"[{done}/{total}] {student}  {outcome.score:g}/{outcome.max:g}{note}", file=sys.stderr)

    def log(line: str) -> None:
        print(f"ntklab: {line}", file=sys.stderr)

    try:
        result = grade_class(
            lab, course, submitted, fenced=not args.no_sandbox, figures=args.figures, progress=progress, log=log
        )
    except (SandboxUnavailable, CourseError) as problem:
        raise UsageError(str(problem)) from problem
    if args.json:
        print(json.dumps(result.to_json(), indent=2))
    else:
        print(f"{len(result.outcomes)} graded; scores in {course.folder / 'gradebook.db'} and grades.csv")
        print(f"next: ntklab feedback {lab.name}; ntklab report {lab.name}")
    if result.faults:
        print(f"ntklab: {len(result.faults)} of {len(result.outcomes)} submissions lost something:", file=sys.stderr)
        for line in result.faults:
            print(f"  {line}", file=sys.stderr)
        return 1
    return 0
