"""Two measurements by delta: the coefficient of the curvature, and the order of the variance."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING

import torch

from ntklab._check import Array, vector
from ntklab.interpolation.exact import star_polate, star_polation_variance
from ntklab.interpolation.expansion import delta_components
from ntklab.interpolation.line import enter64

if TYPE_CHECKING:
    from ntklab.kernels import MLP


def check_coefficient(
    mlp: MLP,
    x0: Array,
    direction: Array,
    deltas: Array,
    s: float = 0.3,
    y_plus: float = 1.0,
    y_minus: float = 1.0,
) -> Array:
    r"""Exact curvature of the mean prediction over the one that the book prints, for inputs x_0 +- delta direction / 2.

    The printed law is PDLT (10.113) averaged over the ensemble; at equal norms its coefficient is the 4 of (10.115).
    The ratio tends to 1/4 as delta falls, for smooth activations, when x_0 . direction = 0 (equal norms) and
    y_plus - y_minus = O(delta). Below delta of about 0.005 rounding wins.

    Args:
        mlp: the network.
        x0, direction: shape ``(d,)``.
        deltas: shape ``(k,)``, greater than 0.
        s: place on the line, not 0 or 1.
        y_plus, y_minus: true outputs.

    Returns:
        The ratio for each delta, shape ``(k,)``.

    >>> from ntklab.kernels import MLP
    >>> erf = MLP(hidden_layers=2, activation="erf", C_W=1.5, C_b=0.1, lambda_W=1.0, lambda_b=0.3)
    >>> check_coefficient(erf, [1.0, 0.0], [0.0, 1.0], [0.2, 0.05]).round(3)
    array([0.247, 0.25 ])
    """
    s = _place(s)
    if s in (0.0, 1.0):
        raise ValueError(f"s must not be 0 or 1, where the prediction is exact; got {s}")

    def ratio(x_plus: torch.Tensor, x_minus: torch.Tensor) -> float:
        exact = star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s) - (s * y_plus + (1 - s) * y_minus)
        part = delta_components(mlp, x_plus, x_minus)
        first, second = part["dTheta_1"], part["ddTheta_2"]
        printed = 2 * part["ddTheta_0"] / (part["Theta_00"] * second - first**2)
        printed *= -s * (1 - s) * (2 * second * (y_plus + y_minus) - first * (y_plus - y_minus))
        if abs(printed) <= 1e-14 * (abs(y_plus) + abs(y_minus)):
            raise ValueError(
                "the network has no curvature to compare: it is linear, or y_plus + y_minus = 0 at equal norms"
            )
        return float(exact) / printed

    return _by_delta(ratio, x0, direction, deltas)


def variance_by_delta(mlp: MLP, x0: Array, direction: Array, deltas: Array, s: float = 0.3) -> Array:
    r"""Ensemble variance at s for training inputs x_0 +- delta direction / 2, by delta.

    Its log-log slope is the order in delta: 4 for smooth activations, 3 for ReLU; PDLT (10.117) has O(delta^3) for all.

    Args:
        mlp, x0, direction, deltas, s: as in :func:`check_coefficient`.

    Returns:
        The variance for each delta, shape ``(k,)``.

    >>> import numpy as np
    >>> from ntklab.kernels import MLP
    >>> v = variance_by_delta(MLP(2, "erf", C_W=1.5, C_b=0.1), [1.0, 0.0], [0.0, 1.0], [0.1, 0.05])
    >>> round(float(np.log2(v[0] / v[1])), 1)
    4.0
    """
    s = _place(s)
    return _by_delta(lambda plus, minus: float(star_polation_variance(mlp, plus, minus, s)), x0, direction, deltas)


def _by_delta(
    measure: Callable[[torch.Tensor, torch.Tensor], float], x0: Array, direction: Array, deltas: Array
) -> Array:
    (x0, direction, deltas), leave = enter64(x0=x0, direction=direction, deltas=deltas)
    vector("x0", x0)
    vector("direction", direction, length=len(x0), of="x0")
    vector("deltas", deltas)
    if not bool((deltas > 0).all()):
        raise ValueError(f"deltas must be greater than 0; got {float(deltas.min())}")
    if not bool(direction.any()):
        raise ValueError("direction must not be the zero vector")
    values = [measure(x0 + delta * direction / 2, x0 - delta * direction / 2) for delta in deltas]
    return leave(torch.tensor(values, dtype=torch.float64))


def _place(s: float) -> float:
    if not isinstance(s, Real) or not math.isfinite(s):
        raise ValueError(f"s must be a finite number; got {s!r}")
    return float(s)
