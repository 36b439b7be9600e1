"""Linear regression on explicit features: the primal of kernel regression."""

from __future__ import annotations

import math

import torch

from ntklab import _check
from ntklab._check import Array


def linear_regression(Phi: Array, y: Array, ridge: float = 0.0) -> Array:
    r"""Weights of least squares on given features.

    .. math:: W = (\Phi^\top \Phi + \delta I)^{-1} \Phi^\top y

    PDLT (10.121)-(10.123), (10.127). For the loss ½ Σ (Φ W − y)² + a Σ W² of footnote 44 the ridge is δ = 2a. Every
    weight is penalised, that of a constant feature φ₀ = 1 too (scikit-learn's ``Ridge`` spares its intercept).
    Predictions Φ_test W equal those of :func:`kernel_regression` with K = Φ Φᵀ wherever both exist: always for δ > 0,
    and at δ = 0 only if Φ is square and regular.

    Args:
        Phi: features of the training inputs, one row each, (n, p); include φ₀ = 1 for a bias (10.119).
        y: targets, (n,) or (n, c).
        ridge: δ ≥ 0, absolute.

    Returns:
        Weights, (p,) or (p, c).

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or Φ has rank below p and δ = 0.

    A line through (0, 1), (1, 3), (2, 5):

    >>> linear_regression([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).round(12)
    array([1., 2.])
    """
    (Phi, y), leave = _check.enter(Phi=Phi, y=y)
    _check.matrix("Phi", Phi)
    _check.targets("y", y, len(Phi), of="Phi")
    ridge = _check.nonnegative("ridge", ridge)
    n, p = Phi.shape
    targets = y if y.ndim == 2 else y[:, None]
    if ridge:  # δ‖W‖² is the squared error of p more samples √δ·e_j with target 0
        eye = torch.eye(p, dtype=Phi.dtype, device=Phi.device)
        Phi = torch.cat([Phi, math.sqrt(ridge) * eye])
        targets = torch.cat([targets, targets.new_zeros(p, targets.shape[1])])
    # By QR, not through ΦᵀΦ, whose condition number is the square.
    Q, R = torch.linalg.qr(Phi)
    singular = torch.linalg.svdvals(R)
    rank = int((singular > max(Phi.shape) * torch.finfo(Phi.dtype).eps * singular[0]).sum())
    if rank < p:
        raise ValueError(
            f"Phi has rank {rank} (to rounding) but {p} columns (and {n} rows), so the weights are not unique"
            f"{f' at ridge={ridge:g}' if ridge else ''}; pass a larger ridge or drop features"
        )
    W = torch.linalg.solve_triangular(R, Q.mT @ targets, upper=True)
    return leave(W if y.ndim == 2 else W[:, 0])
