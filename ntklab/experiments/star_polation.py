"""PDLT 10.4: what a trained wide network predicts on the line through its two training inputs."""

from __future__ import annotations

import numpy as np

from ntklab.depth import fit_exponent
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.interpolation import (
    check_coefficient,
    curvature_prediction,
    delta_components,
    linear_star_polation,
    star_polate,
    star_polation_variance,
    variance_by_delta,
)
from ntklab.kernels import MLP

X0, DIRECTION = np.array([1.0, 0.0]), np.array([0.0, 1.0])  # orthogonal: the two inputs have one norm


def architecture(activation: str) -> MLP:
    """Three weight layers; rates apart from variances, so that the test sees both."""
    return MLP(2, activation, C_W=1.5, C_b=0.1, lambda_W=1.0, lambda_b=0.3)


def units(settings: Settings) -> list[Unit]:
    """One for each activation."""
    shared = {name: settings[name] for name in ("far", "deltas", "smooth_deltas")}
    return [Unit(name, curves, {"activation": name, **shared}) for name in settings["activations"]]


def curves(activation: str, far: float, deltas: list[float], smooth_deltas: list[float], device: str) -> Arrays:
    """Mean and standard deviation on the line of far inputs, and laws for near ones."""
    mlp, s = architecture(activation), np.linspace(-1.0, 2.0, 121)
    plus, minus = X0 + far / 2 * DIRECTION, X0 - far / 2 * DIRECTION
    found = {
        "mean": np.asarray(star_polate(mlp, plus, minus, 1.0, -1.0, s)),
        "same": np.asarray(star_polate(mlp, plus, minus, 1.0, 1.0, s)),
        "sd": np.sqrt(np.asarray(star_polation_variance(mlp, plus, minus, s)).clip(0)),
        "line": np.asarray(linear_star_polation(1.0, -1.0, s)),
        "variance": np.asarray(variance_by_delta(mlp, X0, DIRECTION, deltas)),
    }
    if activation not in ("relu", "linear"):  # a kink, or no curvature at all
        found["to_book"] = np.asarray(check_coefficient(mlp, X0, DIRECTION, smooth_deltas))
        exact, law = [], []
        for delta in smooth_deltas:
            plus, minus = X0 + delta / 2 * DIRECTION, X0 - delta / 2 * DIRECTION
            exact.append(float(star_polate(mlp, plus, minus, 1.0, 1.0, 0.5)) - 1)
            law.append(float(curvature_prediction(delta_components(mlp, plus, minus), 1.0, 1.0, 0.5)) - 1)
        found["to_law"] = np.array(exact) / np.array(law)
    return found


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """One flat set of names, activations first."""
    names = settings["activations"]
    data: Data = {"s": np.linspace(-1.0, 2.0, 121), "activations": names, "settings": settings}
    for key in ("mean", "same", "sd", "line", "variance"):
        data[key] = np.stack([results[name][key] for name in names])
    data["deltas"], data["smooth_deltas"] = np.array(settings["deltas"]), np.array(settings["smooth_deltas"])
    data["smooth"] = [name for name in names if "to_law" in results[name]]
    for key in ("to_book", "to_law"):
        data[key] = np.stack([results[name][key] for name in data["smooth"]])
    return data


def agreement(data: Data) -> list[Check]:
    """The linear network's line, the corrected coefficient, and the order of the variance."""
    names, deltas = data["activations"], data["smooth_deltas"]
    checks = []
    if "linear" in names:
        i = names.index("linear")
        checks.append(
            Check(
                "linear network: largest distance from the line",
                float(np.abs(data["mean"] - data["line"])[i].max()),
                high=1e-9,
            )
        )
    for name, ratios, book in zip(data["smooth"], data["to_law"], data["to_book"], strict=True):
        # the remainder falls like δ²: a quarter of it at half the distance
        remainder = (1 - float(ratios[-2])) / (1 - float(ratios[-1])) * float(deltas[-1] / deltas[-2]) ** 2
        checks.append(Check(f"{name}: remainder of the law, over δ²", remainder, 0.95, 1.05))
        checks.append(Check(f"{name}: curvature over the law at δ = {deltas[-1]:g}", float(ratios[-1]), 0.995, 1.005))
        checks.append(Check(f"{name}: curvature over the book's law (coefficient 4)", float(book[-1]), 0.2475, 0.2525))
    for name, variance in zip(names, data["variance"], strict=True):
        if name != "linear":
            order = fit_exponent(data["deltas"], variance)
            law = 3.0 if name == "relu" else 4.0
            checks.append(Check(f"{name}: order of the variance in δ", order, law - 0.05, law + 0.05))
    return checks


SHARED: Settings = {
    "activations": ["linear", "relu", "erf", "tanh", "gelu"],
    "far": 2.0,
    "deltas": [0.2, 0.1, 0.05, 0.02, 0.01],
    "smooth_deltas": [0.5, 0.2, 0.1, 0.05, 0.02],
    "seed": None,
}
EXPERIMENT = Experiment(
    name="star-polation",
    title="Between and beyond two training points",
    caption=(
        "Prediction of infinitely wide networks (three weight layers) on the line through two training inputs; s = "
        "1 and s = 0 are the inputs, with targets 1 and −1. Left: mean over the ensemble, with a band of one "
        "standard deviation of the trained networks for ReLU. Right: for near inputs at distance δ with equal "
        "targets, the exact curvature over the second-order law; with coefficient 1 the ratio goes to 1, with the "
        "4 that the book prints to 1/4. Lines and triangles are exact kernel values; there is nothing random here."
    ),
    sizes={"small": SHARED, "paper": SHARED},
    units=units,
    gather=gather,
    agreement=agreement,
)
