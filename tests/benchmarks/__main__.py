"""``python -m tests.benchmarks``: print the table, write it as JSON and as figures."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from . import jobs, report
from .measure import ROOT, Row, time_limit

LIMIT = 300  # seconds for one job, unless --large: none takes half of it on two free cores


def main(argv: list[str] | None = None) -> int:
    known = jobs.load()
    options = _options([*known, "peers"], argv)
    size = jobs.Size("quick" if options.quick else "large" if options.large else "full")
    out = options.out / "quick" if options.quick else options.out
    if options.peers:
        from .peers import against_peers

        title = "The Gram job against other packages, float64"
        known = {"peers": jobs.Job("peers", title, against_peers(options.peers)), **known}
    chosen = {name: known[name] for name in options.only or known if name in known}
    if missing := set(options.only) - set(chosen):
        print(f"{', '.join(missing)} needs --peers PYTHON; run: make bench-peers", file=sys.stderr)
        return 2

    here = report.machine()
    print(f"{here['processor']}, {here['cores']} cores, {here['threads']} threads, load {here['load']}")
    print("ratios are medians over rounds in turns [quartiles]; seconds and bytes are context", flush=True)
    if here["load"] > 0.5:
        print(
            f"CAUTION: other work is running (load {here['load']}): threads that wait for a busy core spoil the ratios"
        )
    print(flush=True)
    entries: dict[str, dict[str, Any]] = {}
    failed = []
    for name, job in chosen.items():
        start = time.perf_counter()
        try:
            with time_limit(options.limit or (None if options.large else LIMIT)):
                rows = job.run(size)
        except Exception as problem:  # one job's failure must not cost the others' results
            failed.append(name)
            traceback.print_exc()
            what = str(problem).splitlines() or [type(problem).__name__]
            rows = [Row(f"FAILED: {what[0]}", float("nan"), "")]
        print("\n".join(report.lines(f"{job.title}  ({name})", rows, judged=size.name != "quick")), flush=True)
        took = round(time.perf_counter() - start, 1)
        entries[name] = {"title": job.title, "size": size.name, "took": took, "machine": here, "rows": rows}
        everything = report.save(out / "results.json", {name: entries[name]})

    report.draw_ratios(everything, out / "performance-ratios.png")
    report.draw_scaling(everything, out / "performance-scaling.png")
    if options.publish:
        report.publish(everything, out, ROOT / "course")
    print(f"\nwritten: {out / 'results.json'} and figures beside it; {sum(e['took'] for e in entries.values()):.0f} s")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _options(names: list[str], argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, to see that all runs; targets are not judged"
    )
    parser.add_argument("--large", action="store_true", help="also what takes tens of minutes")
    parser.add_argument("--only", action="append", default=[], choices=names, help="this job; may be repeated")
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter of the peers' environment (make bench-peers)")
    parser.add_argument(
        "--limit", type=float, help=f"give a job up after so many seconds (default {LIMIT}; --large: never)"
    )
    parser.add_argument("--publish", action="store_true", help="put table and figures into course/performance.md")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench", help="folder for results")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
