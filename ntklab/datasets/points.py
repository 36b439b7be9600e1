"""Points on the circle and on the sphere, and the eigenfunctions of the circle."""

from __future__ import annotations

import numpy as np

from ntklab import _check
from ntklab.datasets._rng import Rng, generator


def circle(n_points: int) -> np.ndarray:
    r"""Return equispaced points of the unit circle, x_j = (cos θ_j, sin θ_j) with θ_j = 2πj/M; shape (M, 2).

    >>> circle(4).round(15) + 0.0
    array([[ 1.,  0.],
           [ 0.,  1.],
           [-1.,  0.],
           [ 0., -1.]])
    """
    angles = 2 * np.pi * np.arange(_check.integer("n_points", n_points)) / n_points
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def circle_modes(n_points: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the Fourier modes of M equispaced points: the eigenfunctions of every rotation-invariant kernel there.

    .. math::  1,\ \sqrt2 \cos k\theta,\ \sqrt2 \sin k\theta \ (0 < k < M/2),\ \cos(M\theta/2) \text{ for even } M

    Args:
        n_points: M.

    Returns:
        ``(modes, frequencies)``: modes (M, M), a mode per column with mean square 1 (modesᵀ modes / M = I), and the
        frequency k of each, (M,) integers 0, 1, 1, 2, 2, …, cosine before sine.

    >>> modes, frequencies = circle_modes(4)
    >>> frequencies
    array([0, 1, 1, 2])
    >>> modes[:, 3].round(12)
    array([ 1., -1.,  1., -1.])
    """
    M = _check.integer("n_points", n_points)
    j = np.arange(M)
    frequencies = (j + 1) // 2
    # j k mod M keeps the argument below 2π: cos and sin stay exact to rounding at high frequencies
    angles = 2 * np.pi * (np.outer(j, frequencies) % M) / M
    modes = np.where(j % 2 == 1, np.cos(angles), np.sin(angles)) * np.sqrt(2.0)
    modes[:, 0] = 1.0
    if M % 2 == 0:
        modes[:, -1] = np.where(j % 2 == 0, 1.0, -1.0)
    return modes, frequencies


def sphere(n: int, d: int, *, rng: Rng, radius: float = 1.0) -> np.ndarray:
    r"""Draw n points uniformly on the sphere S^{d−1} of the given radius; shape (n, d), float64.

    A radius of √d makes x·x′/d, the input kernel of PDLT (10.44), the cosine.

    >>> np.linalg.norm(sphere(3, 5, rng=0, radius=2.0), axis=1)
    array([2., 2., 2.])
    """
    shape = (_check.integer("n", n), _check.integer("d", d))
    radius = _check.positive("radius", radius)
    G = generator(rng).standard_normal(shape)
    return radius * G / np.linalg.norm(G, axis=1, keepdims=True)
