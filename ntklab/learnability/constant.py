"""The constant C, which the training set's size fixes, and the learnability it gives each mode."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from ntklab import _check
from ntklab._check import Array
from ntklab.learnability.levels import Levels, levels_of, sizes
from ntklab.spectra import Spectrum


def learnability_constant(spectrum: Spectrum, n: float | Array, ridge: float = 0.0) -> float | Array:
    r"""The constant C that shares n units of learnability among the modes.

    .. math:: \sum_i m_i \frac{\lambda_i}{\lambda_i + C} + \frac{\text{tail} + \delta}{C} = n

    S0 (eigenlearning article), the C of its learnability formula. The left side falls as C grows, so that the root is
    unique; it is found in log C, to rounding. C itself falls from ∞ as n grows: at ridge 0 to 0 at n = the number of
    positive modes, else to 0 only as n → ∞.

    Args:
        spectrum: eigenvalues λ, multiplicities m and tail, in the kernel's units.
        n: training-set size > 0, not necessarily whole; or several, (N,).
        ridge: δ ≥ 0 in K + δI, in the kernel's units (absolute: not divided by n).

    Returns:
        C, in the kernel's units: a float, or (N,).

    Raises:
        ValueError: more points than positive modes at ridge 0, n ≤ 0, a negative ridge.

    >>> from ntklab.spectra import Spectrum
    >>> round(learnability_constant(Spectrum([1.0], [3]), n=2), 12)  # 3/(1 + C) = 2
    0.5
    >>> round(learnability_constant(Spectrum([1.0], [3]), n=5, ridge=6), 12)  # 3/(1 + C) + 6/C = 5: C = (4 + √136)/10
    1.566190378969
    """
    levels = levels_of(spectrum)
    n, single = sizes(n)
    C = constant(levels, n, _check.nonnegative("ridge", ridge))
    return float(C[0]) if single else levels.leave(C)


def learnabilities(spectrum: Spectrum, n: float | Array, ridge: float = 0.0) -> Array:
    r"""Learnability of each level's modes: the share of a mode that regression on n points finds, on average.

    .. math:: L_i = \frac{\lambda_i}{\lambda_i + C}, \qquad \sum_i m_i L_i = n - \frac{\text{tail} + \delta}{C}

    S0, "the learnability of each eigenfunction". The learned coefficient of a mode is L_i v_i on average.

    Args:
        spectrum, n, ridge: as :func:`learnability_constant`.

    Returns:
        One value in [0, 1] per level, (levels,) or (N, levels).

    Raises:
        ValueError: as :func:`learnability_constant`.

    >>> from ntklab.spectra import Spectrum
    >>> learnabilities(Spectrum([1.0, 0.0], [3, 1]), n=2).round(12)
    array([0.66666667, 0.        ])
    """
    levels = levels_of(spectrum)
    n, single = sizes(n)
    L, _ = shares(levels.eigenvalues, constant(levels, n, _check.nonnegative("ridge", ridge)))
    return levels.leave(L[0] if single else L)


def shares(eigenvalues: np.ndarray, C: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """L and 1 − L, (N, levels): the second not by subtraction, which would lose it where L is near 1."""
    C = C[:, None]
    total = eigenvalues + C
    unlearned = np.divide(C, total, out=np.ones_like(total), where=total > 0)  # no eigenvalue, no C: not learned
    learned = np.divide(eigenvalues, total, out=np.zeros_like(total), where=total > 0)
    return learned, unlearned


def constant(levels: Levels, n: np.ndarray, ridge: float) -> np.ndarray:
    """C for each n, (N,)."""
    positive = levels.eigenvalues > 0
    eigenvalues, multiplicities = levels.eigenvalues[positive], levels.multiplicities[positive]
    modes, extra = float(multiplicities.sum()), levels.tail + ridge
    C = np.zeros_like(n)
    if extra == 0:
        if n.max() > modes:
            raise ValueError(
                f"n must be at most {modes:.0f} at ridge 0, the number of modes with a positive eigenvalue; "
                f"got {n.max():g}. More points make the kernel matrix singular: pass a ridge"
            )
        open_ = n < modes  # at n = modes every mode is learned and C is 0
    else:
        open_ = np.ones_like(n, dtype=bool)
    if open_.any():
        C[open_] = _root(eigenvalues, multiplicities, n[open_], extra)
    return C


def _root(eigenvalues: np.ndarray, multiplicities: np.ndarray, n: np.ndarray, extra: float) -> np.ndarray:
    """Newton's method in u = log C, held inside a bracket that only shrinks."""
    missing = float(multiplicities.sum()) - n
    # ΣmL ≤ Σmλ/C bounds C from above; from below extra/C ≤ n and, where n < modes, Σm(1 − L) ≤ C Σm/λ.
    high = np.log(((multiplicities * eigenvalues).sum() + extra) / n)
    low = np.full_like(n, np.log(extra) if extra > 0 else -np.inf) - np.log(n)
    if len(eigenvalues):
        inverse = logsumexp(np.log(multiplicities) - np.log(eigenvalues))
        low = np.maximum(low, np.log(missing, out=np.full_like(n, -np.inf), where=missing > 0) - inverse)
    low, high = low - 1e-12 * np.abs(low) - 1e-300, high + 1e-12 * np.abs(high) + 1e-300  # the bounds round too
    u = np.where(n < missing, high, low)  # each bound is sharp at its end: few points, or nearly as many as modes
    for _ in range(200):
        excess, slope = _balance(eigenvalues, multiplicities, missing, n, extra, u)
        low, high = np.where(excess > 0, u, low), np.where(excess > 0, high, u)
        step = np.divide(excess, slope, out=np.full_like(u, np.inf), where=slope > 0)
        newton = u + step
        inside = (newton >= low) & (newton <= high)
        following = np.where(inside, newton, (low + high) / 2)
        moved = np.abs(following - u).max()
        u = following
        if moved < 1e-8:
            break
    # The last step squares that error, and is taken in C itself: the rounding of a large log C would show.
    excess, slope = _balance(eigenvalues, multiplicities, missing, n, extra, u)
    return np.exp(u) * (1 + np.divide(excess, slope, out=np.zeros_like(u), where=slope > 0))


def _balance(
    eigenvalues: np.ndarray, multiplicities: np.ndarray, missing: np.ndarray, n: np.ndarray, extra: float, u: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Left side minus n, and the rate at which it falls with log C."""
    C = np.exp(u)
    learned, unlearned = shares(eigenvalues, C)
    learned_sum, unlearned_sum = learned @ multiplicities, unlearned @ multiplicities
    beyond = extra / C
    # Σ m L − n = (modes − n) − Σ m (1 − L): take the form with the smaller terms, or C near 0 drowns in rounding.
    excess = np.where(unlearned_sum < learned_sum, missing - unlearned_sum, learned_sum - n) + beyond
    return excess, (learned * unlearned) @ multiplicities + beyond
