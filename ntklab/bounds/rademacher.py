"""Rademacher complexity of a ball of linear functions of features."""

from __future__ import annotations

import math

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array

_BLOCK = 1024  # sign vectors drawn at a time


def rademacher_complexity(K: Array, radius: float, n_draws: int, rng: np.random.Generator | int) -> tuple[float, float]:
    r"""Empirical Rademacher complexity of a ball of linear functions of features, by Monte Carlo.

    .. math:: \mathcal{R} = \mathbb{E}_\sigma \sup_{\|v\| \le W} \frac1n \sum_i \sigma_i \langle \phi(x_i), v \rangle
        = \frac{W}{n}\, \mathbb{E}_\sigma \sqrt{\sigma^\top K \sigma}

    Hadiji, class 5 slides, "Rademacher complexity of linear regression", whose definition lacks the 1/n that its bound
    has. The supremum is the closed form on the right, so only the signs σ are sampled.

    Args:
        K: kernel matrix ⟨φ(x_i), φ(x_j)⟩, (n, n), positive semi-definite.
        radius: W ≥ 0, in units of 1/√K.
        n_draws: number of sign vectors, at least 2.
        rng: a NumPy generator or a seed.

    Returns:
        Mean and its standard error.

    Raises:
        ValueError: K is not square, symmetric and finite, the radius is negative, or there are fewer than two draws.
        TypeError: ``rng`` is neither a generator nor an integer.

    Orthogonal features of length 2: every sign vector gives W · 2√n / n.

    >>> mean, error = rademacher_complexity([[4, 0], [0, 4]], radius=1, n_draws=10, rng=0)
    >>> round(mean, 12), error < 1e-15
    (1.414213562373, True)
    """
    (K,), _ = _check.enter(K=K)
    _check.kernel_matrix("K", K)
    radius, n_draws = _check.nonnegative("radius", radius), _check.integer("n_draws", n_draws, 2)
    rng, n = _check.generator(rng), len(K)
    lengths = np.empty(n_draws)
    for start in range(0, n_draws, _BLOCK):
        count = min(_BLOCK, n_draws - start)
        signs = torch.from_numpy(2.0 * rng.integers(0, 2, size=(count, n)) - 1).to(K)
        squared = ((signs @ K) * signs).sum(dim=1).clamp_min(0)
        lengths[start : start + count] = squared.sqrt().cpu().numpy()
    values = radius * lengths / n
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(n_draws))


def rademacher_bound(K: Array, radius: float) -> float:
    r"""Closed upper bound on :func:`rademacher_complexity`.

    .. math:: \mathcal{R} \le \frac{W \sqrt{\operatorname{tr} K}}{n} \le \frac{W \max_i \|\phi(x_i)\|}{\sqrt n}

    Hadiji, class 5 slides, "Rademacher complexity of linear regression"; the first form, which is the smaller.

    Args:
        K: kernel matrix, (n, n).
        radius: W ≥ 0.

    Returns:
        The bound.

    Raises:
        ValueError: K is not square, symmetric and finite or has a negative diagonal, or the radius is negative.

    >>> rademacher_bound([[3, 1], [1, 1]], radius=2)
    2.0
    """
    (K,), _ = _check.enter(K=K)
    _check.kernel_matrix("K", K)
    if float(K.diagonal().min()) < 0:
        raise ValueError(f"K must have no negative diagonal entry; got {float(K.diagonal().min()):.3g}")
    return _check.nonnegative("radius", radius) * math.sqrt(float(K.trace())) / len(K)
