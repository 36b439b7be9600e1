"""PDLT 10.2: gradient descent, SGD, Newton's method and the generalised squared error end at one prediction."""

from __future__ import annotations

import numpy as np

from ntklab import datasets
from ntklab.dynamics import max_stable_step, newton_step, newton_tensor, sgd, train_outputs
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, nngp, ntk

NET = MLP(2, "relu", C_W=2.0, C_b=0.1)
N, M, D = 8, 20, 10


def units(settings: Settings) -> list[Unit]:
    """One for each algorithm, and one for each number of features of a linear model."""
    marks, seed = settings["marks"], settings["seed"]
    algorithms = [
        Unit(name, outputs_by_step, {"algorithm": name, "marks": marks, "seed": seed})
        for name in ("gradient descent", "SGD", "other metric", "Newton")
    ]
    return algorithms + [
        Unit(f"{p} features", sgd_on_features, {"p": p, "marks": marks, "seed": seed}) for p in settings["features"]
    ]


def outputs_by_step(algorithm: str, marks: list[int], seed: int, device: str) -> Arrays:
    """Largest distance, over the test inputs, from the prediction of one Newton step; after each of ``marks`` steps."""
    rng = np.random.default_rng(seed)
    X = datasets.sphere(N + M, D, rng=rng, radius=np.sqrt(D))
    y = rng.choice([-1.0, 1.0], size=N)
    f0 = rng.multivariate_normal(np.zeros(N + M), nngp(X, mlp=NET), method="cholesky")  # a network before training
    Theta, Theta_test = ntk(X[:N], mlp=NET), ntk(X[N:], X[:N], mlp=NET)
    limit = newton_step(Theta, Theta_test, y, f0[:N], f0[N:])
    weights = np.diag(rng.uniform(0.3, 3.0, size=N))  # the generalised squared error (10.22) with unequal weights
    metric = {"other metric": weights, "Newton": newton_tensor(Theta)}.get(algorithm)
    eta = max_stable_step(Theta, 1) / 2
    if algorithm == "other metric":
        eta = 1 / float(np.linalg.eigvals(Theta @ weights).real.max())
    elif algorithm == "Newton":
        eta = 1.0
    batch = 2 if algorithm == "SGD" else None
    z, z_test, done, gaps = f0[:N], f0[N:], 0, []
    for mark in marks:
        z, z_test, _ = train_outputs(
            Theta,
            Theta_test,
            y,
            z,
            z_test,
            eta,
            mark - done,
            metric=metric,
            batch_size=batch,
            rng=rng if batch else None,
        )
        done = mark
        gaps.append(np.abs(z_test - limit).max())
    return {"gap": np.array(gaps), "size": np.abs(limit).max()}


def sgd_on_features(p: int, marks: list[int], seed: int, device: str) -> Arrays:
    """Constant-step SGD on random features: distance of the outputs from the best fit, root mean square."""
    rng = np.random.default_rng([seed, p])
    Phi, y = rng.normal(size=(N, p)) / np.sqrt(p), rng.normal(size=N)
    best = Phi @ np.linalg.lstsq(Phi, y, rcond=None)[0]
    w, zero, done, gaps = np.zeros(p), np.zeros(N), 0, []
    eta = 1 / float((Phi**2).sum(1).max())
    for mark in marks:
        w, _ = sgd(Phi, y, w, Phi @ w, eta, mark - done, rng=rng)
        done = mark
        gaps.append(np.sqrt(((Phi @ w - best) ** 2).mean()))
    return {"gap": np.array(gaps), "size": np.sqrt(((best - zero) ** 2).mean())}


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Distances in units of the limit."""
    data: Data = {"marks": np.array(settings["marks"]), "settings": settings}
    data["algorithms"] = ["gradient descent", "SGD", "other metric", "Newton"]
    data["features"] = np.array(settings["features"])
    data["gap"] = np.stack([results[name]["gap"] / results[name]["size"] for name in data["algorithms"]])
    names = [f"{p} features" for p in settings["features"]]
    data["sgd_gap"] = np.stack([results[name]["gap"] / results[name]["size"] for name in names])
    return data


def agreement(data: Data) -> list[Check]:
    """One limit to rounding; SGD with a constant step arrives if and only if it can interpolate."""
    last = data["marks"] > data["marks"][-1] / 10
    checks = [
        Check(f"{name}: distance from the limit after {data['marks'][-1]:,} steps", float(gap[-1]), high=1e-10)
        for name, gap in zip(data["algorithms"], data["gap"], strict=True)
    ]
    i = data["algorithms"].index("Newton")
    checks.append(Check("Newton: distance after one step", float(data["gap"][i][0]), high=1e-10))
    for p, gap in zip(data["features"], data["sgd_gap"], strict=True):
        name = f"SGD, {p} features for {N} samples: "
        if p >= N:
            checks.append(Check(name + "distance at the end", float(gap[-1]), high=1e-6))
        else:
            checks.append(Check(name + "least distance in the last decade", float(gap[last].min()), low=1e-2))
    return checks


def _marks(last: int) -> list[int]:
    return sorted({int(step) for step in np.geomspace(1, last, 60)})


EXPERIMENT = Experiment(
    name="one-limit",
    title="Different algorithms, one prediction",
    caption=(
        "Left: infinitely wide networks (two hidden ReLU layers, eight training points, one draw of the initial "
        "outputs) trained by gradient descent, SGD with batches of two, descent on a squared error with another "
        "metric, and Newton's method: largest distance of the test predictions from their common limit, in units "
        "of it. Right: SGD with a constant step on a linear model of p random features and eight samples; it "
        "settles where it can interpolate, p ≥ 8, and fluctuates for ever where it cannot. Single runs: no error "
        "bars or standard errors."
    ),
    sizes={
        "small": {"marks": _marks(20_000), "features": [4, 20], "seed": 0},
        "paper": {"marks": _marks(200_000), "features": [4, 20], "seed": 0},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
