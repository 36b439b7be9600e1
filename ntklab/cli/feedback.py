"""``ntklab feedback``: the pages students get back."""

from __future__ import annotations

import argparse
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root, shown

HELP = "write the HTML feedback of a graded lab: points, diagnosis, next hint"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument("--student", metavar="ID", help="of one student only")
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(args.lab, root)
    from ntklab.grading.gradebook import Course, CourseError

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    pattern = f"{args.student or '*'}/{lab.name}/{lab.name}.ipynb"
    if not list((course.folder / "autograded").glob(pattern)):
        raise UsageError(f"nothing of {lab.name} is graded in {course.folder}: run `ntklab grade {lab.name}` first")
    try:
        course.generate_feedback(lab.name, args.student)
    except CourseError as problem:
        raise UsageError(str(problem)) from problem
    pages = sorted((course.folder / "feedback").glob(f"{args.student or '*'}/{lab.name}/*.html"))
    print(f"{len(pages)} pages in {shown(course.folder / 'feedback')}")
    return 0
