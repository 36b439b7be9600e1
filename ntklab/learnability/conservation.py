"""No free lunch: what one training set learns, summed over all modes, exactly."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import kernel_regression
from ntklab.spectra import from_matrix


def no_free_lunch_sum(K: Array, train: Array, ridge: float = 0.0) -> float:
    r"""Sum of measured learnabilities over any full orthonormal basis of the domain, for one training set.

    .. math:: \sum_i \mathcal{L}_D(\phi_i) = \mathrm{tr}\big[K_{DD} (K_{DD} + \delta I)^{-1}\big]
        = \sum_j \frac{\mu_j}{\mu_j + \delta}

    with μ the eigenvalues of K_DD. S0, "no-free-lunch theorem for kernel regression", states the case of n distinct
    points, K_DD regular and δ = 0: then it is n, exactly and for every kernel. In general it is the rank of K_DD at
    δ = 0 (repeated points; linear regression on p features: min(n, p)) and less with a ridge.

    Args:
        K: kernel matrix of the whole domain, (M, M).
        train: indices of the training points, (n,); repeats are allowed.
        ridge: δ ≥ 0, absolute.

    Returns:
        The sum. On average over training sets it is n − δ/C (:func:`learnability_constant`).

    Raises:
        ValueError: K not a kernel matrix, indices outside the domain, none at all, a negative ridge.

    >>> no_free_lunch_sum([[2, 1, 0], [1, 2, 1], [0, 1, 2]], [0, 1]), no_free_lunch_sum([[2, 1], [1, 2]], [0, 0])
    (2.0, 1.0)
    >>> no_free_lunch_sum([[2, 1], [1, 2]], [0, 1], ridge=1.0)  # 3/(3 + 1) + 1/(1 + 1)
    1.25
    """
    (K,), _ = _check.enter(K=K)
    _check.kernel_matrix("K", K)
    ridge = _check.nonnegative("ridge", ridge)
    D = _indices(train, len(K)).to(K.device)
    spectrum = from_matrix(K[D][:, D])  # its eigenvalues are μ/n, exact zeros where K_DD is singular
    mu = len(D) * spectrum.eigenvalues.cpu().double()
    mu = mu[mu > 0]
    return float((mu / (mu + ridge)).sum())


def mode_learnabilities(K: Array, train: Array, modes: Array, ridge: float = 0.0) -> Array:
    r"""Measured learnability of each of several targets after regression on one training set.

    .. math:: \mathcal{L}_D(\phi) = \frac{\langle \phi, \hat\phi \rangle}{\langle \phi, \phi \rangle}, \qquad
        \hat\phi = K_{\cdot D} (K_{DD} + \delta I)^{-1} \phi_D

    S0, the stacked bars of Fig. 2 (kernel). Over a full orthonormal basis they sum to :func:`no_free_lunch_sum`.

    Args:
        K: kernel matrix of the whole domain, (M, M).
        train: indices of the training points, (n,).
        modes: values of each target on the domain, one a column, (M, c).
        ridge: δ ≥ 0, absolute.

    Returns:
        (c,). Single values may be negative or exceed 1; averages over training sets do not.

    Raises:
        ValueError: as :func:`no_free_lunch_sum`; a mode that is 0 everywhere; K_DD singular at ridge 0.

    >>> mode_learnabilities([[2, 1], [1, 2]], [0], [[1, 1], [1, -1]])  # φ̂ = φ(0)·(1, 1/2)
    array([0.75, 0.25])
    """
    (K, modes), leave = _check.enter(K=K, modes=modes)
    _check.kernel_matrix("K", K)
    _check.matrix("modes", modes, rows=len(K), of="K")
    ridge = _check.nonnegative("ridge", ridge)
    D = _indices(train, len(K)).to(K.device)
    K_D = K[:, D]
    return leave(_ratio(modes, kernel_regression(K_D[D], K_D, modes[D], ridge), name="modes"))


def measured_learnability(f: Array, f_hat: Array) -> float | Array:
    r"""How much of a target a predictor holds, over the whole domain.

    .. math:: \mathcal{L} = \frac{\langle f, \hat f \rangle}{\langle f, f \rangle}

    S0, "the alignment of f and f̂". Not a correlation: a prediction twice too large has learnability 2.

    Args:
        f: target on all points of the domain, training points included, (M,), or several as columns, (M, c).
        f_hat: the prediction, shaped like ``f``.

    Returns:
        A float, or (c,).

    Raises:
        ValueError: shapes that differ, a target that is 0 everywhere.

    >>> measured_learnability([1, -1, 2], [1, 0, 1])  # (1 + 2)/(1 + 1 + 4)
    0.5
    """
    (f, f_hat), leave = _check.enter(f=f, f_hat=f_hat)
    _check.targets("f", f, len(f) if f.ndim else 0, of="f")
    if f.shape != f_hat.shape:
        raise ValueError(f"f_hat must have shape {tuple(f.shape)} like f; got {tuple(f_hat.shape)}")
    if f.ndim == 1:
        return float(_ratio(f[:, None], f_hat[:, None], name="f")[0])
    return leave(_ratio(f, f_hat, name="f"))


def _ratio(f: torch.Tensor, f_hat: torch.Tensor, name: str) -> torch.Tensor:
    power = (f * f).sum(0)
    if bool((power == 0).any()):
        raise ValueError(f"{name} must not be 0 everywhere: no share of nothing can be learned")
    return (f * f_hat).sum(0) / power


def _indices(train: Array, size: int) -> torch.Tensor:
    """``train`` as whole numbers in [0, size)."""
    D = torch.as_tensor(train)
    if D.ndim != 1 or len(D) == 0:
        raise ValueError(f"train must be a non-empty list of indices, (n,); got shape {tuple(D.shape)}")
    if D.dtype == torch.bool or D.is_floating_point() or D.is_complex():
        raise TypeError(
            f"train must hold whole numbers, indices into K; got {D.dtype}. For a mask use np.flatnonzero(mask)"
        )
    D = D.long()
    if int(D.min()) < 0 or int(D.max()) >= size:
        raise ValueError(f"train must hold indices from 0 to {size - 1}; got {int(D.min())} to {int(D.max())}")
    return D
