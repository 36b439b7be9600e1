"""Mean squared errors that the spectrum predicts, on fresh points and on the training points."""

from __future__ import annotations

import numpy as np

from ntklab import _check
from ntklab._check import Array
from ntklab.learnability.constant import constant, shares
from ntklab.learnability.levels import Levels, levels_of, powers, sizes
from ntklab.spectra import Spectrum


def test_mse(
    spectrum: Spectrum,
    coefficients: Array,
    n: float | Array,
    ridge: float = 0.0,  # noqa: PT028  # this is no test
    noise_variance: float = 0.0,  # noqa: PT028
) -> float | Array:
    r"""Mean squared error over the domain, against clean labels, of regression on n noisy ones.

    .. math:: E - s^2, \qquad E = \frac{n}{n - \sum_i m_i L_i^2} \Big(\sum_i (1 - L_i)^2 v_i^2 + s^2\Big)

    S0, the MSE curves of Fig. 1. E itself is the error on fresh labels, which carry the noise too.

    Args:
        spectrum: as :func:`learnability_constant`.
        coefficients: v by level, (levels,): the root of the sum of squares of all coefficients in the level, in units
            of the target. Power beyond the last level can only enter as noise.
        n: training-set size > 0, or several, (N,).
        ridge: δ ≥ 0, absolute.
        noise_variance: s² ≥ 0 of the training labels: a variance, not a standard deviation.

    Returns:
        A float, or (N,), in squared units of the target. Infinite where n equals the number of positive modes at
        ridge 0 and something cannot be fitted (noise, or power in modes of eigenvalue 0).

    Raises:
        ValueError: as :func:`learnability_constant`; coefficients of the wrong length; a negative variance.

    Two equal modes, one point: C = λ, L = 1/2 each, E = 1/(1 − 1/2) · (1/4):

    >>> from ntklab.spectra import Spectrum
    >>> test_mse(Spectrum([1.0], [2]), [1.0], n=1)
    0.5
    """
    levels, v2, s2, ridge, n, single = _problem(spectrum, coefficients, n, ridge, noise_variance)
    error = noisy_error(levels, v2, n, ridge, s2) - s2
    return float(error[0]) if single else levels.leave(error)


test_mse.__test__ = False  # type: ignore[attr-defined]  # its name is the field's, not a test's


def train_mse(
    spectrum: Spectrum, coefficients: Array, n: float | Array, ridge: float = 0.0, noise_variance: float = 0.0
) -> float | Array:
    r"""Mean squared error on the n training labels themselves, noise included.

    .. math:: E_\text{train} = \Big(\frac{\delta}{n C}\Big)^2 E

    with E of :func:`test_mse` before s² is taken off. On Gaussian features it holds within 1–2 %; on the cube, where
    parities square to 1, it can lie 10–70 % below what one measures.

    Args:
        spectrum, coefficients, n, ridge, noise_variance: as :func:`test_mse`.

    Returns:
        A float, or (N,); 0 at ridge 0, where every label is fitted.

    Raises:
        ValueError: as :func:`test_mse`.

    One mode, one point, ridge 1: 1/(1 + C) + 1/C = 1, so C is the golden ratio φ and E = (1 − L)²/(1 − L²):

    >>> from ntklab.spectra import Spectrum
    >>> round(train_mse(Spectrum([1.0], [1]), [1.0], n=1, ridge=1.0), 12)  # φ⁻²/√5
    0.17082039325
    """
    levels, v2, s2, ridge, n, single = _problem(spectrum, coefficients, n, ridge, noise_variance)
    error = np.zeros_like(n)
    if ridge > 0:
        error = (ridge / (n * constant(levels, n, ridge))) ** 2 * noisy_error(levels, v2, n, ridge, s2)
    else:
        constant(levels, n, ridge)  # refuses what no regression can fit
    return float(error[0]) if single else levels.leave(error)


def initial_slope(spectrum: Spectrum, coefficients: Array, ridge: float = 0.0, noise_variance: float = 0.0) -> float:
    r"""dE/dn at n = 0: whether the first samples help.

    .. math:: \frac{dE}{dn}\Big|_0 =
        \frac{(\sum_i v_i^2 + s^2)\, S_2}{(S + \delta)^2} - \frac{2 \sum_i v_i^2 \lambda_i}{S + \delta},
        \qquad S = \sum_i m_i \lambda_i + \text{tail}, \quad S_2 = \sum_i m_i \lambda_i^2

    S0, by expanding :func:`test_mse` about n = 0. Positive for modes with λ_i < S₂/(2S): their error first rises. Where
    k(x, x) does not vary (circle, cube, sphere) the exact mean error after **one** training point is Σv² plus this.

    Args:
        spectrum, coefficients, ridge, noise_variance: as :func:`test_mse`.

    Returns:
        Squared units of the target per sample.

    Raises:
        ValueError: as :func:`test_mse`.

    S = 2, S₂ = 1.5 (eigenvalues 1, 1/2, 1/2); for the first mode 1.5/4 − 2/2, for another 1.5/4 − 1/2:

    >>> from ntklab.spectra import Spectrum
    >>> initial_slope(Spectrum([1.0, 0.5], [1, 2]), [1, 0]), initial_slope(Spectrum([1.0, 0.5], [1, 2]), [0, 1])
    (-0.625, -0.125)
    """
    levels, v2, s2, ridge, _, _ = _problem(spectrum, coefficients, 1.0, ridge, noise_variance)
    S = float(levels.multiplicities @ levels.eigenvalues) + levels.tail + ridge
    if S == 0:
        raise ValueError("spectrum must have a positive eigenvalue: with none and ridge 0 nothing can be fitted")
    S2 = float(levels.multiplicities @ levels.eigenvalues**2)
    return float((v2.sum() + s2) * S2 / S**2 - 2 * (v2 @ levels.eigenvalues) / S)


def noisy_error(levels: Levels, v2: np.ndarray, n: np.ndarray, ridge: float, s2: float) -> np.ndarray:
    """E, on fresh noisy labels, (N,)."""
    C = constant(levels, n, ridge)
    _, unlearned = shares(levels.eigenvalues, C)
    missed = unlearned**2 @ v2 + s2
    room = spread_room(levels, C, ridge)
    # At C = 0 the room is 0: nothing missed means no error, and anything missed is amplified without bound.
    return np.divide(n * missed, room, out=np.where(missed > 0, np.inf, 0.0), where=room > 0)


def spread_room(levels: Levels, C: np.ndarray, ridge: float) -> np.ndarray:
    """n − Σ m L², as the sum of positive terms Σ m L (1 − L) + (tail + δ)/C, (N,)."""
    learned, unlearned = shares(levels.eigenvalues, C)
    beyond = np.divide(levels.tail + ridge, C, out=np.zeros_like(C), where=C > 0)
    return (learned * unlearned) @ levels.multiplicities + beyond


def _problem(
    spectrum: Spectrum, coefficients: Array, n: float | Array, ridge: float, noise_variance: float
) -> tuple[Levels, np.ndarray, float, float, np.ndarray, bool]:
    levels = levels_of(spectrum)
    n, single = sizes(n)
    s2 = _check.nonnegative("noise_variance", noise_variance)
    return levels, powers(coefficients, levels), s2, _check.nonnegative("ridge", ridge), n, single
