"""PDLT 10.1: training moves a wide network's kernel and representation less and less."""

from __future__ import annotations

import numpy as np

from ntklab import datasets
from ntklab.depth import fit_exponent
from ntklab.dynamics import max_stable_step
from ntklab.empirical import kernel_drift, representation_change
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, ntk
from ntklab.networks import NTKNet, train_ensemble

D, N = 10, 16


def units(settings: Settings) -> list[Unit]:
    """The networks of one activation and width."""
    shared = {name: settings[name] for name in ("seeds", "steps", "seed")}
    return [
        Unit(f"{name}-{width}", trained, {**shared, "activation": name, "width": width}, cost=20 + width)
        for name in settings["activations"]
        for width in settings["widths"]
    ]


def trained(activation: str, width: int, seeds: int, steps: int, seed: int, device: str) -> Arrays:
    """Relative change, by training, of the kernel and of the hidden preactivations; (seeds,) each.

    Networks of every width have the same data and the same step, half of the largest stable one.
    """
    rng = np.random.default_rng(seed)
    X = datasets.sphere(N, D, rng=rng, radius=np.sqrt(D))
    y = rng.choice([-1.0, 1.0], size=N)
    mlp = MLP(1, activation, C_W=2.0, C_b=0.0)
    eta = max_stable_step(ntk(X, mlp=mlp), N) / 2
    ensemble = train_ensemble(
        lambda s: NTKNet.from_mlp(mlp, D, width, seed=s), range(seeds), X, y, eta=eta, steps=steps, device=where(device)
    )
    pairs = [(before.cpu(), after.cpu()) for before, after in zip(ensemble.start_nets, ensemble.nets, strict=True)]
    return {
        "drift": np.array([kernel_drift(before, after, X) for before, after in pairs]),
        "change": np.array([representation_change(before, after, X) for before, after in pairs]),
        "loss": np.asarray(ensemble.losses)[:, -1],
    }


def where(device: str) -> str:
    """Small changes want float64, which MPS has not."""
    return "cpu" if device == "mps" else device


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Root mean square over the networks, its standard error, and the slope in the width."""
    names, widths = settings["activations"], np.array(settings["widths"])
    data: Data = {"activations": names, "widths": widths, "seeds": settings["seeds"], "settings": settings}
    for key in ("drift", "change"):
        squares = np.array([[results[f"{name}-{width}"][key] ** 2 for width in widths] for name in names])
        rms = np.sqrt(squares.mean(2))
        data[key] = rms
        data[f"{key}_se"] = squares.std(2, ddof=1) / np.sqrt(settings["seeds"]) / (2 * rms)
        data[f"{key}_slope"] = np.array([fit_exponent(widths, row) for row in rms])
    return data


def agreement(data: Data) -> list[Check]:
    """Representations move like m^(−1/2); kernels like 1/m if σ is smooth, and slower where units switch sign."""
    checks = []
    for i, name in enumerate(data["activations"]):
        checks.append(
            Check(f"{name}: slope of the representation change", float(data["change_slope"][i]), -0.55, -0.45)
        )
        low, high = (-0.9, -0.6) if name == "relu" else (-1.06, -0.94)
        checks.append(Check(f"{name}: slope of the kernel drift", float(data["drift_slope"][i]), low, high))
    return checks


SHARED: Settings = {"activations": ["tanh", "relu"], "steps": 200, "seed": 0}
EXPERIMENT = Experiment(
    name="kernel-drift",
    title="Wide networks keep their kernel and their representation",
    caption=(
        "How far 200 steps of training move the tangent kernel (left) and the hidden preactivations (right) of "
        "networks with one hidden layer, relative to their size, by width. Root mean square over networks, with "
        "bars of one standard error. Lines have the slopes of theory: −1/2 for representations, −1 for the kernel "
        "of smooth activations; the ReLU's kernel, whose units switch sign, follows no simple power (its line is a "
        "fit)."
    ),
    sizes={
        "small": SHARED | {"widths": [128, 256, 512, 1024, 2048, 4096], "seeds": 10},
        "paper": SHARED | {"widths": [2**i for i in range(7, 15)], "seeds": 30},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
