"""How time and memory grow: the exponent of a power law through at least four sizes each."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .jobs import Size, job
from .measure import Row, in_fresh_process, megabytes, peak_beyond, seconds


@dataclass(frozen=True)
class Stage:
    """Something that grows: what with, and what it should cost in theory."""

    name: str
    grows_with: str
    run: Callable[..., dict[str, float]]
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    time_theory: float
    memory_theory: float | None


def _measured(start_small: Callable[[], Any], run: Callable[[], Any], repeats: int = 3) -> dict[str, float]:
    """Seconds (the median) and peak bytes of ``run`` in this fresh process."""
    start_small()
    with peak_beyond() as peak:
        kept = run()
    del kept
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        kept = run()
        taken.append(time.perf_counter() - start)
        del kept
    return {"seconds": statistics.median(taken), "bytes": peak.bytes}


def gram(n: int) -> dict[str, float]:
    from .kernels import RELU3, inputs, ntk

    X = inputs(n)
    return _measured(lambda: ntk(X[:8], mlp=RELU3), lambda: ntk(X, mlp=RELU3))


def solve(n: int) -> dict[str, float]:
    """The fit alone, on a kernel that is cheap to have; the estimator's own copy is what it works in."""
    from ntklab.regression import KernelRegressor

    rng = np.random.default_rng(0)
    A = rng.standard_normal((n, 16))
    K = A @ A.T
    K.flat[:: n + 1] += 1.0
    y = rng.standard_normal(n)
    model = KernelRegressor("precomputed")
    return _measured(lambda: model.fit(K[:8, :8], y[:8]), lambda: KernelRegressor("precomputed").fit(K, y), repeats=2)


def ensemble(nets: int, steps: int = 20) -> dict[str, float]:
    from ntklab.networks import NTKNet, train_ensemble

    from .kernels import inputs

    X = inputs(64, 8).sign()
    y = X[:, :3].prod(dim=1)

    def run(count: int) -> object:
        return train_ensemble(lambda seed: NTKNet(8, 256, 2, seed=seed), range(count), X, y, 0.1, steps)

    return _measured(lambda: run(2), lambda: run(nets))


def grading(submissions: int) -> dict[str, float]:
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

            def run(count: int) -> list[object]:
                return [grader.grade_file(path) for _ in range(count)]

            return _measured(lambda: run(1), lambda: run(submissions), repeats=1)


STAGES = (
    Stage("gram", "inputs n", gram, (1000, 2000, 4000, 8000), (200, 400, 800, 1600), 2.0, 2.0),
    Stage("solve", "inputs n", solve, (1000, 2000, 4000, 8000), (200, 400, 800, 1600), 3.0, 2.0),
    Stage("ensemble", "networks", ensemble, (25, 50, 100, 200), (4, 8, 16, 32), 1.0, 1.0),
    Stage("grading", "submissions", grading, (1, 2, 4, 8), (1, 2, 3), 1.0, None),
)


def exponent(sizes: list[float], values: list[float]) -> tuple[float, float]:
    """Slope p and its standard error in value ≈ a · sizeᵖ, by least squares of the logarithms."""
    x, y = np.log(sizes), np.log(values)
    slope, intercept = np.polyfit(x, y, 1)
    left = y - slope * x - intercept
    return float(slope), float(math.sqrt((left @ left) / (len(x) - 2) / ((x - x.mean()) @ (x - x.mean()))))


@job("scaling", "Growth of time and memory: exponents over four sizes each, every size in a fresh process")
def scaling(size: Size) -> list[Row]:
    from ntklab.grading.doctor import sandbox

    rows = []
    for stage in STAGES:
        sizes = size.pick(quick=stage.quick, full=stage.sizes)
        key = "submissions" if stage.name == "grading" else "nets" if stage.name == "ensemble" else "n"
        if stage.name == "grading" and not sandbox().ok:
            rows.append(Row("grading: NOT RUN, no sandbox on this machine (see ntklab doctor)", float("nan"), ""))
            continue
        found = [in_fresh_process(stage.run, **{key: n}) for n in sizes]
        for quantity, shown in (("seconds", seconds), ("bytes", megabytes)):
            values = [point[quantity] for point in found]
            if min(values) <= 0 or (quantity == "bytes" and stage.memory_theory is None):
                continue  # memory that does not show above a megabyte's noise has no exponent
            slope, error = exponent(list(sizes), values)
            what = "time" if quantity == "seconds" else "memory"
            points = {f"{n:,}": shown(value) for n, value in zip(sizes, values, strict=True)}
            rows.append(
                Row(f"{stage.name}: {what} by {stage.grows_with}, exponent ± {error:.2f}", slope, "", context=points)
            )
            CURVES[stage.name, what] = (list(sizes), values, slope)
    return rows


CURVES: dict[tuple[str, str], tuple[list[int], list[float], float]] = {}  # for the figure
