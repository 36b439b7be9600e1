"""``ntklab export``: grades for Canvas, for Moodle, or as a plain table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root, shown

HELP = "grades as Canvas and Moodle import them: marks by hand and late points included"
TARGETS = ("csv", "canvas", "moodle")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument("--to", choices=TARGETS, default="csv", help="who reads it (default: csv)")
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="class list: Canvas's gradebook export, Moodle's worksheet, any CSV"
    )
    parser.add_argument("--id", metavar="COLUMN", help="the roster's column of ids (default: the first that fits)")
    parser.add_argument("--assignment", metavar="NAME", help="the column's name there, such as 'Lab 3 (4711)'")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write (default: export-LAB-TO.csv in the course)"
    )
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(args.lab, root)
    if args.to != "csv" and args.roster is None:
        where = {"canvas": "Canvas: Grades, Export", "moodle": "Moodle: the assignment, Download grading worksheet"}
        raise UsageError(f"--to {args.to} needs the class list: --roster FILE ({where[args.to]})")
    from ntklab.grading.export import export
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.roster import read_roster

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    roster = None if args.roster is None else read_roster(args.roster, args.id)
    try:
        result = export(course, lab.name, args.to, roster, args.assignment)
    except CourseError as problem:
        raise UsageError(str(problem)) from problem
    path = (args.out or course.folder / f"export-{lab.name}-{args.to}.csv").resolve()
    try:
        path.write_text(result.csv(), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give another with --out FILE") from None
    if args.json:
        print(json.dumps(result.to_json(path), indent=2))
    else:
        skipped = 2 if args.to == "canvas" else 1
        print(f"{len(result.table) - skipped} students in {shown(path)}")
        for note in result.notes:
            print(f"note: {note}")
    if result.faults:
        print(f"ntklab: {len(result.faults)} fault{'s' * (len(result.faults) != 1)}:", file=sys.stderr)
        for line in result.faults:
            print(f"  {line}", file=sys.stderr)
        return 1
    return 0
