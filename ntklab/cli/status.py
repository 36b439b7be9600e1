"""``ntklab status``: how far one's own notebooks are."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ntklab import _course

HELP = "show which exercises are begun and whose visible tests passed when they last ran"

_WORDS = {
    "untouched": "not begun",
    "unknown": "begun; run its test cell",
    "failing": "visible tests fail",
    "passing": "visible tests pass",
    "missing": "its cell is gone: download the lab again",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs, or paths of notebooks (default: every lab here)")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Read the notebooks, without running anything, and print a table."""
    from ntklab.lab import hints, notebooks

    report: dict[str, Any] = {}
    for path in [notebooks.find(name) for name in args.labs] or _all():
        used = hints.used_hints(path)
        rows = notebooks.progress(notebooks.read(path))
        report[path.stem] = [{**row, "hints_used": used.get(row["exercise"], 0)} for row in rows]
    if args.json:
        print(json.dumps(report, indent=1))
        return 0
    for lab, rows in report.items():
        passing = sum(row["state"] == "passing" for row in rows)
        print(f"{lab}: {passing} of {len(rows)} exercises pass their visible tests")
        for row in rows:
            counted = f" ({row['passed']} of {row['total']})" if row["total"] else ""
            hinted = f", {row['hints_used']} hints" if row["hints_used"] else ""
            print(f"  {row['exercise']:<26} {row['points']:>2} points  {_WORDS[row['state']]}{counted}{hinted}")
    return 0


def _all() -> list[Path]:
    root = _course.find_root()
    found = sorted((root / "assignments").glob("lab*/lab*.ipynb"))
    paths = [path for path in found if path.stem == path.parent.name]
    if not paths:
        raise _course.UsageError(f"there is no notebook under {root / 'assignments'}: run ntklab build")
    return paths
