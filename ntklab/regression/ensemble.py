"""The Gaussian distribution over fully trained wide networks, and the Bayesian posterior beside it."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import inputs
from ntklab.regression.solve import Cholesky


def posterior(
    Theta_train: Array,
    Theta_test: Array,
    K_train: Array,
    K_test: Array,
    K_test_test: Array,
    y: Array,
    ridge: float = 0.0,
) -> tuple[Array, Array]:
    r"""Mean and covariance, over random initialisations, of wide networks trained to the end.

    .. math:: m = A y, \qquad
        \mathrm{Cov} = K_{**} - A K_*^\top - K_* A^\top + A K A^\top, \qquad A = \Theta_* (\Theta + \delta I)^{-1}

    PDLT (10.40), (10.41), where Θ's inverse is printed with lower indices. Θ is the tangent kernel and says where
    training goes; K is the covariance of the outputs at the start. With Θ = K and δ = 0 this is
    :func:`bayesian_posterior`.

    Args:
        Theta_train: NTK of the training inputs, (n, n).
        Theta_test: NTK of test × training inputs, (m, n).
        K_train: NNGP kernel of the training inputs, (n, n).
        K_test: NNGP kernel of test × training inputs, (m, n).
        K_test_test: NNGP kernel of the test inputs, (m, m).
        y: targets, (n,) or (n, c).
        ridge: δ ≥ 0, absolute, added to Θ only: K, the spread at the start, is never regularised.

    Returns:
        The mean, (m,) or (m, c), in units of y, and the covariance of one output, (m, m), in those of K. The outputs
        are independent of each other and share it (the Kronecker delta of (10.41)).

    Raises:
        ValueError: as :func:`kernel_regression`, for each of the matrices.

    One training point with Θ = 2 and K = 1; at the test point Θ = 1, K = 1/2 and variance 1, so that A = 1/2 and the
    variance is 1 − 2·(1/2)(1/2) + 1/4:

    >>> posterior([[2]], [[1]], [[1]], [[0.5]], [[1]], [3])
    (array([1.5]), array([[0.75]]))
    """
    (Theta, Theta_s, K, K_s, K_ss, y), leave = _check.enter(
        Theta_train=Theta_train, Theta_test=Theta_test, K_train=K_train, K_test=K_test, K_test_test=K_test_test, y=y
    )
    ridge = _check.nonnegative("ridge", ridge)
    inputs.joint_problem(Theta, Theta_s, K, K_s, K_ss, y)
    A = Cholesky(Theta, ridge, name="Theta_train").solve(Theta_s.mT).mT
    return leave(A @ y), leave(covariance_after(A, K, K_s, K_ss))


def covariance_after(A: torch.Tensor, K: torch.Tensor, K_s: torch.Tensor, K_ss: torch.Tensor) -> torch.Tensor:
    """Covariance of f* − A f, where (f, f*) has covariance [[K, K_sᵀ], [K_s, K_ss]]; exactly symmetric."""
    half = (A @ K).mul_(0.5).sub_(K_s) @ A.mT  # (½ A K − K*) Aᵀ: it and its transpose are all but the first term
    return K_ss + (half + half.mT)


def bayesian_posterior(
    K_train: Array, K_test: Array, K_test_test: Array, y: Array, ridge: float = 0.0
) -> tuple[Array, Array]:
    r"""Exact Bayesian posterior of an infinitely wide network: Gaussian-process regression with the NNGP kernel.

    .. math:: m = K_* (K + \delta I)^{-1} y, \qquad \mathrm{Cov} = K_{**} - K_* (K + \delta I)^{-1} K_*^\top

    PDLT (6.57), (6.64), and what (10.41) becomes where only the last layer is trained, (10.46)-(10.49). With δ > 0 it
    is the posterior under observation noise of variance δ, which differs from :func:`posterior` at Θ = K: there the
    data are noiseless and the training is regularised.

    Args:
        K_train: kernel of the training inputs, (n, n).
        K_test: kernel of test × training inputs, (m, n).
        K_test_test: kernel of the test inputs, (m, m).
        y: targets, (n,) or (n, c).
        ridge: variance δ ≥ 0 of the noise in ``y``.

    Returns:
        Mean, (m,) or (m, c), and covariance of one noiseless output, (m, m).

    Raises:
        ValueError: as :func:`kernel_regression`.

    >>> bayesian_posterior([[2]], [[1]], [[1]], [3])
    (array([1.5]), array([[0.5]]))
    """
    (K, K_s, K_ss, y), leave = _check.enter(K_train=K_train, K_test=K_test, K_test_test=K_test_test, y=y)
    ridge = _check.nonnegative("ridge", ridge)
    inputs.problem(K, K_s, y)
    inputs.square_test_kernel(K_ss, len(K_s))
    factor = Cholesky(K, ridge)
    half = factor.half_solve(K_s.mT)
    return leave(K_s @ factor.solve(y)), leave(K_ss - half.mT @ half)
