"""``ntklab build``: student and solution notebooks from the labs' sources."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ntklab import _course
from ntklab._course import Lab

HELP = "build the student notebooks (with --execute also the solution notebooks) from the labs' sources"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to build, such as lab03 (default: all)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a committed notebook is not current"
    )
    parser.add_argument(
        "--execute", action="store_true", help="run each lab and write its solution notebook with figures"
    )
    parser.add_argument("--pictures", action="store_true", help="run each lab and draw its expected pictures anew")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Build every lab; one that is wrong does not stop the others."""
    lacking = [tool for tool in ("nbgrader", "jupytext", "nbclient") if importlib.util.find_spec(tool) is None]
    if lacking:
        raise _course.UsageError(f"building needs {lacking[0]}: pip install 'ntklab[instructor]'")
    root = _course.find_root()
    names = args.labs or _course.labs(root)
    if not names:
        raise _course.UsageError(f"there is no lab under {root / 'solutions'}: add solutions/LAB/LAB.py")
    labs = [_course.find_lab(name, root) for name in names]  # an unknown name stops before any work
    results = {lab.name: _one(lab, args, _say(args.json)) for lab in labs}
    good = not any(result["problems"] for result in results.values())
    if args.json:
        print(json.dumps({"ok": good, "labs": results}, indent=1))
    return 0 if good else 1


def _say(silent: bool) -> Callable[[str], None]:
    return (lambda line: None) if silent else (lambda line: print(line, flush=True))


def _one(lab: Lab, args: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    """Build one lab and tell what was written and what is wrong."""
    from ntklab.authoring import AuthoringError, build

    written: list[Path] = []
    problems: list[str] = []
    try:
        if args.pictures and not args.check:
            written += build.draw_pictures(lab)
        built = build.build(lab)
        problems += build.check(built)
        if args.check:
            problems += build.stale(built)
        elif not problems:  # what leaks or lacks something is not written
            written += build.write(built)
            if args.execute:
                written.append(build.execute(built))
    except AuthoringError as error:
        problems.append(str(error))
    files = [path.relative_to(lab.root).as_posix() for path in written]
    for file in files:
        say(f"{lab.name}: wrote {file}")
    for problem in problems:
        say(f"{lab.name}: ✗ {problem}")
    if not problems and args.check:
        say(f"{lab.name}: what is committed is current")
    return {"written": files, "problems": problems}
