"""``ntklab hint``: the next hint for an exercise."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

HELP = "show the next hint for an exercise: concept, then formula and shapes, then near-code"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("lab", metavar="LAB", help="a lab, such as lab03, or the path of a notebook")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's name, such as relu_kappa")
    parser.add_argument("--all", action="store_true", help="all hints at once")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the hint and remember that it was given."""
    from ntklab.lab import hints, notebooks

    notebook = notebooks.find(args.lab)
    if args.all:
        rungs = hints.hints_of(notebook, args.exercise)
        shown = [hints.Hint(text, number, len(rungs)) for number, text in enumerate(rungs, 1)]
        text = "\n\n".join(rungs)
    else:
        shown = [hints.next_hint(notebook, args.exercise)]
        text = str(shown[0])
    if args.json:
        text = json.dumps({"exercise": args.exercise, "hints": [asdict(hint) for hint in shown]}, indent=1)
    print(text)
    return 0
