"""Learning curves on digits, predicted from the kernel's spectrum alone."""

from __future__ import annotations

import numpy as np

from ntklab import datasets
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, gaussian_kernel, ntk
from ntklab.learnability import learning_curve
from ntklab.regression import kernel_regression

TASKS = {  # kernel, ridge
    "odd or even": ("NTK", 0.0),
    "odd or even, a fifth of the labels random": ("NTK", 0.0),
    "ten digits": ("NTK", 0.0),
    "ten digits, Gaussian kernel and ridge": ("Gaussian", 0.01),
}


def units(settings: Settings) -> list[Unit]:
    """Prediction and blocks of fresh splits for each task."""
    ns, seed, found = settings["ns"], settings["seed"], []
    for task in settings["tasks"]:
        shared = {"task": task, "ns": ns, "seed": seed}
        found.append(
            Unit(f"{task}, predicted", predicted, {**shared, "band_splits": settings["band_splits"]}, cost=6.0)
        )
        found += [
            Unit(f"{task}, splits {start}", measured, {**shared, "splits": [start, start + 10]}, cost=2.0)
            for start in range(0, settings["splits"], 10)
        ]
    return found


def task_of(name: str, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Kernel matrix of all 1,797 digits, targets, and ridge."""
    kernel, ridge = TASKS[name]
    if name.startswith("odd"):
        X, y = datasets.digits(labels="odd_even")
        y = datasets.corrupt_labels(y, 0.2, rng=seed) if name.endswith("random") else y
    else:
        X, labels = datasets.digits()
        y = datasets.one_hot(labels, 10)
    mlp = MLP(1, "relu", C_W=2.0, C_b=0.1)
    return ntk(X, mlp=mlp) if kernel == "NTK" else gaussian_kernel(X, length_scale=0.6), y, ridge


def predicted(task: str, ns: list[int], band_splits: int, seed: int, device: str) -> Arrays:
    """Mean (from the spectrum) and band of the held-out error."""
    K, y, ridge = task_of(task, seed)
    curve = learning_curve(K, y, ns, ridge, n_splits=band_splits, seed=seed)
    return {"mean": np.asarray(curve.mean), "band": np.asarray(curve.band)}


def measured(task: str, ns: list[int], splits: list[int], seed: int, device: str) -> Arrays:
    """Held-out squared error of kernel regression, (splits, sizes), on splits that the band has not seen."""
    K, y, ridge = task_of(task, seed)
    y = y.reshape(len(K), -1)
    errors = np.empty((splits[1] - splits[0], len(ns)))
    for row, split in enumerate(range(*splits)):
        order = np.random.default_rng([seed, 1, split]).permutation(len(K))
        for column, n in enumerate(ns):
            train, test = order[:n], order[n:]
            error = kernel_regression(K[np.ix_(train, train)], K[np.ix_(test, train)], y[train], ridge) - y[test]
            errors[row, column] = (error**2).sum(1).mean()
    return {"error": errors}


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """By task: predicted mean and band, mean and standard deviation over the fresh splits, share inside the band."""
    data: Data = {"tasks": settings["tasks"], "ns": np.array(settings["ns"]), "settings": settings}
    rows: dict[str, list[np.ndarray]] = {key: [] for key in ("mean", "band", "error", "error_sd", "inside")}
    for task in settings["tasks"]:
        curve = results[f"{task}, predicted"]
        names = [unit.name for unit in units(settings) if unit.work is measured and unit.arguments["task"] == task]
        errors = np.concatenate([results[name]["error"] for name in names])
        inside = np.abs(errors - curve["mean"]) <= curve["band"]
        values = (curve["mean"], curve["band"], errors.mean(0), errors.std(0, ddof=1), inside.mean(0))
        for key, value in zip(rows, values, strict=True):
            rows[key].append(value)
    return {**data, **{key: np.stack(values) for key, values in rows.items()}, "splits": settings["splits"]}


def agreement(data: Data) -> list[Check]:
    """The mean within 6 %, as ``learning_curve`` is tested; 68 % in the band, give or take three sampling s.d."""
    room = 3 * np.sqrt(0.465**2 / data["settings"]["band_splits"] + 0.465**2 / data["splits"])
    checks = []
    for task, mean, error, inside in zip(data["tasks"], data["mean"], data["error"], data["inside"], strict=True):
        gap = float(np.abs(mean / error - 1).max())
        checks.append(Check(f"{task}: largest |predicted / measured − 1|", gap, high=0.06))
        share = float(inside.mean())
        checks.append(Check(f"{task}: share of fresh splits in the band", share, 0.683 - room, 0.683 + room))
    return checks


SHARED: Settings = {"tasks": list(TASKS), "ns": [25, 50, 100, 200, 400, 800], "seed": 0}
EXPERIMENT = Experiment(
    name="learning-curves",
    title="Learning curves on digits, from the spectrum alone",
    caption=(
        "Held-out squared error of kernel regression on scikit-learn's digits against the number of training "
        "images (one hidden ReLU layer's NTK, or a Gaussian kernel of length 0.6 with ridge 0.01). Lines are "
        "predicted from the kernel's eigenvalues and the labels' coefficients alone, without a fit or a test set; "
        "bands, set by 50 other splits, hold 68 % of splits. Triangles: mean over fresh splits, with bars of one "
        "standard deviation."
    ),
    sizes={"small": SHARED | {"splits": 100, "band_splits": 50}, "paper": SHARED | {"splits": 300, "band_splits": 50}},
    units=units,
    gather=gather,
    agreement=agreement,
)
