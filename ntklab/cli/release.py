"""``ntklab release``: the zip file that students get."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root, shown

HELP = "one zip file for students: notebooks without solutions and hidden tests, the library, a README"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("labs", nargs="+", metavar="LAB", help="labs to hand out, such as lab03")
    parser.add_argument("--out", type=Path, metavar="FILE.zip", required=True, help="where to write")
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    lacking = [tool for tool in ("nbgrader", "jupytext") if importlib.util.find_spec(tool) is None]
    if lacking:
        raise UsageError(f"releasing needs {lacking[0]}: pip install 'ntklab[instructor]'")
    root = find_root()
    labs = list({lab.name: lab for lab in (find_lab(name, root) for name in args.labs)}.values())
    from ntklab.grading.gradebook import Course, CourseError
    from ntklab.grading.late import policy, terms
    from ntklab.grading.release import TOP, release

    course = Course((args.course or root / "course").resolve(), (root / "build" / "source").resolve())
    try:
        late = policy(course.config())
    except CourseError as problem:
        raise UsageError(str(problem)) from problem
    data, problems = release(labs, {lab.name: said for lab in labs if (said := terms(late, lab.name))})
    if not problems:
        try:
            args.out.write_bytes(data)
        except OSError as error:
            raise UsageError(f"{args.out} cannot be written ({error.strerror}): give another with --out") from None
    names = [lab.name for lab in labs]
    if args.json:
        file = None if problems else str(args.out)
        print(json.dumps({"ok": not problems, "labs": names, "file": file, "problems": problems}, indent=2))
    elif not problems:
        print(f"{shown(args.out)}: {', '.join(names)}; {len(data) / 1024:.0f} kB, unpacks to {TOP}/")
    if problems:
        print(f"ntklab: nothing is written; {len(problems)} problems:", file=sys.stderr)
        for line in problems:
            print(f"  {line}", file=sys.stderr)
        return 1
    return 0
