"""PDLT 10.3: how fast near inputs are told apart with depth, in both universality classes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from ntklab.depth import (
    angle_recursion,
    depth_recursion,
    equivalence_learning_rates,
    fit_exponent,
    origin_expansion,
    scale_invariant_constants,
)
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.gaussian import activation

SHIFT = "shifted tanh, "  # tanh(z + b) − tanh b: the only family here with p⊥ ≠ 1


def units(settings: Settings) -> list[Unit]:
    """One recursion for each activation."""
    smooth = [
        Unit(name, smooth_class, {"name": name, "depth": settings["depth"], "delta2": settings["delta2"]})
        for name in settings["smooth"]
    ]
    kinked = [
        Unit(name, kinked_class, {"name": name, "depth": settings["kinked_depth"], "psi": settings["psi"]}, 0.1)
        for name in settings["kinked"]
    ]
    return smooth + kinked


def function_of(name: str) -> Any:
    """The activation of a name; ``shifted tanh, b`` is tanh(z + b) − tanh b."""
    if not name.startswith(SHIFT):
        return activation(name)
    b = float(name.removeprefix(SHIFT))
    return activation(lambda z: torch.tanh(z + b) - math.tanh(b))


def smooth_class(name: str, depth: int, delta2: float, device: str) -> Arrays:
    """K* = 0: δδK₂ by layer and the measure 2 δδΘ₂/Θ₀₀ of a network that ends there; p⊥ from the origin."""
    sigma = function_of(name)
    C_W = 1 / origin_expansion(sigma).sigma_1 ** 2
    parts = depth_recursion(sigma, 0.0, C_W, 1.0, delta2, *equivalence_learning_rates(sigma, depth))
    measure = 2 * parts["ddTheta_2"] / parts["Theta_00"]
    return {"spread": parts["ddK_2"], "measure": measure, "p": np.array(origin_expansion(sigma).p_perp)}


def kinked_class(name: str, depth: int, psi: float, device: str) -> Arrays:
    """Scale-invariant: δδK₂ = (1 − cos ψ)/2 at K = 1, the measure 1 − cos ζ; ψ falls like 1/ℓ, so that p = 2."""
    _, rho = scale_invariant_constants(name)
    angle, cos_zeta = (np.asarray(values) for values in angle_recursion(rho, psi, depth))
    return {"spread": np.sin(angle / 2) ** 2, "measure": 1 - cos_zeta, "p": np.array(2.0)}


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Thinned curves, each with its own layers, and the exponents fitted over the last three quarters of the depth."""
    names = settings["smooth"] + settings["kinked"]
    data: Data = {"names": names, "smooth": settings["smooth"], "settings": settings}
    data["p"] = np.array([float(results[name]["p"]) for name in names])
    for key in ("layers", "spread", "measure", "spread_exponent", "measure_exponent"):
        data[key] = []
    for name in names:
        depth = len(results[name]["spread"])
        layers, fitted = np.unique(np.geomspace(1, depth, 300).astype(int)), np.arange(depth // 4, depth + 1)
        data["layers"].append(layers)
        for key in ("spread", "measure"):
            data[key].append(results[name][key][layers - 1])
            data[f"{key}_exponent"].append(fit_exponent(fitted, results[name][key][fitted - 1]))
    return data


def agreement(data: Data) -> list[Check]:
    """Corrections fall like ln ℓ/ℓ, for kinked activations like 6/(ρ ψ ℓ) from a small angle ψ: 0.01 covers them."""
    checks = []
    for i, name in enumerate(data["names"]):
        p, smooth = data["p"][i], name in data["smooth"]
        law = 1 - p if smooth else 0.0
        gap = float(data["spread_exponent"][i] + p)
        checks.append(Check(f"{name}: exponent of δδK₂ minus theory's {-p:.4f}", gap, -0.01, 0.01))
        gap = float(data["measure_exponent"][i] - law)
        checks.append(Check(f"{name}: exponent of the robustness measure minus theory's {law:.4f}", gap, -0.01, 0.01))
    return checks


SHARED: Settings = {
    "smooth": ["tanh", "sin", f"{SHIFT}0.35"],
    "kinked": ["relu", "leaky_relu:0.2"],
    "delta2": 1e-3,
    "psi": 2 * math.asin(math.sqrt(1e-3)),  # the same spread at layer 1
    "seed": None,
}
EXPERIMENT = Experiment(
    name="depth-exponents",
    title="Power laws of depth in both universality classes",
    caption=(
        "Two near inputs in networks at criticality, by depth. Left: how far they stay apart, δδK₂, which falls "
        "like ℓ^(−p⊥) for smooth activations (p⊥ = 1, or less where σ″(0) ≠ 0) and like ℓ^(−2) for kinked ones. "
        "Right: how much the prediction at one input forgets of the other's, 1 − Θ₋₊/Θ₊₊: constant or slowly "
        "growing for smooth activations, 3/4 in the end for kinked ones however near the inputs. Exponents are "
        "fitted over the last three quarters of the depth; there is nothing random here, hence no error bars."
    ),
    sizes={
        "small": SHARED | {"depth": 10_000, "kinked_depth": 100_000},
        "paper": SHARED | {"depth": 100_000, "kinked_depth": 1_000_000},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
