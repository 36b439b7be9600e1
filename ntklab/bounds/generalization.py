"""Bounds on the probability of error, with given constants and with proved ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.bounds.complexity import quadratic_form, solution_norm
from ntklab.bounds.rademacher import rademacher_bound


class GeneralizationBound(float):
    """A bound on the probability of error, clipped to [0, 1], that remembers what it was made of."""

    unclipped: float
    complexity_term: float
    confidence_term: float

    def __new__(cls, complexity_term: float, confidence_term: float) -> GeneralizationBound:
        unclipped = complexity_term + confidence_term
        bound = super().__new__(cls, min(1.0, max(0.0, unclipped)))
        bound.unclipped, bound.complexity_term, bound.confidence_term = unclipped, complexity_term, confidence_term
        return bound

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.complexity_term, self.confidence_term

    @property
    def vacuous(self) -> bool:
        """Whether it says nothing: 1 or more before clipping."""
        return self.unclipped >= 1


def generalization_bound(
    H: Array, y: Array, delta: float, c: float | None = None, c_prime: float = 3.0
) -> GeneralizationBound:
    r"""Bound on the probability of error of the classifier that gradient descent finds.

    .. math:: R \le c \sqrt{\frac{y^\top H^{-1} y}{n}} + c' \sqrt{\frac{\log (n / (\lambda \delta))}{n}}, \qquad
        \lambda = \lambda_{\min}(H)

    Hadiji, class 5 slides, "Generalization for overparameterized kernel regression", simplified there from Arora et al.
    2019, Theorem 5.1. Three cautions. A number c is not scale-free: it hides max k(x, x), and 100 H in place of H
    divides the first term by 10 though the predictions are the same. With c=None the bound is that of H/max H_ii, which
    is scale-free: c is then 2 √max H_ii, 2 for a kernel of κ(1) = 1 on unit inputs. The theorem's λ is a number fixed
    beforehand, and the smallest eigenvalue of the data stands in for it. If λ_min > λ itself only holds with
    probability 1 − δ, the two failures add up: pass δ/2 for a statement of probability 1 − δ. :func:`union_bound` needs
    neither.

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: labels ±1 (|y_i| ≤ 1), minus the outputs at the start, (n,) or (n, 1).
        delta: δ in (0, 1), the probability with which the bound may fail.
        c: first constant, or None for the scale-free 2 √max H_ii.
        c_prime: second constant ≥ 0.

    Returns:
        The bound clipped to [0, 1], a float, with ``.unclipped``, ``.complexity_term``, ``.confidence_term``,
        ``.vacuous``.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, H is singular, δ is outside (0, 1), or a constant
            negative.

    >>> bound = generalization_bound(torch.eye(100).double(), torch.eye(100).double()[0], delta=0.05)
    >>> round(float(bound), 4), round(bound.complexity_term, 4), bound.vacuous
    (1.0, 0.2, True)
    """
    (H, y), _ = _check.enter(H=H, y=y)
    delta, c_prime = _probability("delta", delta), _check.nonnegative("c_prime", c_prime)
    form, n = quadratic_form(H, y)
    smallest = _smallest_eigenvalue(H)
    largest_entry = float(H.diagonal().max())
    if c is None:
        c, smallest = 2 * math.sqrt(largest_entry), smallest / largest_entry
    # λ > n would leave one radius to choose from, and never fewer.
    confidence = math.sqrt(math.log(max(n / smallest, 1) / delta) / n)
    return GeneralizationBound(_check.nonnegative("c", c) * math.sqrt(form / n), c_prime * confidence)


def union_bound_radius(H: Array, y: Array, grid: Sequence[float] | None = None) -> float:
    r"""The radius that a union bound over a grid of balls may use: the smallest grid point ≥ √(yᵀH⁻¹y).

    Hadiji, class 5 slides, "Adaptive bound": a bound for one ball fixed beforehand becomes one for the ball that the
    data choose. The grid must be fixed before the labels are seen and must reach √(n/λ), where the solution lies
    whenever |y_i| ≤ 1 (the slides let it run to yᵀH⁻¹y, which depends on the labels and, below 1, is smaller than its
    root).

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: targets minus the outputs at the start, |y_i| ≤ 1, (n,) or (n, c).
        grid: radii ≥ 0 in any order; None means 1, 2, … ⌈√(n/λ_min)⌉ in units of 1/√max H_ii, so in plain numbers for a
            kernel of κ(1) = 1 on unit inputs.

    Returns:
        The radius.

    Raises:
        ValueError: no radius of the grid is large enough, the grid is empty or negative, or as :func:`solution_norm`.

    >>> union_bound_radius([[4, 0], [0, 1]], [2, 3], grid=[1, 2, 4, 8])
    4.0
    """
    norm = solution_norm(H, y)
    if grid is None:
        (H,), _ = _check.enter(H=H)
        unit = 1 / math.sqrt(float(H.diagonal().max()))
        radii = unit * np.arange(1, math.ceil(math.sqrt(len(H) / _smallest_eigenvalue(H)) / unit) + 1)
    else:
        radii = np.sort([_check.nonnegative("grid", radius) for radius in np.ravel(grid)])
        if len(radii) == 0:
            raise ValueError("grid must hold at least one radius")
    reaching = radii[radii >= norm]
    if len(reaching) == 0:
        raise ValueError(
            f"grid must reach the solution's norm {norm:.4g}, but ends at {radii[-1]:.4g}; "
            "let it run to sqrt(n / smallest eigenvalue), which suffices for targets in [-1, 1]"
        )
    return float(reaching[0])


def union_bound(H: Array, y: Array, delta: float, grid: Sequence[float] | None = None) -> GeneralizationBound:
    r"""A bound on the probability of error with its constants proved, from data-dependent radii.

    .. math:: R \le \frac{2 W_j \sqrt{\operatorname{tr} H}}{n} + 3 \sqrt{\frac{\log (2 / \delta_j)}{2 n}}, \qquad
        W_j = \min\{W \in \text{grid} : W \ge \sqrt{y^\top H^{-1} y}\}, \qquad \sum_j \delta_j \le \delta

    The sound form of Hadiji, class 5 slides, "Adaptive bound". With margin 1 the ramp loss of a function that
    interpolates labels ±1 is 0 on the data, and bounds the error elsewhere. Its Rademacher bound for one ball (margin
    bound for binary classification: Mohri, Rostamizadeh & Talwalkar, *Foundations of Machine Learning*, 2nd edition,
    chapter 5) is taken for all balls of the grid at once. No eigenvalue enters, and the default grid scales with H.

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: labels ±1, (n,), of a model whose outputs start at 0.
        delta: δ in (0, 1), the probability with which the bound may fail.
        grid: radii fixed before the data are seen, which share δ equally; None means all multiples j = 1, 2, … of
            1/√max H_ii, with δ_j = 6δ/(π²j²); that unit is fixed beforehand where k(x, x) is the same for all inputs.

    Returns:
        The bound clipped to [0, 1], a float, with ``.unclipped``, ``.complexity_term``, ``.confidence_term``,
        ``.vacuous``.

    Raises:
        ValueError: a label is not ±1, δ is outside (0, 1), or as :func:`union_bound_radius`.

    Here √(yᵀH⁻¹y) = √(4/3), so that the second radius is taken, 2 (diagonal entries are 1), and tr H = 2:

    >>> round(union_bound([[1, 0.5], [0.5, 1]], [1, 1], delta=0.05).complexity_term, 12)
    2.828427124746
    """
    (H, y), _ = _check.enter(H=H, y=y)
    delta = _probability("delta", delta)
    _check.vector("y", y)
    if not bool((y.abs() == 1).all()):
        raise ValueError("y must hold the labels -1 and 1 only; the margin of 1 rests on it")
    if grid is None:
        norm = solution_norm(H, y)  # refuses a singular H before its diagonal is used
        unit = 1 / math.sqrt(float(H.diagonal().max()))
        j = math.ceil(norm / unit)
        radius, share = j * unit, 6 / (math.pi * j) ** 2
    else:
        radius, share = union_bound_radius(H, y, grid), 1 / np.size(grid)
    n = len(H)
    return GeneralizationBound(2 * rademacher_bound(H, radius), 3 * math.sqrt(math.log(2 / (delta * share)) / (2 * n)))


def _smallest_eigenvalue(H: torch.Tensor) -> float:
    return float(torch.linalg.eigvalsh(H.cpu() if H.device.type == "mps" else H)[0])  # Apple's GPU has none


def _probability(name: str, value: float) -> float:
    number = _check.positive(name, value)
    if number >= 1:
        raise ValueError(f"{name} must be below 1; got {number:g}")
    return number
