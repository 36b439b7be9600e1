"""How a finite network's tangent kernel reaches the formula, on digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ntklab import datasets
from ntklab._check import integer
from ntklab.empirical import empirical_ntk, verify_network_limit
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, ntk
from ntklab.networks import NTKNet


def finite_width(
    widths: Sequence[int] = (32, 64, 128, 256, 512, 1024, 2048),
    seeds: int = 20,
    n: int = 24,
    activations: Sequence[str] = ("relu", "erf"),
    rng: int = 0,
) -> Data:
    """The kernel of random one-hidden-layer networks against its infinite-width formula, by width.

    Args:
        widths: hidden widths.
        seeds: networks per width.
        n: how many digits (8 × 8 images scaled to unit norm) the kernels compare.
        activations: names of the nonlinearities.
        rng: seed of the choice of images.

    Returns:
        ``widths`` (k,); per activation ``error_NAME`` (k,), the root mean square over the seeds of ‖Θ̂ − Θ‖_F/‖Θ‖_F, its
        ``se_NAME`` (k,), ``slope_NAME`` and ``slope_se_NAME`` (theory: −1/2); and for the first activation the pairs
        ``formula`` (n(n+1)/2,) with ``narrow`` and ``wide``, the entries of one network of the smallest and of the
        largest width.
    """
    from ntklab.experiments.runner import run

    chosen = {"widths": [int(width) for width in widths], "seeds": seeds, "n": integer("n", n, 2), "seed": rng}
    return run(EXPERIMENT, settings={**chosen, "activations": list(activations)})


def units(settings: Settings) -> list[Unit]:
    """The errors of each activation, and the entries of two networks."""
    shared = {name: settings[name] for name in ("widths", "n", "seed")}
    ends = Unit("entries", entries, {**shared, "activation": settings["activations"][0]}, cost=0.1)
    sweeps = [
        Unit(f"errors-{name}", errors, {**shared, "seeds": settings["seeds"], "activation": name})
        for name in settings["activations"]
    ]
    return [*sweeps, ends]


def _images(n: int, seed: int) -> np.ndarray:
    images, _ = datasets.digits(scaling="unit_norm")
    return images[np.random.default_rng(seed).choice(len(images), size=n, replace=False)]


def errors(activation: str, widths: list[int], seeds: int, n: int, seed: int, device: str) -> Arrays:
    """Error by width, with its standard error and slope."""
    mlp = MLP(1, activation, C_W=2.0, C_b=0.0)
    where = "cpu" if device == "mps" else device  # float64
    report = verify_network_limit(mlp, _images(n, seed), widths=widths, seeds=range(seeds), device=where)
    slope = {"slope": np.array(report.slope), "slope_se": np.array(report.slope_error)}
    return {"error": report.errors, "se": report.standard_errors, **slope}


def entries(activation: str, widths: list[int], n: int, seed: int, device: str) -> Arrays:
    """The lower triangle of the formula, and of the kernels of a narrow and of a wide network."""
    X, lower = _images(n, seed), np.tril_indices(n)
    found = {"formula": ntk(X, mlp=MLP(1, activation, C_W=2.0, C_b=0.0))[lower]}
    for label, width in (("narrow", min(widths)), ("wide", max(widths))):
        net = NTKNet(X.shape[1], width, activation=activation, C_W=2.0, C_b=0.0, seed=seed)
        found[label] = np.asarray(empirical_ntk(net, X))[lower]
    return found


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """One flat set of names; see :func:`finite_width`."""
    data: Data = {name: settings[name] for name in ("seeds", "n", "activations")}
    data |= {"widths": np.array(settings["widths"]), "settings": settings, **results["entries"]}
    for name in settings["activations"]:
        found = results[f"errors-{name}"]
        data |= {f"error_{name}": found["error"], f"se_{name}": found["se"]}
        data |= {f"slope_{name}": float(found["slope"]), f"slope_se_{name}": float(found["slope_se"])}
    return data


def agreement(data: Data) -> list[Check]:
    """The slope is −1/2 within 0.05: five standard errors of 20 networks are 0.06, and ReLU lies at −0.49."""
    return [
        Check(f"slope of the error in the width, {name}", float(data[f"slope_{name}"]), -0.55, -0.45)
        for name in data["activations"]
    ]


SHARED: Settings = {"activations": ["relu", "erf"], "n": 24, "seed": 0}
EXPERIMENT = Experiment(
    name="finite-width",
    title="From the finite network to the formula",
    caption=(
        "Tangent kernels of random networks with one hidden layer against the infinite-width formula, on digits. "
        "Left: every entry of one narrow and of one wide network's kernel. Right: relative error in the Frobenius "
        "norm, root mean square over networks, with bars of one standard error; lines have slope −1/2."
    ),
    sizes={
        "small": SHARED | {"widths": [32, 64, 128, 256, 512, 1024, 2048], "seeds": 20},
        "paper": SHARED | {"widths": [2**i for i in range(5, 15)], "seeds": 50},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
