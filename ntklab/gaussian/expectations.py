"""E[σ(u)σ(v)] and E[σ′(u)σ′(v)] for many jointly normal pairs at once, by the best way each activation has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch

from ntklab._check import Array, enter, matrix, vector
from ntklab.gaussian import quadrature, scale_invariant
from ntklab.gaussian.activations import Activation, leaky_slopes
from ntklab.gaussian.activations import activation as make_activation
from ntklab.gaussian.closed_forms import closed_form

Pair = tuple[torch.Tensor, torch.Tensor]

# 1 − |cos θ| below which a kink's E_dd needs the angle from elsewhere than the cosine: its error is (rounding)/θ.
NEARLY_PARALLEL = {torch.float64: 1e-7, torch.float32: 1e-3}


class Scratch:
    """Buffers by name, used again for every block: fresh memory would be cold, and cost more than the arithmetic."""

    def __init__(self) -> None:
        self._buffers: dict[str, torch.Tensor] = {}

    def __call__(self, name: str, like: torch.Tensor, rows: slice, columns: slice) -> torch.Tensor:
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        size = shape[0] * shape[1]
        if name not in self._buffers or len(self._buffers[name]) < size:
            self._buffers[name] = torch.empty(size, dtype=like.dtype, device=like.device)
        return self._buffers[name][:size].view(shape)


class Rule(Protocol):
    """One layer's expectations, made ready for given variances."""

    def __call__(
        self, k: torch.Tensor, rows: slice, columns: slice
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        """(E_ss, E_dd, suspects) for the block of covariances ``k``, which may be overwritten.

        ``suspects`` marks pairs whose E_dd lost digits because they are nearly parallel; ``None``: there are none.
        """


def rule(a: Activation, qx: torch.Tensor, qz: torch.Tensor, scratch: Scratch) -> Rule:
    """The fastest accurate way to the expectations of ``a`` for row variances ``qx``, column variances ``qz``."""
    slopes = leaky_slopes(a)
    if slopes is not None:
        return _ByCosine(slopes, qx, qz, scratch)
    return _ByFormula(a, qx, qz)


class _ByCosine:
    """Scale-invariant activations: ``scale_invariant``'s formula on the cosine, in as few passes as torch allows."""

    def __init__(self, slopes: tuple[float, float], qx: torch.Tensor, qz: torch.Tensor, scratch: Scratch) -> None:
        self.rx, self.rz, self.scratch = qx.sqrt()[:, None], qz.sqrt(), scratch
        self.inverse_x, self.inverse_z = (torch.where(r > 0, 1 / r, r) for r in (self.rx, self.rz))
        self.near = NEARLY_PARALLEL[qx.dtype] if slopes[0] != slopes[1] else 0.0
        self.slope = scale_invariant.coefficients(*slopes)[1]
        self.alpha2, self.slope2 = (qx.new_tensor(c) for c in (scale_invariant.coefficients(*slopes)[0], self.slope**2))

    def __call__(
        self, k: torch.Tensor, rows: slice, columns: slice
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        E_dd, cosine = self.scratch("E_dd", k, rows, columns), self.scratch("cosine", k, rows, columns)
        torch.mul(k, self.inverse_x[rows], out=cosine).mul_(self.inverse_z[columns])
        suspects = None
        low, high = (float(end) for end in torch.aminmax(cosine))
        if max(high, -low) > 1 - self.near:
            suspects = cosine.abs() > 1 - self.near if self.near else None
            cosine.clamp_(-1, 1)
        torch.add(self.alpha2, torch.asin(cosine, out=E_dd), alpha=self.slope, out=E_dd)  # α² + (2β²/π)(π/2 − θ)
        sine = torch.addcmul(self.slope2, cosine, cosine, value=-(self.slope**2), out=k).sqrt_()  # (2β²/π) sin θ
        E_ss = torch.addcmul(sine, cosine, E_dd, out=k).mul_(self.rx[rows]).mul_(self.rz[columns])
        return E_ss, E_dd, suspects


class _ByFormula:
    """A closed form in the covariances, or the reference quadrature."""

    def __init__(self, a: Activation, qx: torch.Tensor, qz: torch.Tensor) -> None:
        form = closed_form(a)
        self.form = form if form is not None else lambda qx, k, qz: quadrature.expectations(a, qx, k, qz)
        self.qx, self.qz = qx[:, None], qz

    def __call__(self, k: torch.Tensor, rows: slice, columns: slice) -> tuple[torch.Tensor, torch.Tensor, None]:
        return *self.form(self.qx[rows], k, self.qz[columns]), None


def second_moment(a: Activation, q: torch.Tensor) -> torch.Tensor:
    """E[σ(u)²] for u of each variance in ``q``."""
    slopes = leaky_slopes(a)
    if slopes is not None:
        return q * ((slopes[0] ** 2 + slopes[1] ** 2) / 2)
    form = closed_form(a)
    return (form(q, q, q) if form is not None else quadrature.second_moments(a, q))[0]


@torch.no_grad()
def gaussian_expectations(
    activation: str | Activation | Callable[[Array], Array], Kxx: Array, Kxz: Array, Kzz: Array
) -> tuple[Array, Array]:
    r"""Expectations of products of activations, and of their derivatives, over jointly normal preactivations.

    .. math::  E_{ss} = \langle σ(u) σ(v) \rangle, \quad E_{dd} = \langle σ'(u) σ'(v) \rangle, \quad
               (u, v) \sim N\left(0, \begin{pmatrix} K_{xx} & K_{xz} \\ K_{xz} & K_{zz} \end{pmatrix}\right)

    the two averages in PDLT (10.44) and (10.45). Closed forms serve the ReLU family, erf, sin, GELU and monomials;
    everything else is integrated numerically to about 1e-12 of the root of E[σ²] E[σ²].

    Args:
        activation: a name such as ``"relu"``, an ``Activation``, or a function (see :func:`activation`).
        Kxx: variances of the u, shape (n,).
        Kxz: covariances, shape (n, m). Excesses of |cos| over 1 by rounding count as parallel.
        Kzz: variances of the v, shape (m,).

    Returns:
        E_ss and E_dd, each (n, m). A variance of 0 counts as a right angle, so that a kink at 0 has its mean slope.

    Raises:
        ValueError: shapes that do not fit, a negative variance, or |Kxz| above √(Kxx Kzz) by more than rounding.

    >>> import numpy as np
    >>> E_ss, E_dd = gaussian_expectations("relu", np.array([1.0]), np.array([[0.0, -2.0]]), np.array([9.0, 4.0]))
    >>> np.round(E_ss * np.pi, 12), E_dd   # a right angle: 1 · 3/2π and 1/4; opposite directions: never both on
    (array([[1.5, 0. ]]), array([[0.25, 0.  ]]))
    """
    a = make_activation(activation)
    (Kxx, Kxz, Kzz), leave = enter(Kxx=Kxx, Kxz=Kxz, Kzz=Kzz)
    matrix("Kxz", Kxz)
    vector("Kxx", Kxx, length=Kxz.shape[0], of="the rows of Kxz")
    vector("Kzz", Kzz, length=Kxz.shape[1], of="the columns of Kxz")
    for name, variances in (("Kxx", Kxx), ("Kzz", Kzz)):
        if float(variances.min()) < 0:
            raise ValueError(f"{name} holds variances, which are at least 0; got {float(variances.min()):.6g}")
    layer = rule(a, Kxx, Kzz, Scratch())
    E_ss, E_dd = torch.empty_like(Kxz), torch.empty_like(Kxz)
    slack = 1 + (1e-6 if Kxz.dtype == torch.float64 else 1e-3)
    for rows in slices(Kxz.shape[0], 512):
        for columns in slices(Kxz.shape[1], 512):
            k, qx, qz = Kxz[rows, columns], Kxx[rows, None], Kzz[columns]
            if bool((k.abs() > slack * (qx.sqrt() * qz.sqrt())).any()):
                raise ValueError("Kxz must satisfy Kxz² ≤ Kxx Kzz; it does not, so these are no covariances")
            E_ss[rows, columns], E_dd[rows, columns], suspects = layer(k.clone(), rows, columns)
            if suspects is not None:
                i, j = suspects.nonzero(as_tuple=True)
                i, j = i + rows.start, j + columns.start
                E_ss[i, j], E_dd[i, j] = _nearly_parallel(a, Kxx[i], Kxz[i, j], Kzz[j])
    return leave(E_ss), leave(E_dd)


def _nearly_parallel(a: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """Scale-invariant expectations from the numbers as given, without cancellation."""
    slopes = leaky_slopes(a)
    assert slopes is not None
    theta, supplement = (angle.to(k) for angle in scale_invariant.angles_from_covariance(qx, k, qz))
    return scale_invariant.by_angle(theta, supplement, qx.sqrt(), qz.sqrt(), *slopes)


def slices(n: int, size: int) -> list[slice]:
    """0..n cut into slices of at most ``size``."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
