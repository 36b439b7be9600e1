"""``ntklab figure``: compute and draw what the sources show, and say how well theory, kernels and networks agree."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntklab._course import UsageError, find_root

if TYPE_CHECKING:
    from ntklab.experiments import Progress

HELP = "draw a figure of the sources (PNG, PDF, and its numbers as JSON) and print how well it agrees"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="the figure, or 'all'; without it they are listed")
    parser.add_argument("--size", default="small", metavar="small|paper", help="small: under a minute on two cores")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda|mps", help="where networks train")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one per core; one on a GPU)")
    parser.add_argument("--scheduler", metavar="ADDR", help="compute on the Dask cluster of this scheduler")
    parser.add_argument("--resume", action="store_true", help="take what an interrupted run has finished")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: build/figures)")
    parser.add_argument(
        "--gallery", type=Path, metavar="FILE", help="with 'all': the page, .html or .md (default: DIR/index.html)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    """Draw one figure or all; 1 if an agreement is missed."""
    from ntklab import experiments
    from ntklab._executors import ClusterLost
    from ntklab.plots.gallery import write_gallery

    if args.name is None:
        for name in experiments.FIGURES:
            print(f"{name:<16}{experiments.experiment(name).title}")
        return 0
    if args.gallery is not None and args.name != "all":
        raise UsageError(f"--gallery goes with 'all'; got {args.name!r}")
    names = _checked(args)
    out = args.out or _default_folder()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with _pool(args) as pool:
            reports = [_figure(name, args, out, pool) for name in names]
    except (experiments.OutOfMemory, ClusterLost) as problem:
        raise UsageError(str(problem)) from problem
    except KeyboardInterrupt:
        print("ntklab: stopped; the same command with --resume goes on from here", file=sys.stderr)
        return 130
    result: dict[str, Any] = reports[0]
    if args.name == "all":
        page = write_gallery(reports, out, args.gallery or out / "index.html")
        result = {"figures": {report["figure"]: report for report in reports}, "gallery": str(page)}
        if not args.json:
            print(f"gallery: {page}")
    if args.json:
        print(json.dumps(result, indent=1))
    missed = [report["figure"] for report in reports if not report["ok"]]
    if missed:
        print(f"ntklab: an agreement is missed in {', '.join(missed)}; see the lines marked ✗", file=sys.stderr)
    return 1 if missed else 0


def _checked(args: argparse.Namespace) -> list[str]:
    """The figures asked for; a wrong name, size or device stops before any work."""
    from ntklab import experiments
    from ntklab.networks.device import usable_device

    try:
        names = list(experiments.FIGURES) if args.name == "all" else [args.name]
        for name in names:
            experiments.experiment(name).settings(args.size)
        usable_device(args.device)
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    return names


def _default_folder() -> Path:
    try:
        return find_root() / "build" / "figures"
    except UsageError:  # an installed library, outside a course
        return Path("figures")


@contextlib.contextmanager
def _pool(args: argparse.Namespace) -> Iterator[Executor | None]:
    """None where this process does the work: with one worker, or on one GPU."""
    from ntklab._executors import executor
    from ntklab._processes import cores

    workers = args.workers
    if workers is None and args.scheduler is None:
        workers = cores() if args.device.startswith("cpu") else 1
    if workers == 1 and args.scheduler is None:
        yield None
        return
    with executor(workers, args.scheduler) as pool:
        yield pool


def _figure(name: str, args: argparse.Namespace, out: Path, pool: Executor | None) -> dict[str, Any]:
    """Compute, draw, write and tell one figure; its report."""
    from ntklab import experiments, plots
    from ntklab.experiments.report import numbers, report

    record = experiments.experiment(name)
    started = time.monotonic()
    data = experiments.run(
        record,
        args.size,
        args.device,
        folder=out / "units" / f"{name}-{args.size}-{args.device.replace(':', '-')}",
        resume=args.resume,
        pool=pool,
        say=lambda line: print(f"ntklab: {name}: {line}", file=sys.stderr),
        progress=_told(name),
    )
    files = plots.save(plots.draw(name, data), out / name)
    told = report(record, data, args.size, args.device, time.monotonic() - started)
    told["files"] = [*map(str, files), str(out / f"{name}.json")]
    text = json.dumps({**told, "numbers": numbers(data)}, indent=1)
    (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    if not args.json:
        _print(told, record.agreement(data))
    return told


def _print(told: dict[str, Any], checks: list[Any]) -> None:
    print(f"{told['figure']}: {told['title']} ({told['size']}, {told['device']}, {told['seconds']:.1f} s)")
    for check in checks:
        print(f"  {'✓' if check.ok else '✗'} {check.name}: {check.value:.4g} ({check.target})")
    print(f"  {', '.join(told['files'])}")


def _told(name: str) -> Callable[[Progress], None]:
    """Progress on stderr: one line that changes in a terminal, elsewhere a line now and then."""
    last = -1e9
    terminal = sys.stderr.isatty()

    def tell(progress: Progress) -> None:
        nonlocal last
        ended, now = progress.done == progress.total, time.monotonic()
        if not terminal and now - last < 10 and not ended:
            return
        last = now
        left = "" if progress.seconds_left is None or ended else f", {_duration(progress.seconds_left)} left"
        line = f"{name}: {progress.done} of {progress.total} units{left}"
        print(f"\r\x1b[K{line}" if terminal else line, end="\n" if ended or not terminal else "", file=sys.stderr)
        sys.stderr.flush()

    return tell


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
