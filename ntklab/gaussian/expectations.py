"""E[σ(u)σ(v)] and E[σ′(u)σ′(v)] for many jointly normal pairs at once, by the best way each activation has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch

from ntklab._check import Array, enter, matrix, vector
from ntklab._scratch import Scratch
from ntklab.gaussian import quadrature, scale_invariant
from ntklab.gaussian.activations import Activation, leaky_slopes
from ntklab.gaussian.activations import activation as make_activation
from ntklab.gaussian.closed_forms import ClosedForm, closed_form
from ntklab.gaussian.tables import table

Pair = tuple[torch.Tensor, torch.Tensor]

# 1 − |cos θ| below which a kink's E_dd needs the angle from elsewhere than the cosine: its error is (rounding)/θ.
NEARLY_PARALLEL = {torch.float64: 1e-7, torch.float32: 1e-3}

# Of |k|/√(qx qz) over 1: what counts as rounding.
_EXCESS = {torch.float64: 1e-6, torch.float32: 1e-3}
_FEW = 200  # pairs that are integrated one by one sooner than a table is made


class Rule(Protocol):
    """One layer's expectations, made ready for given variances."""

    def __call__(self, k: torch.Tensor, rows: slice, columns: slice) -> Pair:
        """(E_ss, E_dd) for the block of covariances ``k`` between the variances ``rows`` and ``columns``."""


def rule(a: Activation, qx: torch.Tensor, qz: torch.Tensor, scratch: Scratch | None = None) -> Rule:
    """The fastest accurate way to the expectations of ``a`` for row variances ``qx``, column variances ``qz``.

    Results may lie in ``scratch``, until the next block or the next rule that shares it.
    """
    slopes = leaky_slopes(a)
    if slopes is not None:
        return _Formula(qx, qz, lambda qx, k, qz: scale_invariant.by_covariance(qx, k, qz, *slopes))
    form = closed_form(a)
    if form is not None:
        return _Formula(qx, qz, form)
    made = None if len(qx) * len(qz) < _FEW else table(a, qx, qz, scratch)
    return made or _Formula(qx, qz, lambda qx, k, qz: quadrature.expectations(a, qx, k, qz))


class _Formula:
    """A function of the three covariances."""

    def __init__(self, qx: torch.Tensor, qz: torch.Tensor, form: ClosedForm) -> None:
        self.qx, self.qz, self.form = qx[:, None], qz, form

    def __call__(self, k: torch.Tensor, rows: slice, columns: slice) -> Pair:
        return self.form(self.qx[rows], k, self.qz[columns])


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
    layer = rule(a, Kxx, Kzz)
    E_ss, E_dd = torch.empty_like(Kxz), torch.empty_like(Kxz)
    rx, rz = Kxx.sqrt(), Kzz.sqrt()
    near = NEARLY_PARALLEL[Kxz.dtype]
    parts = [[slice(start, start + 512) for start in range(0, size, 512)] for size in Kxz.shape]
    for rows in parts[0]:
        for columns in parts[1]:
            k, scale = Kxz[rows, columns], rx[rows, None] * rz[columns]
            if bool((k.abs() > scale * (1 + _EXCESS[k.dtype])).any()):
                raise ValueError("Kxz must satisfy Kxz² ≤ Kxx Kzz; it does not, so these are no covariances")
            E_ss[rows, columns], E_dd[rows, columns] = layer(k, rows, columns)
            if a.kinks:
                i, j = (k.abs() > scale * (1 - near)).nonzero(as_tuple=True)
                if len(i):
                    i, j = i + rows.start, j + columns.start
                    E_ss[i, j], E_dd[i, j] = _nearly_parallel(a, Kxx[i], Kxz[i, j], Kzz[j])
    return leave(E_ss), leave(E_dd)


def _nearly_parallel(a: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """The expectations of an activation with kinks from the numbers as given, without cancellation."""
    slopes = leaky_slopes(a)
    if slopes is None:
        return quadrature.expectations(a, qx, k, qz)
    theta, supplement = (angle.to(k) for angle in scale_invariant.angles_from_covariance(qx, k, qz))
    return scale_invariant.by_angle(theta, supplement, qx.sqrt(), qz.sqrt(), *slopes)
