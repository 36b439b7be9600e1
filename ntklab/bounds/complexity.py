"""The norm of the interpolating solution, and yᵀH⁻¹y/n, which tells true labels from random ones."""

from __future__ import annotations

import math

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression.solve import Cholesky


def solution_norm(H: Array, y: Array) -> float:
    r"""How far training moves the weights.

    .. math:: \|w_\infty - w_0\| = \sqrt{y^\top H^{-1} y}

    Hadiji, class 5 slides, "Generalization analysis". There y stands where y − h(w0) belongs: pass the residual unless
    the outputs start at 0. By Cholesky, without the inverse.

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: targets minus the outputs at the start, (n,) or (n, c); outputs are summed over inside the root.

    Returns:
        The norm, in units of y/√H.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or H is singular (the message names the rank).

    >>> solution_norm([[4, 0], [0, 1]], [2, 3])
    3.1622776601683795
    """
    return math.sqrt(quadratic_form(H, y)[0])


def complexity_measure(H: Array, y: Array) -> float:
    r"""The measure that tells true labels from random ones.

    .. math:: \frac{y^\top H^{-1} y}{n}

    Hadiji, class 5 slides, "Generalization for overparameterized kernel regression"; Arora et al. 2019, Theorem 5.1,
    where H is the kernel of the first layer alone. It compares labels on one and the same H: not two data sets, and not
    two scales of a kernel, since H → aH divides it by a.

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: targets minus the outputs at the start, (n,) or (n, c); outputs are summed over.

    Returns:
        The measure, in units of y²/H.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or H is singular (the message names the rank).

    >>> complexity_measure([[4, 0], [0, 1]], [2, 3])
    5.0
    """
    form, n = quadratic_form(H, y)
    return form / n


def corrupted_complexity(H: Array, y: Array, share: float) -> float:
    r"""Exact mean of :func:`complexity_measure` when a share of the labels ±1 is drawn anew by coin flips.

    .. math:: (1 - q)^2\, \frac{y^\top H^{-1} y}{n} + \left(1 - (1 - q)^2\right) \frac{\operatorname{tr} H^{-1}}{n}

    Two labels both survive with probability (1 − q)², else their product has mean 0, while y_i² = 1 always. It is the
    expectation behind the panels of Hadiji, class 5 slides, "Rethinking generalization".

    Args:
        H: kernel matrix of the training inputs, (n, n), positive definite.
        y: labels ±1, (n,).
        share: q in [0, 1], the probability with which each label is redrawn.

    Returns:
        The mean of the measure.

    Raises:
        ValueError: a label is not ±1, q is outside [0, 1], a shape does not fit, or H is singular.

    >>> round(corrupted_complexity([[2, 1], [1, 2]], [1, 1], share=0.5), 12)  # 1/4 · 1/3 + 3/4 · 2/3
    0.583333333333
    """
    (H, y), _ = _check.enter(H=H, y=y)
    share = _check.nonnegative("share", share)
    if share > 1:
        raise ValueError(f"share must be at most 1; got {share:g}")
    _check.vector("y", y)
    if not bool((y.abs() == 1).all()):
        raise ValueError("y must hold the labels -1 and 1 only")
    _check.kernel_matrix("H", H)
    _check.targets("y", y, len(H), of="H")
    factor, kept, n = Cholesky(H, name="H"), (1 - share) ** 2, len(H)
    form = float((factor.half_solve(y[:, None]) ** 2).sum())
    trace = float((factor.half_solve(torch.eye(n, dtype=H.dtype, device=H.device)) ** 2).sum())
    return (kept * form + (1 - kept) * trace) / n


def growth_exponent(ns: Array, values: Array) -> float:
    r"""Exponent p of values ∝ n^p: the least-squares slope of log values on log n.

    Hadiji, class 5 slides, "Generalization for overparameterized kernel regression": labels are learnable if yᵀH⁻¹y
    (not divided by n) grows slower than n, p < 1.

    Args:
        ns: sample sizes > 0, at least two different ones.
        values: yᵀH⁻¹y at each, > 0.

    Returns:
        p.

    Raises:
        ValueError: lengths differ, an entry is not positive and finite, or the sizes are all equal.

    >>> round(growth_exponent([10, 20, 40], [3, 12, 48]), 12)
    2.0
    """
    (ns, values), _ = _check.enter(ns=ns, values=values)
    _check.vector("ns", ns)
    _check.vector("values", values, length=len(ns), of="ns")
    for name, entries in (("ns", ns), ("values", values)):
        if float(entries.min()) <= 0:
            raise ValueError(f"{name} must be greater than 0; got {float(entries.min()):g}")
    if float(ns.min()) == float(ns.max()):
        raise ValueError("ns must hold at least two different sizes")
    x, v = ns.log().double(), values.log().double()
    x = x - x.mean()
    return float(x @ v / (x @ x))


def quadratic_form(H: Array, y: Array) -> tuple[float, int]:
    """yᵀH⁻¹y, summed over outputs, and n."""
    (H, y), _ = _check.enter(H=H, y=y)
    _check.kernel_matrix("H", H)
    _check.targets("y", y, len(H), of="H")
    columns = y if y.ndim == 2 else y[:, None]
    return float((Cholesky(H, name="H").half_solve(columns) ** 2).sum()), len(H)
