"""``ntklab reset``: put an exercise's stub back into the student's notebook."""

from __future__ import annotations

import argparse

HELP = "put an exercise back to its stub in your notebook, keeping a backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("lab", metavar="LAB", help="a lab, such as lab03, or the path of a notebook")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's name, such as relu_kappa")


def run(args: argparse.Namespace) -> int:
    """Reset the exercise and say where the old notebook lies."""
    from ntklab.lab import notebooks

    notebook = notebooks.find(args.lab)
    backup = notebooks.reset(notebook, args.exercise)
    print(f"{args.exercise} is back to its stub in {notebook}; your work until now is in {backup}")
    print("If the notebook is open, reload it from disk (File → Reload) before you go on.")
    return 0
