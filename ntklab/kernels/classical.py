"""The linear and the Gaussian kernel."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ntklab._check import Array, enter, matrix, positive
from ntklab.kernels.blocks import fill


def linear_kernel(X: Array, Z: Array | None = None) -> Array:
    """Inner products x·z: the kernel of a linear model without bias, PDLT (10.132).

    With the bias feature φ₀ = 1 of (10.118) it would be 1 + x·z, which the printed sum from i = 1 drops.

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.

    Returns:
        (n, m), not divided by d.

    Raises:
        ValueError: bad shapes, NaN or infinity.

    >>> import numpy as np
    >>> linear_kernel(np.array([[1, 2]]), np.array([[3, 4], [0, 1]]))
    array([[11.,  2.]])
    """
    X, Z, leave = inputs(X, Z)
    return leave(fill(X, Z, _Linear())[0])


class _Linear:
    outputs = 1

    def block(self, inner: torch.Tensor, rows: slice, columns: slice) -> tuple[tuple[torch.Tensor, ...], None]:
        return (inner,), None

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        raise AssertionError("no pair of inner products is doubtful")


def gaussian_kernel(X: Array, Z: Array | None = None, *, length_scale: float = 1.0) -> Array:
    """exp(−‖x − z‖²/(2 length_scale²)), PDLT (10.133) with σ = length_scale.

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        length_scale: in the units of the inputs; a length, not a variance, and not scikit-learn's γ = 1/(2ℓ²).

    Returns:
        (n, m), entries in [0, 1], 1 where two rows agree.

    Raises:
        ValueError: bad shapes, NaN or infinity, a length scale that is not positive.

    >>> import numpy as np
    >>> bool(np.isclose(gaussian_kernel(np.array([[0.0]]), np.array([[3.0]]), length_scale=2.0)[0, 0], np.exp(-9 / 8)))
    True
    """
    X, Z, leave = inputs(X, Z)
    return leave(fill(X, Z, _Gaussian(X, Z, positive("length_scale", length_scale)))[0])


class _Gaussian:
    outputs = 1

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, length_scale: float) -> None:
        self.X, self.Z = X, X if Z is None else Z
        self.minus_half_rate = -0.5 / length_scale**2
        self.x2, self.z2 = (A.square().sum(1) for A in (self.X, self.Z))

    def block(self, inner: torch.Tensor, rows: slice, columns: slice) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
        """‖x‖² + ‖z‖² − 2x·z loses digits where x and z are close against their norms: those pairs are doubtful."""
        scale = self.x2[rows, None] + self.z2[columns]
        distance2 = inner.mul_(-2).add_(scale)
        close = distance2 < 1e-3 * scale
        return (distance2.mul_(self.minus_half_rate).exp_(),), close

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return ((self.X[i] - self.Z[j]).square().sum(1).mul_(self.minus_half_rate).exp_(),)


def inputs(X: Array, Z: Array | None) -> tuple[torch.Tensor, torch.Tensor | None, Callable[[torch.Tensor], Array]]:
    """The checked pair of inputs as tensors, and the way back."""
    (X, Z), leave = enter(X=X, Z=Z)
    matrix("X", X)
    if Z is not None:
        matrix("Z", Z, columns=X.shape[1], of="X")
    return X, Z, leave
