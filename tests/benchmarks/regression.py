"""Fitting: against scikit-learn, against the size of the matrix, and beyond memory."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from ntklab.kernels import MLP, ntk
from ntklab.regression import KernelRegressor, fit_streaming

from .jobs import Size, job
from .kernels import D, inputs
from .measure import (
    MB,
    Row,
    in_fresh_process,
    megabytes,
    memory_at_most,
    peak_beyond,
    resident_peak,
    seconds,
    take_turns,
)

NETWORK = MLP(hidden_layers=3, C_b=0.1)
RIDGE = 1e-2


def problem(n: int, m: int = 0, d: int = D, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs X (n, d), noisy targets of a smooth function, and test inputs (m, d)."""
    X = inputs(n + m, d).numpy()
    y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2] / 2 + noise * np.random.default_rng(1).standard_normal(n + m)
    return X[:n], y[:n], X[n:]


@job("fit", f"KernelRegressor.fit, the NTK of 3 hidden ReLU layers, d = {D}")
def fit(size: Size) -> list[Row]:
    from sklearn.kernel_ridge import KernelRidge

    n = size.pick(quick=800, full=4000)
    X, y, _ = problem(n)
    times = take_turns(
        {
            "KernelRegressor": lambda: KernelRegressor(mlp=NETWORK, ridge=RIDGE).fit(X, y),
            "Gram + KernelRidge": lambda: KernelRidge(kernel="precomputed", alpha=RIDGE).fit(ntk(X, mlp=NETWORK), y),
            "Gram": lambda: ntk(X, mlp=NETWORK),
        },
        budget=size.budget(25),
    )
    row = times.row(
        f"time / (Gram + scikit-learn's KernelRidge), n = {n:,}", "KernelRegressor", "Gram + KernelRidge", at_most=1.05
    )
    return [Row(**{**row.__dict__, "context": times.context()})]


@job("solve-memory", "NTK regression: peak memory of the fit")
def solve_memory(size: Size) -> list[Row]:
    n = size.pick(quick=2000, full=8000, large=20_000)
    found = in_fresh_process(fit_memory, n=n)
    return [
        Row(
            f"peak / one n² matrix, n = {n:,}",
            found["peak"] / (8 * n**2),
            at_most=1.3,
            context={"peak": megabytes(found["peak"]), "n²": megabytes(8 * n**2), "time": seconds(found["seconds"])},
        )
    ]


def fit_memory(n: int) -> dict[str, float]:
    X, y, Z = problem(n, 10)
    KernelRegressor(mlp=NETWORK, ridge=RIDGE).fit(X[:50], y[:50])  # loads what loads once
    start = time.perf_counter()
    with peak_beyond() as peak:
        model = KernelRegressor(mlp=NETWORK, ridge=RIDGE).fit(X, y)
    elapsed = time.perf_counter() - start
    assert np.isfinite(model.predict(Z)).all()
    return {"peak": peak.bytes, "seconds": elapsed}


@job("streaming", "NTK regression beyond memory: fit_streaming in a process with at most 2 GB")
def streaming(size: Size) -> list[Row]:
    n = size.pick(quick=1500, full=6000, large=30_000)
    dense_too = n <= 8000 or _free_memory() > 2.2 * 8 * n**2  # with a copy to spare for scikit-learn's checks
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "streamed.npy"), Path(folder, "dense.npy")
        streamed = in_fresh_process(streamed_fit, n=n, out=str(ours))
        rows = [
            Row(
                f"n = {n:,}: peak memory of the process, d = {STREAMED_D}",
                streamed["peak"] / MB,
                "MB",
                at_most=2000,
                context={
                    "n²": megabytes(8 * n**2),
                    "time": seconds(streamed["seconds"]),
                    "iterations": f"{streamed['iterations']}",
                },
            )
        ]
        if not dense_too:
            return [*rows, Row(f"n = {n:,}: no memory for the dense solution here", float("nan"), "")]
        dense = in_fresh_process(dense_fit, n=n, out=str(theirs))
        apart = float(abs(np.load(ours) - np.load(theirs)).max()) / dense["rms"]
    return [
        *rows,
        Row(f"n = {n:,}: largest difference from dense / rms(y)", apart, "", at_most=1e-6, only_full=False),
        Row(
            f"n = {n:,}: time / dense, which needs {megabytes(8 * n**2)}",
            streamed["seconds"] / dense["seconds"],
            context={"streaming": seconds(streamed["seconds"]), "dense": seconds(dense["seconds"])},
        ),
    ]


STREAMED_D = 64
STREAMED = MLP(hidden_layers=2, C_b=0.1)


def streamed_fit(n: int, out: str, limit: int = 2_000_000_000) -> dict[str, float]:
    memory_at_most(limit)
    X, y, Z = problem(n, 500, STREAMED_D)
    start = time.perf_counter()
    model = fit_streaming(partial(ntk, mlp=STREAMED), X, y, RIDGE)
    np.save(out, model.predict(Z))
    elapsed = time.perf_counter() - start
    assert model.converged
    return {"peak": resident_peak(), "seconds": elapsed, "iterations": model.iterations}


def dense_fit(n: int, out: str) -> dict[str, float]:
    X, y, Z = problem(n, 500, STREAMED_D)
    start = time.perf_counter()
    np.save(out, KernelRegressor(mlp=STREAMED, ridge=RIDGE).fit(X, y).predict(Z))
    return {"seconds": time.perf_counter() - start, "rms": float(np.sqrt((y**2).mean()))}


def _free_memory() -> float:
    import psutil

    return float(psutil.virtual_memory().available)
