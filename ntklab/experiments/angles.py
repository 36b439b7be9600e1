"""PDLT 10.3.2: the angle between two inputs in the frozen NTK of deep scale-invariant networks."""

from __future__ import annotations

import numpy as np

from ntklab.depth import angle_recursion, scale_invariant_constants
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, ntk

# theory.md's values for the ReLU at l = 10, 100, ... (λ_b = 0), computed by independent code
KNOWN = {1.0: [0.3884, 0.2787, 0.2539, 0.2505, 0.25006], 0.3: [0.6813, 0.3281, 0.2588, 0.2510, 0.2501]}


def units(settings: Settings) -> list[Unit]:
    """The recursion for each activation and angle."""
    return [
        Unit(f"{name} {psi}", recursion, {"activation": name, "psi": psi, "depth": settings["depth"]})
        for name in settings["activations"]
        for psi in settings["psis"]
    ] + [
        Unit(f"kernel {psi}", kernel, {"psi": psi, "depths": settings["kernel_depths"]}, cost=0.1)
        for psi in settings["psis"]
    ]


def recursion(activation: str, psi: float, depth: int, device: str) -> Arrays:
    """cos ψ and cos ζ of every layer, (depth,) each."""
    _, rho = scale_invariant_constants(activation)
    angles, cos_zeta = angle_recursion(rho, psi, depth)
    return {"psi": np.asarray(angles), "cos_zeta": np.asarray(cos_zeta), "rho": np.array(rho)}


def kernel(psi: float, depths: list[int], device: str) -> Arrays:
    """cos ζ from the NTK itself, of a ReLU network of so many weight layers with rates λ_W/L and no λ_b."""
    X = np.sqrt(2) * np.array([[1.0, 0.0], [np.cos(psi), np.sin(psi)]])
    found = []
    for depth in depths:
        Theta = ntk(X, mlp=MLP(depth - 1, "relu", C_W=2.0, C_b=0.0, lambda_W=1.0 / depth, lambda_b=0.0))
        found.append(Theta[0, 1] / np.sqrt(Theta[0, 0] * Theta[1, 1]))
    return {"cos_zeta": np.array(found)}


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Curves thinned to evenly spaced points in log depth; ``cos_zeta`` (activations, angles, layers)."""
    names, psis, depth = settings["activations"], settings["psis"], settings["depth"]
    layers = np.unique(np.geomspace(1, depth, 400).astype(int))
    data: Data = {"layers": layers, "psis": np.array(psis), "activations": names, "settings": settings}
    for key in ("cos_zeta", "psi"):
        data[key] = np.array([[results[f"{name} {psi}"][key][layers - 1] for psi in psis] for name in names])
    data["rho"] = np.array([float(results[f"{name} {psis[0]}"]["rho"]) for name in names])
    data["kernel_depths"] = np.array(settings["kernel_depths"])
    data["kernel"] = np.stack([results[f"kernel {psi}"]["cos_zeta"] for psi in psis])
    decades = [10**i for i in range(1, 6) if 10**i <= depth]
    data["decades"] = np.array(decades)
    relu = {psi: results[f"relu {psi}"] for psi in psis}
    data["relu_at_decades"] = np.stack([relu[psi]["cos_zeta"][np.array(decades) - 1] for psi in psis])
    data["relu_at_kernel"] = np.stack([relu[psi]["cos_zeta"][data["kernel_depths"] - 1] for psi in psis])
    return data


def agreement(data: Data) -> list[Check]:
    """The recursion against known values and against whole kernels, and its limits at the last layer."""
    checks = [
        Check(
            f"ReLU from ψ = {psi:g}: largest |cos ζ − known| at ℓ = 10, 100, …",
            float(np.abs(found - KNOWN[float(psi)][: len(found)]).max()),
            high=6e-5,  # half a digit of the shortest known value
        )
        for psi, found in zip(data["psis"], data["relu_at_decades"], strict=True)
        if float(psi) in KNOWN
    ]
    gap = np.abs(data["kernel"] - data["relu_at_kernel"]).max()
    last, psi = data["layers"][-1], data["psi"][:, :, -1]
    checks.append(Check("ReLU: largest |cos ζ of the recursion − of the whole NTK|", float(gap), high=1e-9))
    away = np.abs(data["cos_zeta"][..., -1] - 0.25).max()
    checks.append(Check(f"kinked activations: largest |cos ζ − 1/4| at ℓ = {last:,}", float(away), high=0.005))
    decay = np.abs(psi * last * data["rho"][:, None] / 3 - 1).max()
    checks.append(Check(f"kinked activations: largest |ψ ρ ℓ/3 − 1| at ℓ = {last:,}", float(decay), high=0.01))
    return checks


SHARED: Settings = {"activations": ["relu", "leaky_relu:0.2", "leaky_relu:-1"], "psis": [1.0, 0.3], "seed": None}
EXPERIMENT = Experiment(
    name="angles",
    title="Deep scale-invariant networks forget the angle: cos ζ → 1/4",
    caption=(
        "Cosine of the angle that two inputs make in the frozen tangent kernel, by layer, at criticality and with "
        "rates λ/L. From whichever angle ψ one starts, every activation with a kink ends at 1/4 (dashed). Right: "
        "its approach, |cos ζ − 1/4|, like ln ℓ/ℓ. Lines are the recursion, triangles whole ReLU kernels; there is "
        "nothing random here, hence no error bars."
    ),
    sizes={
        "small": SHARED | {"depth": 100_000, "kernel_depths": [2, 5, 10, 30, 100, 300]},
        "paper": SHARED | {"depth": 1_000_000, "kernel_depths": [2, 5, 10, 30, 100, 300, 1000]},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
