"""Times taken in turns, and memory taken in a process of its own."""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MB = 1e6


@dataclass(frozen=True)
class Row:
    """One line of the table: a number, what it should be, and the seconds or bytes that it came from."""

    what: str
    value: float
    unit: str = "×"
    at_most: float | None = None
    at_least: float | None = None
    quartiles: tuple[float, float] | None = None  # of the ratio, over the rounds
    context: dict[str, str] = field(default_factory=dict)
    only_full: bool = True  # the target is for the full size
    points: list[list[float]] | None = None  # (size, value) behind an exponent

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g} {self.unit}".rstrip()
        return f"≥ {self.at_least:g} {self.unit}".rstrip() if self.at_least is not None else ""

    @property
    def met(self) -> bool | None:
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None

    @property
    def share(self) -> float | None:
        """1 at the target, below 1 better: how much of what the target allows is used."""
        if self.at_most is not None:
            return self.value / self.at_most
        return self.at_least / self.value if self.at_least is not None and self.value else None


@dataclass(frozen=True)
class Times:
    """Seconds of every contestant, round by round."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, to: str) -> tuple[float, tuple[float, float]]:
        """The median over the rounds of name's time / to's time, and its quartiles.

        Two runs of one round meet the same machine; medians of each alone would not on a machine with other work.
        """
        ratios = sorted(a / b for a, b in zip(self.seconds[name], self.seconds[to], strict=True))
        if len(ratios) < 2:
            return ratios[0], (ratios[0], ratios[0])
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return middle, (low, high)

    def row(self, what: str, name: str, to: str, **target: Any) -> Row:
        """The row "time of name / time of to"; with ``at_least``, of to / name: how many times faster."""
        value, quartiles = self.ratio(to, name) if "at_least" in target else self.ratio(name, to)
        return Row(what, value, quartiles=quartiles, context=self.context(name, to), **target)

    def context(self, *names: str) -> dict[str, str]:
        return {name: seconds(self.median(name)) for name in names or self.seconds}


def seconds(value: float) -> str:
    """A duration to three digits."""
    if value < 1e-3:
        return f"{value * 1e6:.3g} µs"
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def megabytes(value: float) -> str:
    return f"{value / MB:,.0f} MB"


def take_turns(
    runs: dict[str, Callable[[], Any]], budget: float = 12.0, fewest: int = 3, most: int = 25, calls: int = 1
) -> Times:
    """Run all once to warm up, then in turns until ``budget`` seconds are over, the order changing every round.

    With ``calls=2`` a turn is two calls, and the second is timed. It matters for results of a hundred megabytes: a
    virtual machine's host takes back what lies free while others have their turn, and that costs the first call.
    """
    begin = time.perf_counter()
    for run in runs.values():
        run()
    warm_up = time.perf_counter() - begin
    found: dict[str, list[float]] = {name: [] for name in runs}
    rounds = max(fewest, min(most, int(budget / max(calls * warm_up, 1e-9))))
    gc.collect()
    gc.disable()  # a collection would fall into one contestant's turn
    try:
        for turn in range(rounds):
            for name in list(runs) if turn % 2 == 0 else list(reversed(runs)):
                found[name].append([_timed(runs[name]) for _ in range(calls)][-1])
    finally:
        gc.enable()
    return Times(found)


def _timed(run: Callable[[], Any]) -> float:
    rest = _rest()
    rest()
    start = time.perf_counter()
    kept = run()  # freeing the result is no part of the job
    rest()
    elapsed = time.perf_counter() - start
    del kept
    return elapsed


def _rest() -> Callable[[], None]:
    """Wait for the GPU where there is one: its work is only queued when a call returns."""
    torch = sys.modules.get("torch")
    return torch.cuda.synchronize if torch is not None and torch.cuda.is_available() else lambda: None


class Peak:
    """The most memory that was resident in a block, beyond what was before it."""

    bytes = 0


@contextmanager
def peak_beyond() -> Iterator[Peak]:
    """Measure a block's peak memory; for a fresh process, which holds nothing freed that could be used again.

    Not ``ru_maxrss`` where Linux's own counter can be had: a new process starts with its parent's.
    """
    peak = Peak()
    gc.collect()
    try:
        Path("/proc/self/clear_refs").write_text("5")  # the peak so far becomes what is resident now
    except OSError:
        pass
    before = resident_peak()
    yield peak
    peak.bytes = resident_peak() - before


def resident_peak() -> int:
    """The most memory that has been resident in this process, in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        import resource  # Windows has none

        unit = 1 if sys.platform == "darwin" else 1024
        return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory_at_most(limit: int) -> None:
    """Refuse this process any private memory beyond ``limit`` bytes."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


@contextmanager
def time_limit(limit: float | None) -> Iterator[None]:
    """Interrupt a block after so many seconds, with a TimeoutError; a process it waits for is ended."""

    def interrupt(*_: object) -> None:
        raise TimeoutError(f"not done after {limit:g} s")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, limit or 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def in_fresh_process(function: Callable[..., Any], timeout: float = 3600, **arguments: Any) -> Any:
    """``function(**arguments)`` in a new process; arguments and result travel as JSON."""
    module = Path(importlib.import_module(function.__module__).__file__ or "").stem
    command = [sys.executable, "-m", "tests.benchmarks.measure", module, function.__name__, json.dumps(arguments)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    if done.returncode:
        raise RuntimeError(f"{module}.{function.__name__} failed in its process:\n{done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    called = getattr(importlib.import_module(f"tests.benchmarks.{sys.argv[1]}"), sys.argv[2])
    print(json.dumps(called(**json.loads(sys.argv[3]))))
