"""``ntklab doctor``: what this machine can do."""

from __future__ import annotations

import argparse
import json

HELP = "check this machine: Python, packages, kernel, sandbox, limits, accelerator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from ntklab.grading.doctor import as_json, examine

    checks = examine()
    if args.json:
        print(json.dumps(as_json(checks), indent=2))
    else:
        for check in checks:
            print(f"{'✓' if check.ok else '✗'} {check.name}: {check.found}")
            if check.fix:
                print(f"    fix: {check.fix}")
    return 0 if all(check.ok for check in checks) else 1
