"""``ntklab reset``: put an exercise's stub back into the student's notebook."""

from __future__ import annotations

import argparse
import json

HELP = "put an exercise back to its stub in your notebook, keeping a backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("lab", metavar="LAB", help="a lab, such as lab03, or the path of a notebook")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's name, such as relu_kappa")
    parser.add_argument("--json", action="store_true", help="tell the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Reset the exercise and say where the old notebook lies."""
    from ntklab.lab import notebooks

    notebook = notebooks.find(args.lab)
    backup = notebooks.reset(notebook, args.exercise)
    if args.json:
        print(json.dumps({"exercise": args.exercise, "notebook": str(notebook), "backup": str(backup)}, indent=1))
        return 0
    print(f"{args.exercise} is back to its stub in {notebook}; your work until now is in {backup}")
    print("If the notebook is open, reload it from disk (File → Reload) before you go on.")
    return 0
