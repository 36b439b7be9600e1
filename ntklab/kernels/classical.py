"""The linear and the Gaussian kernel."""

from __future__ import annotations

import torch

from ntklab._check import Array, positive
from ntklab._scratch import Scratch
from ntklab.kernels.blocks import fill, inputs


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
    outputs, scale = 1, 1.0

    def __init__(self) -> None:
        self.scratch = Scratch()

    def block(self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]) -> None:
        out[0].copy_(inner)

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        raise AssertionError("no inner product is doubtful")

    def diagonal(self) -> None:
        return None


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
    outputs, scale = 1, -2.0

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, length_scale: float) -> None:
        self.X, self.Z, self.scratch = X, X if Z is None else Z, Scratch()
        self.minus_half_rate = -0.5 / length_scale**2
        self.x2, self.z2 = (torch.linalg.vector_norm(A, dim=1) ** 2 for A in (self.X, self.Z))

    def block(self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]) -> torch.Tensor:
        """‖x‖² + ‖z‖² − 2x·z loses digits where x and z are close against their norms: those pairs are doubtful."""
        scale = self.x2[rows, None] + self.z2[columns]
        distance2 = inner.add_(scale)
        torch.exp(distance2 * self.minus_half_rate, out=out[0])
        return distance2 < 1e-3 * scale

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return ((self.X[i] - self.Z[j]).square().sum(1).mul_(self.minus_half_rate).exp_(),)

    def diagonal(self) -> tuple[torch.Tensor, ...]:
        return (torch.ones_like(self.x2),)
