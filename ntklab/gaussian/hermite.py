"""Hermite series of a smooth activation at many variances at once.

With orthonormal Hermite polynomials h_n, σ(r z) = Σ a_n(r) h_n(z), and Mehler's formula gives

    E[σ(u)σ(v)] = Σ a_n(rx) a_n(rz) ρⁿ,   ρ the correlation of u and v, rx and rz their standard deviations.

The coefficients cost one integral on the line each. As r moves, the row (a_0(r), a_1(r), ...) moves smoothly, so all
rows of a data set lie in the span of a few dozen: :class:`Series` keeps each row as its coordinates there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from ntklab._check import Array
from ntklab.gaussian.activations import Activation
from ntklab.gaussian.quadrature import line, reach

_MOST_TERMS = 2**16
_CHUNK = 128  # orders at a time: the table of h_n at all nodes is never whole
_ROUNDING = 3e-14
_LOST = 3e-13  # of E[σ²]: what the terms left out may hold


@dataclass(frozen=True)
class Series:
    """Normalised Hermite rows a(r)/|a(r)| of one function, as coordinates in a common orthonormal basis."""

    basis: torch.Tensor  # (P, N): rows of Hermite coefficients
    probes: torch.Tensor  # (S, P): coordinates at representative r, from the smallest to the largest
    _nodes: torch.Tensor
    _project: torch.Tensor  # (nodes, P): from values at the nodes to coordinates
    _weights: torch.Tensor
    _function: Callable[[Array], Array]

    def coordinates(self, r: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """((n, P) coordinates, (n,) root mean squares) at the standard deviations ``r``."""
        coordinates = torch.empty(len(r), len(self.basis), dtype=torch.float64)
        size = torch.empty(len(r), dtype=torch.float64)
        for part in torch.split(torch.arange(len(r)), max(1, 2**20 // len(self._nodes))):
            values = self._function(r[part, None] * self._nodes)
            size[part] = (values * values @ self._weights).sqrt()
            coordinates[part] = values @ self._project
        return coordinates / torch.where(size > 0, size, torch.ones_like(size))[:, None], size


def series(activation: Activation, lowest: float, highest: float) -> tuple[Series, Series] | None:
    """The series of σ and σ′ for standard deviations within [lowest, highest]; ``None`` if they take too many terms."""
    functions = (activation.f, activation.derivative)
    rule = line(activation, highest**2)
    # σ's Fourier transform falls off like exp(−width |k|), as the step that integrates its square tells.
    width = 32 * rule.step / (2 * math.pi)
    most = round((16 / width) ** 2) + 64
    if most > _MOST_TERMS:
        return None
    step = 2 * math.pi / (math.sqrt(most) + 40 / width + 8)
    count = math.ceil(reach(activation, highest, 1e-32) / step)
    nodes = torch.arange(-count, count + 1, dtype=torch.float64) * step
    weights = torch.exp(-nodes * nodes / 2) * (step / math.sqrt(2 * math.pi))
    samples = 1 if highest <= lowest * (1 + _ROUNDING) else 24 if highest <= 1.5 * lowest else 48
    while samples <= 1024:
        rows = _rows(functions, _spread(lowest, highest, samples), nodes, weights, most)
        if rows is None:
            return None
        bases = [_span(part) for part in rows]
        if samples == 1 or max(len(basis) for basis in bases) <= 0.75 * samples:
            projections = _projections(bases, nodes, weights)
            return tuple(  # type: ignore[return-value]
                Series(basis, part @ basis.T, nodes, project, weights, g)
                for basis, part, project, g in zip(bases, rows, projections, functions, strict=True)
            )
        samples *= 2
    return None


def _spread(lowest: float, highest: float, count: int) -> torch.Tensor:
    """Chebyshev points from the lowest to the highest."""
    if count == 1:
        return torch.tensor([highest], dtype=torch.float64)
    turn = torch.linspace(0, math.pi, count, dtype=torch.float64)
    return (lowest + highest) / 2 - (highest - lowest) / 2 * torch.cos(turn)


def _rows(
    functions: tuple[Callable[[Array], Array], ...],
    r: torch.Tensor,
    nodes: torch.Tensor,
    weights: torch.Tensor,
    most: int,
) -> list[torch.Tensor] | None:
    """Normalised Hermite rows (len(r), N) of each function, N ≤ ``most`` as small as serves; ``None``: none does."""
    values = torch.stack([g(r[:, None] * nodes) for g in functions])
    square = (values * values) @ weights
    values = values * weights / torch.where(square > 0, square, 1.0).sqrt()[..., None]
    missing = torch.where(square > 0, 1.0, 0.0)
    chunks = []
    for H in hermite_functions(nodes, most):
        chunks.append(values @ H.T)
        missing = missing - (chunks[-1] ** 2).sum(-1)
        if (
            float(missing.max()) < _LOST
        ):  # in E the missing tails of two rows multiply: this, not its root, is the error
            return list(torch.cat(chunks, dim=-1))
    return None


def _span(rows: torch.Tensor) -> torch.Tensor:
    """An orthonormal basis (P, N) of the rows, to rounding."""
    _, singular, directions = torch.linalg.svd(rows, full_matrices=False)
    return directions[: max(1, int((singular > _ROUNDING * singular[0]).sum()))]


def _projections(bases: list[torch.Tensor], nodes: torch.Tensor, weights: torch.Tensor) -> list[torch.Tensor]:
    """Matrices (nodes, P) from a function's values at the nodes to the coordinates of its row."""
    terms = bases[0].shape[1]
    projections = [torch.zeros(len(nodes), len(basis), dtype=torch.float64) for basis in bases]
    for start, H in zip(range(0, terms, _CHUNK), hermite_functions(nodes, terms), strict=True):
        for projection, basis in zip(projections, bases, strict=True):
            projection += (H * weights).T @ basis[:, start : start + len(H)].T
    return projections


def hermite_functions(z: torch.Tensor, terms: int) -> Iterator[torch.Tensor]:
    """h_0(z), ..., h_{terms − 1}(z), orthonormal for the standard normal, some hundred orders at a time."""
    before, now = torch.zeros_like(z), torch.ones_like(z)
    for start in range(0, terms, _CHUNK):
        chunk = torch.empty(min(_CHUNK, terms - start), len(z), dtype=z.dtype)
        for row, n in enumerate(range(start, start + len(chunk))):
            chunk[row] = now
            before, now = now, (z * now - math.sqrt(n) * before) / math.sqrt(n + 1)
        yield chunk
