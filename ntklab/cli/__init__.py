"""The command line: ``ntklab VERB``. Exit codes: 0 ok, 1 checks failed, 2 usage.

One module per verb, each with ``HELP``, ``add_arguments(parser)`` and ``run(args) -> int``; heavy imports happen inside
``run``. An error is one line on stderr that ends in the next step; ``--debug`` shows the traceback.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import re
import sys

from ntklab._course import UsageError
from ntklab._imports import without_address_grammar

# each a module of this package
VERBS = (
    "doctor",
    "check",
    "hint",
    "reset",
    "status",
    "build",
    "release",
    "collect",
    "grade",
    "feedback",
    "report",
    "export",
    "figure",
    "demo",
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        wrong = re.search(r"argument VERB: invalid choice: '([^']*)'", message)
        if wrong:
            near = difflib.get_close_matches(wrong[1], VERBS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(VERBS)}"
            raise UsageError(f"there is no verb {wrong[1]!r}: {hint}")
        raise UsageError(f"{message} (see {self.prog} --help)")


def parser() -> argparse.ArgumentParser:
    """The parser with every verb."""
    top = _Parser(prog="ntklab", description="Labs on the neural tangent kernel: build, check, grade, draw.")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)
    for verb in VERBS:
        module = importlib.import_module(f"ntklab.cli.{verb}")
        sub = verbs.add_parser(verb, help=module.HELP, description=module.HELP)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    debug = "--debug" in (sys.argv[1:] if argv is None else argv)
    without_address_grammar()
    try:
        args = parser().parse_args(argv)
        return args.run(args)
    except UsageError as error:
        if debug:
            raise
        print(f"ntklab: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("ntklab: stopped", file=sys.stderr)
        return 130
