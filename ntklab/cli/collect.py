"""``ntklab collect``: submissions from an LMS's zip file into the course."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ntklab._course import UsageError, find_lab, find_root, shown

HELP = "take the notebooks out of Canvas's or Moodle's zip file of submissions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", help="the lab's name; its number is enough: lab03")
    parser.add_argument("--zip", type=Path, metavar="FILE", required=True, help="the LMS's download of all submissions")
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="class list: Canvas's gradebook export, Moodle's worksheet, any CSV"
    )
    parser.add_argument("--id", metavar="COLUMN", help="the roster's column of ids (default: the first that fits)")
    parser.add_argument(
        "--timezone", default="UTC", metavar="ZONE", help="of the times in Moodle's worksheet, such as Europe/Paris"
    )
    parser.add_argument(
        "--submitted", type=Path, metavar="DIR", help="where to: DIR/ID/LAB/LAB.ipynb (default: course/submitted)"
    )
    parser.add_argument("--course", type=Path, metavar="DIR", help="nbgrader's course folder (default: course/)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    root = find_root()
    lab = find_lab(args.lab, root)
    from ntklab.grading.collect import collect
    from ntklab.grading.roster import read_roster

    submitted = (args.submitted or (args.course or root / "course") / "submitted").resolve()
    roster = None if args.roster is None else read_roster(args.roster, args.id)
    try:
        result = collect(args.zip, lab.name, submitted, roster, args.timezone)
    except OSError as error:
        raise UsageError(
            f"{submitted} cannot be written ({error.strerror}): give another with --submitted DIR"
        ) from None
    if args.json:
        print(json.dumps(result.to_json(), indent=2))
    else:
        counts = {kind: sum(t.status == kind for t in result.students.values()) for kind in
                  ("new", "replaced", "unchanged", "kept")}  # fmt: skip
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
        print(
            f"{len(result.students)} submission{'s' * (len(result.students) != 1)} in {shown(submitted)}"
            + (f": {told}" if told else "")
        )
        for note in result.notes:
            print(f"note: {note}")
        if result.students:
            print(f"next: ntklab grade {lab.name}")
    if result.faults:
        print(f"ntklab: {len(result.faults)} fault{'s' * (len(result.faults) != 1)}:", file=sys.stderr)
        for line in result.faults:
            print(f"  {line}", file=sys.stderr)
        return 1
    return 0
