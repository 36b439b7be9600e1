"""How learned coefficients scatter from one training set to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ntklab import _check
from ntklab._check import Array
from ntklab.learnability.constant import constant, shares
from ntklab.learnability.errors import noisy_error, spread_room
from ntklab.learnability.levels import levels_of, powers, sizes
from ntklab.spectra import Spectrum


def coefficient_covariance(
    spectrum: Spectrum, coefficients: Array, n: float, ridge: float = 0.0, noise_variance: float = 0.0
) -> Array:
    r"""Covariance of the learned coefficients over training sets, to leading order in 1/n.

    .. math:: \mathbb{E}[\hat v_i] = L_i v_i, \qquad
        \mathrm{Cov}[\hat v_i, \hat v_j] = \delta_{ij}\, \frac{E\, L_i^2}{n}

    S0, "first- and second-order statistics of the learned function"; E includes the noise. Modes that the target does
    not hold follow it closely. Those it does hold have L_i(1 − L_i) L_j(1 − L_j) v_i v_j/(n − ΣmL²) on top for Gaussian
    features (:func:`transfer_statistics`); on the cube, where parities square to 1, they have about half the standard
    deviation.

    Args:
        spectrum, coefficients, ridge, noise_variance: as :func:`test_mse`.
        n: one training-set size.

    Returns:
        (levels, levels), diagonal: entry (i, i) is the variance of **each** mode's coefficient in level i.

    Raises:
        ValueError: as :func:`test_mse`.

    Two equal modes, one point: E = 1/2 and L = 1/2, so E L²/n = 1/8:

    >>> from ntklab.spectra import Spectrum
    >>> coefficient_covariance(Spectrum([1.0], [2]), [1.0], n=1)
    array([[0.125]])
    """
    levels = levels_of(spectrum)
    s2, ridge = _check.nonnegative("noise_variance", noise_variance), _check.nonnegative("ridge", ridge)
    size = _one(n)
    E = noisy_error(levels, powers(coefficients, levels), size, ridge, s2)
    learned, _ = shares(levels.eigenvalues, constant(levels, size, ridge))
    return levels.leave(np.diag(E[0] * learned[0] ** 2 / size[0]))


class TransferStatistics(NamedTuple):
    """First and second moments of the learning transfer matrix T, by level; see :func:`transfer_statistics`."""

    mean: Array
    variance: Array
    exchange: Array
    own_variance: Array


def transfer_statistics(spectrum: Spectrum, n: float, ridge: float = 0.0) -> TransferStatistics:
    r"""Moments of the matrix T that takes the target's coefficients to the learned ones, v̂ = T v, on Gaussian features.

    .. math:: \mathbb{E}[T_{ij}] = \delta_{ij} L_i, \qquad
        \mathrm{Cov}[T_{ij}, T_{kl}] = \frac{L_i (1 - L_j)\, L_k (1 - L_l)}{n - \sum m L^2}
        (\delta_{ik}\delta_{jl} + \delta_{il}\delta_{jk})

    S0's second-order statistics as sampling confirms them, up to relative corrections of order 1/n. λ_j T_ij = λ_i T_ji
    holds in every single training set; the two Kronecker terms carry it. A third term, −δ_ij δ_kl, is seen quoted: it
    would halve the variance of T_ii and tie T_ii to T_kk, and sampling shows neither. Features that are not
    Gaussian change T_ii: parities square to 1, and their own spread is about half.

    Args:
        spectrum: as :func:`learnability_constant`.
        n: one training-set size.
        ridge: δ ≥ 0, absolute.

    Returns:
        ``mean`` (levels,): E[T_ii] = L_i. ``variance`` (levels, levels): Var[T_ij] of two different modes, one in level
        i and one in level j. ``exchange`` (levels, levels): Cov[T_ij, T_ji] of the same. ``own_variance`` (levels,):
        Var[T_ii].

    Raises:
        ValueError: as :func:`learnability_constant`, and n equal to the number of positive modes at ridge 0.

    Two equal modes, one point: L = 1/2, n − ΣmL² = 1/2, so (1/4)(1/4)/(1/2) and twice that:

    >>> from ntklab.spectra import Spectrum
    >>> moments = transfer_statistics(Spectrum([1.0], [2]), n=1)
    >>> moments.mean, moments.variance, moments.exchange, moments.own_variance
    (array([0.5]), array([[0.125]]), array([[0.125]]), array([0.25]))
    """
    levels = levels_of(spectrum)
    ridge = _check.nonnegative("ridge", ridge)
    C = constant(levels, _one(n), ridge)
    if C[0] == 0:
        raise ValueError(
            f"n must be below the number of positive modes at ridge 0; at n = {n} every mode is learned exactly"
        )
    learned, unlearned = (share[0] for share in shares(levels.eigenvalues, C))
    room = spread_room(levels, C, ridge)[0]
    both = learned * unlearned
    return TransferStatistics(
        mean=levels.leave(learned),
        variance=levels.leave(np.outer(learned**2, unlearned**2) / room),
        exchange=levels.leave(np.outer(both, both) / room),
        own_variance=levels.leave(2 * both**2 / room),
    )


def _one(n: float) -> np.ndarray:
    size, single = sizes(n)
    if not single:
        raise ValueError(f"n must be one number here; got shape {size.shape}")
    return size
