"""Eigenvalues of network kernels on the circle, the cube and the sphere: formula against matrices and sampling."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import eval_gegenbauer
from scipy.stats import beta

from ntklab import datasets
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.kernels import MLP, ntk
from ntklab.spectra import circle, hypercube, profile_of, sphere

DOMAINS = ("circle", "cube", "sphere")
NETS = {
    "1 hidden, no bias": MLP(1, "relu", C_W=2.0, C_b=0.0),
    "1 hidden": MLP(1, "relu", C_W=2.0, C_b=0.1),
    "4 hidden": MLP(4, "relu", C_W=2.0, C_b=0.1),
}


def units(settings: Settings) -> list[Unit]:
    """One for each domain and network."""
    return [
        Unit(f"{domain}, {net}", WORK[domain], {"net": net, **settings[domain]})
        for domain in DOMAINS
        for net in settings["nets"]
    ]


def _kernel(net: str) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return lambda X, Z: ntk(X, Z, mlp=NETS[net])


def on_circle(net: str, points: int, device: str) -> Arrays:
    """By cosine transform, and from the whole kernel matrix."""
    profile = profile_of(_kernel(net), 2, radius=1.0)
    spectrum = circle(lambda angle: profile(np.cos(angle)), points)
    matrix = np.linalg.eigvalsh(ntk(datasets.circle(points), mlp=NETS[net])) / points
    return _beside(spectrum, matrix, float(profile(np.ones(1))[0]))


def on_cube(net: str, d: int, device: str) -> Arrays:
    """By Krawtchouk sums, and from the whole kernel matrix."""
    profile = profile_of(_kernel(net), d)
    matrix = np.linalg.eigvalsh(ntk(datasets.cube(d), mlp=NETS[net])) / 2**d
    return _beside(hypercube(profile, d), matrix, float(profile(np.ones(1))[0]))


def _beside(spectrum: object, matrix: np.ndarray, diagonal: float) -> Arrays:
    """Levels in order of size claim their share of the matrix's eigenvalues; each gets the mean of its own."""
    values, counts = np.asarray(spectrum.eigenvalues), np.asarray(spectrum.multiplicities).astype(int)  # type: ignore[attr-defined]
    falling, found, start = np.sort(matrix)[::-1], np.empty(len(values)), 0
    for level in np.argsort(-values, kind="stable"):
        found[level] = falling[start : start + counts[level]].mean()
        start += counts[level]
    trace = float((values * counts).sum()) + spectrum.tail  # type: ignore[attr-defined]
    return {
        "levels": np.arange(len(values)),
        "formula": values,
        "found": found,
        "se": np.zeros(len(values)),
        "trace_gap": np.array(abs(trace / diagonal - 1)),
    }


def on_sphere(net: str, d: int, k_max: int, pairs: int, draws: int, seed: int, device: str) -> Arrays:
    """By quadrature, and as the mean of k(x, x′) P_k(x·x′) over random pairs, which is λ_k."""
    profile = profile_of(_kernel(net), d)
    spectrum = sphere(profile, d, k_max)
    alpha, rng, means = d / 2 - 1, np.random.default_rng(seed), np.empty((draws, k_max + 1))
    for draw in range(draws):
        # the cosine of two random directions has a beta distribution; one from each of ``pairs`` equal shares of it
        share = (np.arange(pairs) + rng.random(pairs)) / pairs
        cosine = 2 * beta.ppf(share, (d - 1) / 2, (d - 1) / 2) - 1
        values = np.asarray(profile(cosine))
        for k in range(k_max + 1):
            legendre = eval_gegenbauer(k, alpha, cosine) / eval_gegenbauer(k, alpha, 1.0)
            means[draw, k] = (values * legendre).mean()
    found, se = means.mean(0), means.std(0, ddof=1) / math.sqrt(draws)
    diagonal = float(profile(np.ones(1))[0])
    return {
        "levels": np.arange(k_max + 1),
        "formula": np.asarray(spectrum.eigenvalues),
        "found": found,
        "se": se,
        "trace_gap": np.array(abs(spectrum.trace / diagonal - 1)),
    }


WORK: dict[str, Callable[..., Arrays]] = {"circle": on_circle, "cube": on_cube, "sphere": on_sphere}


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Levels of a domain, and by network formula, what was found, and its standard error."""
    data: Data = {"domains": list(DOMAINS), "nets": settings["nets"], "settings": settings}
    for domain in DOMAINS:
        found = [results[f"{domain}, {net}"] for net in settings["nets"]]
        data[f"{domain}_levels"] = found[0]["levels"]
        for key in ("formula", "found", "se", "trace_gap"):
            data[f"{domain}_{key}"] = np.stack([arrays[key] for arrays in found])
    return data


def agreement(data: Data) -> list[Check]:
    """Rounding on circle and cube, five standard errors on the sphere, and the trace everywhere."""
    checks = []
    for domain in DOMAINS:
        formula, found, se = (data[f"{domain}_{key}"] for key in ("formula", "found", "se"))
        if domain == "sphere":
            worst = float((np.abs(found - formula) / se).max())
            checks.append(Check("sphere: largest gap to sampling, in standard errors", worst, high=5.0))
        else:
            worst = float((np.abs(found - formula) / formula.max(1, keepdims=True)).max())
            checks.append(Check(f"{domain}: largest gap to the matrix, of the largest eigenvalue", worst, high=1e-12))
        checks.append(Check(f"{domain}: Σ m λ / k(x, x) − 1", float(data[f"{domain}_trace_gap"].max()), high=1e-9))
    return checks


SHARED: Settings = {"nets": list(NETS), "circle": {"points": 64}, "seed": 0}
EXPERIMENT = Experiment(
    name="spectra",
    title="Spectra of circle, cube and sphere",
    caption=(
        "Eigenvalues of the ReLU network's tangent kernel by level (frequency, number of bits, degree). Lines are "
        "formulas; triangles are eigenvalues of the whole kernel matrix (circle, cube) or means over random pairs "
        "(sphere; bars of one standard error, mostly hidden by them). Without biases one hidden layer has no odd "
        "levels from k = 3 on: they are left out, as logarithms have no zero."
    ),
    sizes={
        "small": SHARED | {"cube": {"d": 8}, "sphere": {"d": 5, "k_max": 12, "pairs": 20_000, "draws": 30, "seed": 0}},
        "paper": SHARED
        | {"cube": {"d": 12}, "sphere": {"d": 5, "k_max": 20, "pairs": 100_000, "draws": 100, "seed": 0}},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
