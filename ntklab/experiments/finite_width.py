"""How a finite network's tangent kernel reaches the formula, on digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ntklab import datasets
from ntklab._check import integer
from ntklab.empirical import empirical_ntk, verify_network_limit
from ntklab.kernels import MLP, ntk
from ntklab.networks import NTKNet


def finite_width(
    widths: Sequence[int] = (32, 64, 128, 256, 512, 1024, 2048),
    seeds: int = 20,
    n: int = 24,
    activations: Sequence[str] = ("relu", "erf"),
    rng: int = 0,
) -> dict[str, Any]:
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
    n = integer("n", n, 2)
    images, _ = datasets.digits(scaling="unit_norm")
    chosen = np.random.default_rng(rng).choice(len(images), size=n, replace=False)
    X = images[chosen]
    data: dict[str, Any] = {"widths": np.array(list(widths)), "seeds": seeds, "n": n, "activations": list(activations)}
    for name in activations:
        report = verify_network_limit(MLP(1, name, C_W=2.0, C_b=0.0), X, widths=widths, seeds=range(seeds))
        data[f"error_{name}"], data[f"se_{name}"] = report.errors, report.standard_errors
        data[f"slope_{name}"], data[f"slope_se_{name}"] = report.slope, report.slope_error
    mlp = MLP(1, activations[0], C_W=2.0, C_b=0.0)
    lower = np.tril_indices(n)
    data["formula"] = ntk(X, mlp=mlp)[lower]
    for label, width in (("narrow", min(widths)), ("wide", max(widths))):
        net = NTKNet(X.shape[1], int(width), activation=activations[0], C_W=2.0, C_b=0.0, seed=rng)
        data[label] = np.asarray(empirical_ntk(net, X))[lower]
    return data
