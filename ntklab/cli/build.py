"""``ntklab build``: student and solution notebooks from the labs' sources."""

from __future__ import annotations

import argparse
import sys

from ntklab import _course

HELP = "build the student notebooks (and, with --execute, the solution notebooks) from the labs' sources"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to build (default: all)")


def run(args: argparse.Namespace) -> int:
    from ntklab.authoring import build

    root = _course.find_root()
    for name in args.labs or _course.labs(root):
        built = build.build(_course.find_lab(name, root))
        for path in build.write(built):
            print(path.relative_to(root))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    sys.exit(run(parser.parse_args()))
