"""What a domain's eigensystem is: levels of equal eigenvalue, how many modes each holds, and what lies beyond."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array

_ROUNDINGS = 16  # a kernel's own arithmetic: eigenvalues below this many roundings of their sum are 0


@dataclass(frozen=True, eq=False)
class Spectrum:
    r"""Eigenvalues of a kernel by level, with multiplicities; immutable.

    .. math:: \mathbb{E}_{x'}[k(x, x')\,\phi_i(x')] = \lambda_i\,\phi_i(x), \qquad
        \mathbb{E}_x[\phi_i(x)\,\phi_j(x)] = \delta_{ij}

    S0 (eigenlearning article), the eigenvalue equation, with the density p(x′) that its integral leaves out.

    Args:
        eigenvalues: λ ≥ 0 by level, (levels,), in units of the kernel.
        multiplicities: modes in each level, (levels,), whole numbers ≥ 1. Held as floats, since C(d, k) outgrows int64.
        labels: one name per level (frequency, degree, index); 0, 1, ... if left out.
        tail: Σ multiplicity · eigenvalue of the infinitely many modes past the last level; 0 on a finite domain.
        eigenvectors: (n, n), orthonormal columns, where the domain is n samples (:func:`from_matrix`); else ``None``.

    Raises:
        ValueError: a negative eigenvalue or tail, multiplicities that are no whole numbers, lengths that differ.

    >>> Spectrum([0.5, 0.25], [1, 2], labels=["constant", "linear"]).trace
    1.0
    """

    eigenvalues: Array
    multiplicities: Array
    labels: Sequence[Hashable] | None = None
    tail: float = 0.0
    eigenvectors: Array | None = None

    def __post_init__(self) -> None:
        (eigenvalues,), leave = _check.enter(eigenvalues=self.eigenvalues)
        _check.vector("eigenvalues", eigenvalues)
        lowest = int(eigenvalues.argmin())
        if eigenvalues[lowest] < 0:
            raise ValueError(
                f"eigenvalues must be at least 0; got {float(eigenvalues[lowest]):.3g} at index {lowest}. "
                "If that is rounding, pass eigenvalues.clip(0)"
            )
        (multiplicities,), _ = _check.enter(multiplicities=self.multiplicities)
        _check.vector("multiplicities", multiplicities, length=len(eigenvalues), of="eigenvalues")
        if bool(((multiplicities < 1) | (multiplicities != multiplicities.round())).any()):
            raise ValueError(f"multiplicities must be whole numbers of at least 1; got {self.multiplicities}")
        labels = tuple(range(len(eigenvalues)) if self.labels is None else self.labels)
        if len(labels) != len(eigenvalues):
            raise ValueError(f"labels must have length {len(eigenvalues)} like eigenvalues; got {len(labels)}")
        object.__setattr__(self, "eigenvalues", leave(eigenvalues))
        object.__setattr__(self, "multiplicities", leave(multiplicities.cpu().double().to(_counts(eigenvalues))))
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "tail", _check.nonnegative("tail", self.tail))

    @property
    def trace(self) -> float:
        """Σ multiplicity · eigenvalue, tail included: the mean of k(x, x)."""
        return float((self.multiplicities * self.eigenvalues).sum()) + self.tail

    @property
    def positive_modes(self) -> float:
        """Number of modes with an eigenvalue above 0 (∞ with a tail): no more points can be fitted without ridge."""
        return float("inf") if self.tail > 0 else float(self.multiplicities[self.eigenvalues > 0].sum())


def _counts(eigenvalues: torch.Tensor) -> torch.Tensor:
    """A tensor of the eigenvalues' device and of the widest float there (float32 would round C(d, k))."""
    return eigenvalues if eigenvalues.device.type == "mps" else eigenvalues.double()


def resolved(what: str, eigenvalues: np.ndarray, rounding: np.ndarray | float) -> np.ndarray:
    """Set to 0 what is not above ``rounding``; a kernel with an eigenvalue clearly below 0 is none."""
    limit = _ROUNDINGS * rounding
    if (eigenvalues < -limit).any():
        worst = int(np.argmin(eigenvalues))
        raise ValueError(
            f"{what} must be positive semi-definite; eigenvalue {worst} is {eigenvalues[worst]:.3g}. "
            "Check that it is a kernel of this domain"
        )
    return np.where(eigenvalues > limit, eigenvalues, 0.0)


def tail_of(diagonal: float, eigenvalues: np.ndarray, multiplicities: np.ndarray, rounding: np.ndarray) -> float:
    """What k(x, x) holds beyond the levels kept, where that stands above their rounding."""
    kept = eigenvalues > 0
    tail = diagonal - float((multiplicities * eigenvalues).sum())
    noise = abs(diagonal) * np.finfo(np.float64).eps + float((multiplicities * rounding)[kept].sum())
    return tail if tail > _ROUNDINGS * noise else 0.0
