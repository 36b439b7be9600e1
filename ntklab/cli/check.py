"""``ntklab check``: grade one's own notebook, as the grader would."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from ntklab._course import Lab, UsageError, find_lab, find_root

HELP = "run the tests on your own notebook and say what is right and what is not"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "notebook", metavar="LAB|NOTEBOOK", help="a lab's name (checks assignments/LAB) or a .ipynb file"
    )
    parser.add_argument("--exercise", metavar="E", help="check this exercise only")
    parser.add_argument("--no-sandbox", action="store_true", help="run your code unfenced")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    path, lab = _locate(args.notebook)
    from ntklab.grading.grader import Grader
    from ntklab.grading.limits import Limits
    from ntklab.grading.sandbox import SandboxUnavailable, bubblewrap_command

    fenced = not args.no_sandbox
    if fenced:
        try:
            bubblewrap_command(Path("/"), Limits())
        except SandboxUnavailable as missing:
            print(f"ntklab: checking without a sandbox: {missing}", file=sys.stderr)
            fenced = False
    source, secret, complete = _tests(lab, path)
    names = _exercises(source)
    if args.exercise and args.exercise not in names:
        import difflib

        near = difflib.get_close_matches(args.exercise, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
        raise UsageError(f"{lab.name} has no exercise {args.exercise!r}: {hint}")
    try:
        with Grader(lab.name, source, secret, fenced=fenced, only=args.exercise, visible_only=not complete) as grader:
            _, outcome = grader.grade_file(path)
    except SandboxUnavailable as problem:
        raise UsageError(str(problem)) from problem
    if not complete and outcome.status == "graded":
        outcome.reason = "visible tests only: the hidden ones run when it is graded"
    _show(args, lab, outcome)
    passed = outcome.status == "graded" and all(e.diagnosis is None for e in outcome.exercises.values())
    return 0 if passed else 1


def _show(args: argparse.Namespace, lab: Lab, outcome: Any) -> None:
    if args.json:
        public = outcome.public()
        value = {"score": public["score"], "max": public["max"], "manual": {"score": None, "max": 0.0}, **public}
        print(json.dumps(value, indent=2))
        return
    if outcome.status == "unreadable":
        print(f"{outcome.reason}")
        return
    # in a student's folder there is no course to find the lab in by name
    which = lab.name if lab.source.is_file() or lab.assignment.is_file() else args.notebook
    for name, result in outcome.exercises.items():
        if result.diagnosis is None:
            print(f"  ✓ {name}: {result.score:g} of {result.max:g} points")
        else:
            print(f"  ✗ {name}: {result.diagnosis}")
            print(f"      (next: ntklab hint {which} {name})")
    print(f"{outcome.score:g} of {outcome.max:g} points" + (f" ({outcome.reason})" if outcome.reason else ""))


def _locate(name: str) -> tuple[Path, Lab]:
    """The notebook to check and the lab it belongs to."""
    if not name.endswith(".ipynb"):
        lab = find_lab(name)
        if not lab.assignment.is_file():
            raise UsageError(f"there is no {lab.assignment}: run `ntklab build {lab.name}` first")
        return lab.assignment, lab
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"there is no file {name}")
    lab_name = _lab_of(path)
    root = path.resolve().parent
    try:
        return path, find_lab(lab_name, find_root(root))
    except UsageError:
        try:
            return path, find_lab(lab_name)
        except UsageError:
            return path, Lab(lab_name, root)


def _lab_of(path: Path) -> str:
    """The lab's name, from the notebook's metadata, its call of ``lab.start``, or the file's name."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        name = json.loads(text)["metadata"]["ntklab"]["lab"]
    except (ValueError, RecursionError, KeyError, TypeError):
        name = None
    match = re.search(r"lab\.start\(\\?[\"']([\w-]+)", text)
    return name if isinstance(name, str) else match[1] if match else path.stem


def _tests(lab: Lab, path: Path) -> tuple[Any, bytes, bool]:
    """The notebook that holds the tests, a seed, and whether the hidden tests are there.

    In a clone they come from the lab's source; in a student's folder only the visible tests are at hand.
    """
    import secrets

    if lab.source.is_file():
        try:
            from ntklab.authoring import source_notebook

            return source_notebook(lab.source), secrets.token_bytes(32), True
        except ImportError:
            pass  # no jupytext: a student's installation
    import nbformat

    from ntklab.grading.rebuild import Unreadable, read_submission

    released = lab.assignment if lab.assignment.is_file() else path
    try:
        read_submission(released)
    except Unreadable as problem:
        raise UsageError(f"{problem}") from problem
    return nbformat.read(released, as_version=4), secrets.token_bytes(32), False


def _exercises(notebook: Any) -> list[str]:
    return [
        cell.metadata["ntklab"]["exercise"]
        for cell in notebook.cells
        if cell.metadata.get("ntklab", {}).get("role") == "answer"
    ]
