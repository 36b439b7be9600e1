"""How time and memory grow: the exponent of a power law through at least four sizes each."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .jobs import Size, job
from .measure import Row, in_fresh_process, megabytes, peak_beyond, seconds


@dataclass(frozen=True)
class Stage:
    """Something that grows: what with, and with what exponents in theory (None: it does not)."""

    name: str
    grows_with: str
    run: Callable[..., Any]
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    time_theory: float
    memory_theory: float | None


def _measured(start_small: Callable[[], Any], run: Callable[[], Any], repeats: int = 2) -> dict[str, float]:
    """Peak bytes of the first ``run`` in this fresh process, and the median seconds of all."""
    start_small()
    start = time.perf_counter()
    with peak_beyond() as peak:
        kept = run()
    taken = [time.perf_counter() - start]
    del kept
    for _ in range(repeats):
        start = time.perf_counter()
        kept = run()
        taken.append(time.perf_counter() - start)
        del kept
    return {"seconds": statistics.median(taken), "bytes": peak.bytes}


def gram(count: int) -> dict[str, float]:
    from .kernels import RELU3, inputs, ntk

    X = inputs(count)
    return _measured(lambda: ntk(X[:8], mlp=RELU3), lambda: ntk(X, mlp=RELU3))


def solve(count: int) -> dict[str, float]:
    """The fit alone, on a kernel that is cheap to have; the estimator's own copy is what it works in."""
    from ntklab.regression import KernelRegressor

    rng = np.random.default_rng(0)
    A = rng.standard_normal((count, 16))
    K = A @ A.T
    K.flat[:: count + 1] += 1.0
    y = rng.standard_normal(count)
    model = KernelRegressor("precomputed")
    return _measured(lambda: model.fit(K[:8, :8], y[:8]), lambda: KernelRegressor("precomputed").fit(K, y))


def ensemble(count: int, steps: int = 20) -> dict[str, float]:
    from ntklab.networks import NTKNet, train_ensemble

    from .kernels import inputs

    X = inputs(64, 8).sign()
    y = X[:, :3].prod(dim=1)

    def run(nets: int) -> object:
        return train_ensemble(lambda seed: NTKNet(8, 256, 2, seed=seed), range(nets), X, y, 0.1, steps)

    return _measured(lambda: run(2), lambda: run(count))


def grading(counts: list[int]) -> list[dict[str, float]]:
    """The right solution of the third lab, again and again, by one grader: sandbox, trusted tests, score."""
    from ntklab._course import find_lab
    from ntklab.authoring import source_notebook
    from ntklab.grading.grader import Grader

    source = source_notebook(find_lab("lab03-two-layer-ntk").source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "submission.ipynb")
        import nbformat

        nbformat.write(source, path)
        with Grader("lab03-two-layer-ntk", source, b"a benchmark's secret") as grader:

            def run(submissions: int) -> list[object]:
                return [grader.grade_file(path) for _ in range(submissions)]

            run(1)
            return [_measured(lambda: None, lambda count=count: run(count), repeats=0) for count in counts]


def exponent(sizes: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Slope p and its standard error in value ≈ a · sizeᵖ, by least squares of the logarithms."""
    x, y = np.log(sizes), np.log(values)
    slope, intercept = np.polyfit(x, y, 1)
    left = y - slope * x - intercept
    return float(slope), float(math.sqrt((left @ left) / (len(x) - 2) / ((x - x.mean()) @ (x - x.mean()))))


def growth(stage: Stage, size: Size) -> list[Row]:
    """The rows of one stage: an exponent for time, and one for memory where memory grows."""
    sizes = size.pick(quick=stage.quick, full=stage.sizes)
    if stage.memory_theory is None:
        found = in_fresh_process(stage.run, counts=sizes)
    else:
        found = [in_fresh_process(stage.run, count=count) for count in sizes]
    rows = []
    for what, quantity, theory, shown in (
        ("time", "seconds", stage.time_theory, seconds),
        ("memory", "bytes", stage.memory_theory, megabytes),
    ):
        points = [[float(count), float(point[quantity])] for count, point in zip(sizes, found, strict=True)]
        context = {f"{count:,.0f}": shown(value) for count, value in points}
        if theory is None or min(value for _, value in points) <= 0:
            rows.append(
                Row(f"{stage.name}: {what} does not grow with {stage.grows_with}", float("nan"), "", context=context)
            )
            continue
        slope, error = exponent(*zip(*points, strict=True))
        label = f"{stage.name}: exponent of {what} by {stage.grows_with}, theory {theory:g}, ± {error:.2f}"
        rows.append(Row(label, slope, "", context=context, points=points))
    return rows


@job("scaling-gram", "Growth of the Gram matrix, each size in a fresh process")
def scaling_gram(size: Size) -> list[Row]:
    return growth(Stage("gram", "inputs", gram, (1000, 2000, 4000, 8000), (200, 400, 800, 1600), 2, 2), size)


@job("scaling-solve", "Growth of the solve, each size in a fresh process")
def scaling_solve(size: Size) -> list[Row]:
    return growth(Stage("solve", "inputs", solve, (1000, 2000, 4000, 8000), (200, 400, 800, 1600), 3, 2), size)


@job("scaling-ensemble", "Growth of an ensemble of 2 hidden layers of width 256, each size in a fresh process")
def scaling_ensemble(size: Size) -> list[Row]:
    return growth(Stage("ensemble", "networks", ensemble, (25, 50, 100, 200), (4, 8, 16, 32), 1, 1), size)


@job("scaling-grading", "Growth of grading with one worker that is warm")
def scaling_grading(size: Size) -> list[Row]:
    from ntklab.grading.doctor import sandbox

    if not sandbox().ok:
        return [Row("NOT RUN: no sandbox on this machine (see ntklab doctor)", float("nan"), "")]
    return growth(Stage("grading", "submissions", grading, (1, 2, 4, 8), (1, 2, 3), 1, None), size)
