"""``ntklab hint``: the next hint for an exercise."""

from __future__ import annotations

import argparse

HELP = "show the next hint for an exercise: concept, then formula and shapes, then near-code"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("lab", metavar="LAB", help="a lab, such as lab03, or the path of a notebook")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's name, such as relu_kappa")
    parser.add_argument("--all", action="store_true", help="all hints at once")


def run(args: argparse.Namespace) -> int:
    """Print the hint and remember that it was given."""
    from ntklab.lab import hints, notebooks

    notebook = notebooks.find(args.lab)
    if args.all:
        print("\n\n".join(hints.hints_of(notebook, args.exercise)))
    else:
        print(hints.next_hint(notebook, args.exercise))
    return 0
