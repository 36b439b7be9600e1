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
    from ntklab.grading.work import without_address_grammar

    without_address_grammar()
    from ntklab.cli._progress import Progress
    from ntklab.grading.batch import GradingStopped, grade_class
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.sandbox import SandboxUnavailable

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    submitted = (args.submitted or course.folder / "submitted").resolve()

    progress = Progress()

    def log(line: str) -> None:
        progress.say(f"ntklab: {line}")

    try:
        result = grade_class(
            lab,
            course,
            submitted,
            fenced=not args.no_sandbox,
            figures=args.figures,
            workers=args.workers,
            scheduler=args.scheduler,
            resume=args.resume,
            progress=progress,
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
