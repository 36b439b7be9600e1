"""``ntklab report``: one HTML page about a graded class."""

from __future__ import annotations

import argparse
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root, shown

HELP = "one HTML page: distribution, success by exercise, common diagnoses, who needs a human"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(args.lab, root)
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.report import write_report

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    try:
        print(shown(write_report(course, lab.name)))
    except CourseError as problem:
        raise UsageError(str(problem)) from problem
    return 0
