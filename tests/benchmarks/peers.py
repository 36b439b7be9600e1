"""The Gram job against other packages, each in a process of its own environment, all in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from .jobs import Size
from .kernels import D
from .measure import ROOT, Row, Times
from .peer_worker import CONTESTANTS

WORKER = Path(__file__).with_name("peer_worker.py")


class Worker:
    """A running contestant: ``entries`` of its result, and a time for every call."""

    def __init__(self, python: str, name: str, n: int) -> None:
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu"}
        self.process = subprocess.Popen(
            [python, str(WORKER), name, str(n), str(D)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **quiet},
        )
        self.name = name
        self.entries = np.array(self._read())

    def __call__(self) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            _, problem = self.process.communicate()
            raise RuntimeError(f"{self.name} gave no answer: {problem.strip()[-600:]}")
        return json.loads(line)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def against_peers(python: str) -> Callable[[Size], list[Row]]:
    """The job "peers" with the interpreter of the peers' environment."""
    return lambda size: _run(python, size, list(CONTESTANTS))


def _run(python: str, size: Size, names: list[str]) -> list[Row]:
    n, rounds = size.pick(quick=500, full=4000), size.pick(quick=3, full=15)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(Worker(sys.executable if name == "ntklab" else python, name, n)) for name in names
        }
        apart = {
            name: float(abs(worker.entries / workers["ntklab"].entries - 1).max()) for name, worker in workers.items()
        }
        if max(apart.values()) > 1e-6:  # the diagonal's digits that neural-tangents loses are 1e-7
            raise RuntimeError(f"the contestants do not compute the same kernel; relative differences: {apart}")
        found: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(rounds + 1):
            for name in names if turn % 2 == 0 else names[::-1]:
                found[name].append(workers[name]())
    times = Times({name: all_[1:] for name, all_ in found.items()})  # the first round warms the caches
    fastest = min((name for name in names if name.startswith("neural")), key=times.median, default=None)
    rows = []
    for name in names:
        if name != "ntklab":
            target = {"at_least": 3.5 if name == fastest else None}
            what = f"speed / {name}, n = {n:,}, d = {D}"
            row = times.row(what, "ntklab", name, **target)
            rows.append(Row(**{**row.__dict__, "context": {**row.context, "apart": f"{apart[name]:.0e}"}}))
    return rows
