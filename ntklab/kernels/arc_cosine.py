"""The arc-cosine kernels, and the two-layer ReLU network's kernel as a function of the cosine."""

from __future__ import annotations

import math

import torch

from ntklab._check import Array, choice, enter
from ntklab._scratch import Scratch
from ntklab.gaussian.expectations import NEARLY_PARALLEL
from ntklab.kernels.blocks import angles, fill, inputs


def arc_cosine(X: Array, Z: Array | None = None, order: int = 1) -> Array:
    r"""E[(w·x)₊ᵖ (w·z)₊ᵖ] over w ~ N(0, I), with p the order; order 0 counts how often both are on.

    .. math::  k_p(x, z) = \frac{\|x\|^p \|z\|^p}{2π} J_p(θ), \quad J_0 = π - θ, \quad
               J_1 = \sin θ + (π - θ) \cos θ, \quad J_2 = 3 \sin θ \cos θ + (π - θ)(1 + 2 \cos^2 θ)

    Cho & Saul 2009, "Kernel methods for deep learning", whose kernel is twice this. For the ReLU, order 1 is
    E[σσ] and order 0 is E[σ′σ′].

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        order: 0, 1 or 2.

    Returns:
        (n, m); positive semi-definite when ``Z`` is ``None``. A zero row counts as at right angles to all rows, itself
        too: 1/4 at order 0, which is E[H(w·x) H(w·z)] with the step H(0) = 1/2.

    Raises:
        ValueError: bad shapes, NaN or infinity, or another order.

    >>> import numpy as np
    >>> X = np.array([[1.0, 0.0], [-2.0, 0.0]])
    >>> arc_cosine(X, order=0)  # opposite directions: never both on
    array([[0.5, 0. ],
           [0. , 0.5]])
    >>> arc_cosine(X, order=2)  # 3π/2π times ‖x‖⁴
    array([[ 1.5,  0. ],
           [ 0. , 24. ]])
    """
    choice("order", str(order), ("0", "1", "2"))
    X, Z, leave = inputs(X, Z)
    return leave(fill(X, Z, _ArcCosine(X, Z, int(order)))[0])


class _ArcCosine:
    outputs, scale = 1, 1.0

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, order: int) -> None:
        self.X, self.Z, self.order, self.scratch = X, X if Z is None else Z, order, Scratch()
        self.rx, self.rz = (torch.linalg.vector_norm(A, dim=1) for A in (self.X, self.Z))
        self.inverse_x, self.inverse_z = (torch.where(r > 0, 1 / r, r) for r in (self.rx, self.rz))

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]
    ) -> torch.Tensor | None:
        cosine = inner.mul_(self.inverse_x[rows, None]).mul_(self.inverse_z[columns])
        doubtful = None
        if self.order == 0:  # the higher orders are smooth enough in the cosine
            doubtful = cosine.abs() > 1 - NEARLY_PARALLEL[inner.dtype]
        norms = (self.rx[rows, None] * self.rz[columns]) ** self.order
        torch.mul(_profile(cosine.clamp_(-1, 1), self.order), norms, out=out[0])
        return doubtful

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Order 0 only: (π − θ)/2π from an accurate π − θ."""
        _, supplement = angles(self.X[i] * self.inverse_x[i, None], self.Z[j] * self.inverse_z[j, None])
        return (supplement / (2 * math.pi),)

    def diagonal(self) -> tuple[torch.Tensor, ...] | None:
        return (torch.where(self.rx > 0, 0.5, 0.25).to(self.rx),) if self.order == 0 else None


def _profile(cosine: torch.Tensor, order: int) -> torch.Tensor:
    """J_p(θ)/2π, the formula as printed."""
    remainder, sine = torch.acos(-cosine), torch.sqrt(1 - cosine * cosine)  # π − θ and sin θ
    J = (
        lambda: remainder,
        lambda: sine + remainder * cosine,
        lambda: 3 * sine * cosine + remainder * (1 + 2 * cosine**2),
    )[order]()
    return J / (2 * math.pi)


def relu_kappa(xi: Array, normalization: str = "gaussian") -> Array:
    r"""The two-layer ReLU network's neural tangent kernel at unit norms, as a function of the cosine.

    .. math::  κ(ξ) = \frac{2ξ(π - \arccos ξ) + \sqrt{1 - ξ^2}}{2π}

    This is for N(0, 1) weights, the setting of the class 5 slides; the κ they *print* is twice it, which belongs to
    He's normalisation (weight variance 2).

    Args:
        xi: cosines, any shape; |ξ| may pass 1 by rounding.
        normalization: "gaussian" as above (κ(1) = 1), or "he": as printed (κ(1) = 2).

    Returns:
        κ, the shape of ``xi``. It is 0 at −1, negative just above, and increases from ξ ≈ −0.65 on.

    Raises:
        ValueError: a cosine beyond ±1 by more than rounding, NaN, or an unknown normalisation.

    >>> import numpy as np
    >>> np.round(relu_kappa(np.array([1.0, 0.0, -1.0]), "he") * np.pi, 12)   # 2π, 1, 0 over π
    array([6.28318531, 1.        , 0.        ])
    """
    choice("normalization", normalization, ("gaussian", "he"))
    (cosine,), leave = enter(xi=xi)
    slack = 1e-6 if cosine.dtype == torch.float64 else 1e-3
    if cosine.numel() and float(cosine.abs().max()) > 1 + slack:
        raise ValueError(
            f"xi must hold cosines, within [-1, 1]; got {float(cosine.abs().max()):.6g}. Divide by the norms"
        )
    cosine = cosine.clamp(-1, 1)
    kappa = (2 * cosine * (math.pi - torch.acos(cosine)) + torch.sqrt((1 - cosine) * (1 + cosine))) / (2 * math.pi)
    return leave(kappa if normalization == "gaussian" else 2 * kappa)
