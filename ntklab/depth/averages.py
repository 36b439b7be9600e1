"""Averages over one Gaussian pre-activation, <g(z)>_K with z ~ N(0, K), to 1e-12."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

NODES, WEIGHTS = (torch.from_numpy(a) for a in np.polynomial.legendre.leggauss(16))  # on [-1, 1]
SETTLED = 2e-14  # what halving the panels may change, relative to <|g|>: the error of the coarser grid, which is kept
MOST_PANELS = 4096
WIDEST = 37.0  # standard deviations; exp(-37^2 / 2) is near the smallest weight that float64 can hold


class GaussianAverage:
    r"""<g(z)>_K for one integrand at many variances K.

    Gauss-Legendre panels over z / sqrt(K) in [-R, R], split at the kinks; the panels are halved until two grids agree.
    Panels fine enough for one K are fine enough for every smaller one (seen from z / sqrt(K) the integrand only grows
    smoother), so a depth recursion, whose K falls, pays for the search once.

    Args:
        integrand: float64 tensor (m,) of pre-activations -> (m,), or (q, m) for q averages over the same nodes.
        kinks: where the integrand is not smooth.

    >>> square = GaussianAverage(lambda z: z**2)
    >>> round(float(square(3.0)), 13)
    3.0
    """

    def __init__(self, integrand: Callable[[torch.Tensor], torch.Tensor], kinks: Sequence[float] = ()) -> None:
        self._integrand = integrand
        self._kinks = sorted(kinks)
        self._reach, self._panels, self._largest_K = 12.0, 8, 0.0

    def __call__(self, K: float) -> torch.Tensor:
        """The average, 0-d or (q,), float64."""
        if K > self._largest_K:
            self._refine(K)
            self._largest_K = K
        return self._sum(K, self._panels)[0]

    def _refine(self, K: float) -> None:
        while self._reach < WIDEST and self._edge_counts(K):
            self._reach, self._panels = min(2 * self._reach, WIDEST), 2 * self._panels
        if self._edge_counts(K):
            raise ValueError(f"the activation grows too fast to average over a pre-activation of variance {K:.4g}")
        value, size = self._sum(K, self._panels)
        while self._panels <= MOST_PANELS:
            finer, _ = self._sum(K, 2 * self._panels)
            if bool((abs(finer - value) <= SETTLED * size).all()):
                return
            value, self._panels = finer, 2 * self._panels
        raise ValueError(
            f"the average over a pre-activation of variance {K:.4g} does not settle: does the activation have a kink "
            "or a jump that it does not declare?"
        )

    def _edge_counts(self, K: float) -> bool:
        """Whether the integrand at the ends of the interval is too large to be cut off."""
        ends = torch.tensor([-self._reach, self._reach], dtype=torch.float64)
        at_ends = abs(self._integrand(math.sqrt(K) * ends)).amax(-1) * math.exp(-(self._reach**2) / 2)
        _, size = self._sum(K, self._panels)
        return not bool((at_ends <= 1e-17 * size).all()) or not bool(torch.isfinite(size).all())

    def _sum(self, K: float, panels: int) -> tuple[torch.Tensor, torch.Tensor]:
        """<g> and <|g|>."""
        scale = math.sqrt(K)
        u, weight = self._grid(scale, panels)
        values = self._integrand(scale * u)
        return values @ weight, abs(values) @ weight

    def _grid(self, scale: float, panels: int) -> tuple[torch.Tensor, torch.Tensor]:
        if not self._kinks:
            return _panels((-self._reach, self._reach), panels)
        inner = (c / scale for c in self._kinks if abs(c) < self._reach * scale)
        return _panels((-self._reach, *inner, self._reach), panels)


@functools.lru_cache(maxsize=64)
def _panels(breaks: tuple[float, ...], panels: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Nodes and normal-density weights on panels that end at every break, none wider than the range over ``panels``."""
    widest = (breaks[-1] - breaks[0]) / panels
    edges = [
        torch.linspace(a, b, math.ceil((b - a) / widest - 1e-9) + 1, dtype=torch.float64)[:-1]
        for a, b in pairwise(breaks)
    ]
    lower = torch.cat(edges)
    half = (torch.cat([lower[1:], lower.new_tensor(breaks[-1:])]) - lower) / 2
    u = ((lower + half)[:, None] + half[:, None] * NODES).reshape(-1)
    density = torch.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    return u, (half[:, None] * WEIGHTS).reshape(-1) * density
