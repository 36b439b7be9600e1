"""Class 5 slides, "Rethinking generalization": what tells true labels from random ones, and the bound on it."""

from __future__ import annotations

import numpy as np

from ntklab import datasets
from ntklab.bounds import complexity_measure, corrupted_complexity, generalization_bound
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import two_layer_ntk
from ntklab.regression import kernel_regression

SPHERE_D = 5


def units(settings: Settings) -> list[Unit]:
    """Blocks of redraws of the labels of digits, and one unit for each sample size on the sphere."""
    n, shares, seed = settings["n"], settings["shares"], settings["seed"]
    redraws = [
        Unit(
            f"labels-{start}", redrawn, {"n": n, "shares": shares, "draws": [start, start + 5], "seed": seed}, cost=1.0
        )
        for start in range(0, settings["draws"], 5)
    ]
    sizes = [
        Unit(f"sphere-{n}", on_sphere, {"n": n, "delta": settings["delta"], "seed": seed}, cost=(n / 1000) ** 2)
        for n in settings["ns"]
    ]
    return [Unit("theory", theory, {"n": n, "shares": shares, "seed": seed}), *redraws, *sizes]


def _digits(n: int, seed: int) -> tuple[np.ndarray, ...]:
    """Odd against even, images of unit norm: (X_train, X_test, y_train, y_test)."""
    X, y = datasets.digits(labels="odd_even")
    return datasets.split(X, y, n, rng=seed)


def theory(n: int, shares: list[float], seed: int, device: str) -> Arrays:
    """The exact mean of the measure over redraws."""
    X, _, y, _ = _digits(n, seed)
    H = two_layer_ntk(X)
    return {"mean": np.array([corrupted_complexity(H, y, share) for share in shares])}


def redrawn(n: int, shares: list[float], draws: list[int], seed: int, device: str) -> Arrays:
    """Measure and test error of redrawn labels, (draws, shares)."""
    X, X_test, y, y_test = _digits(n, seed)
    H, H_test = two_layer_ntk(X), two_layer_ntk(X_test, X)
    measures, errors = [], []
    for draw in range(*draws):
        labels = datasets.corrupt_labels(y, shares, rng=np.random.default_rng([seed, draw]))
        measures.append([complexity_measure(H, row) for row in labels])
        predicted = kernel_regression(H, H_test, labels.T)
        errors.append((np.sign(predicted) != y_test[:, None]).mean(0))
    return {"measure": np.array(measures), "error": np.array(errors)}


def on_sphere(n: int, delta: float, seed: int, device: str) -> Arrays:
    """Bound and test error for a linear target and for coin flips, on the sphere in five dimensions."""
    rng = np.random.default_rng([seed, n])
    X = datasets.sphere(n + 2000, SPHERE_D, rng=rng)
    H, H_test = two_layer_ntk(X[:n]), two_layer_ntk(X[n:], X[:n])
    flips = rng.choice([-1.0, 1.0], size=n + 2000)
    found = {}
    for name, y in (("true", X[:, 0]), ("random", flips)):
        bound = generalization_bound(H, y[:n], delta=delta)
        found[f"{name}_bound"] = np.array(bound.unclipped)
        predicted = kernel_regression(H, H_test, y[:n])
        found[f"{name}_error"] = np.array((np.sign(predicted) != np.sign(y[n:])).mean())
    return found


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Means and standard deviations over the redraws; curves in n."""
    blocks = [results[unit.name] for unit in units(settings) if unit.work is redrawn]
    data: Data = {"shares": np.array(settings["shares"]), "ns": np.array(settings["ns"]), "settings": settings}
    data["theory"], data["draws"] = results["theory"]["mean"], settings["draws"]
    for key in ("measure", "error"):
        values = np.concatenate([block[key] for block in blocks])
        data[key], data[f"{key}_sd"] = values.mean(0), values.std(0, ddof=1)
    for key in ("true_bound", "true_error", "random_bound", "random_error"):
        data[key] = np.array([float(results[f"sphere-{n}"][key]) for n in settings["ns"]])
    return data


def agreement(data: Data) -> list[Check]:
    """The exact mean within 4 standard errors; bounds above the errors, and below 1 for true labels alone."""
    drawn = data["shares"] > 0
    se = data["measure_sd"][drawn] / np.sqrt(data["draws"])
    gap = np.abs(data["measure"] - data["theory"])[drawn] / se
    slack = np.concatenate([data["true_bound"] - data["true_error"], data["random_bound"] - data["random_error"]])
    return [
        Check("measure of redrawn labels: largest gap to its exact mean, in s.e.", float(gap.max()), high=4.0),
        Check("measure at share 0: gap to the formula", float(abs(data["measure"] - data["theory"])[0]), high=1e-9),
        Check("random labels' measure over the true labels'", float(data["measure"][-1] / data["measure"][0]), low=3.0),
        Check(f"bound, true labels, n = {data['ns'][-1]}", float(data["true_bound"][-1]), high=0.65),
        Check(f"bound, random labels, n = {data['ns'][-1]}", float(data["random_bound"][-1]), low=1.0),
        Check("bounds: least distance above the test error", float(slack.min()), low=0.0),
    ]


SHARED: Settings = {"shares": [0.0, 0.1, 0.25, 0.5, 0.75, 1.0], "delta": 0.05, "seed": 0}
EXPERIMENT = Experiment(
    name="random-labels",
    title="True labels, random labels, and a bound",
    caption=(
        "Left and middle: odd against even digits when a share of the labels is drawn anew: the measure yᵀH⁻¹y/n "
        "(line: its exact mean; triangles: redraws) and the test error of kernel regression. Error bars: one "
        "standard deviation over redraws. Right: the slides' bound on the error (lines; two-layer kernel, c = 2, "
        "c′ = 3, δ = 0.05) against the test error (triangles) for a linear function of points on a sphere in five "
        "dimensions, and for coin flips; above 1 (dashed) a bound says nothing. Single training sets there, no "
        "bars."
    ),
    sizes={
        "small": SHARED | {"n": 1000, "draws": 20, "ns": [50, 100, 200, 500, 1000]},
        "paper": SHARED | {"n": 1000, "draws": 100, "ns": [50, 100, 200, 500, 1000, 2000, 5000]},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
