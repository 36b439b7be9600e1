"""Boolean functions on the hypercube {−1, +1}^d."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.datasets._rng import Rng, generator


def cube(d: int) -> np.ndarray:
    r"""Return all 2^d corners of the hypercube {−1, +1}^d.

    Args:
        d: dimension, 1 to 20.

    Returns:
        Corners (2^d, d), float64, the last coordinate changing fastest. Their squared length is d, so that
        x·x′/d is the cosine and equals 1 − 2h/d at Hamming distance h.

    >>> cube(2)
    array([[-1., -1.],
           [-1.,  1.],
           [ 1., -1.],
           [ 1.,  1.]])
    """
    d = _check.integer("d", d)
    if d > 20:
        raise ValueError(f"d must be at most 20 to list all 2^d corners; got {d}. Use cube_sample for a few of them")
    bits = (np.arange(2**d)[:, None] >> np.arange(d)[::-1]) & 1
    return 2.0 * bits - 1.0


def cube_sample(n: int, d: int, *, rng: Rng) -> np.ndarray:
    """Draw n corners of {−1, +1}^d uniformly, with replacement; shape (n, d), float64.

    >>> np.unique(cube_sample(50, 30, rng=0))
    array([-1.,  1.])
    """
    shape = (_check.integer("n", n), _check.integer("d", d))
    return 2.0 * generator(rng).integers(0, 2, size=shape) - 1.0


def walsh(X: Array, coordinates: Sequence[int]) -> Array:
    r"""Return the product of some coordinates: an eigenfunction of every rotation-invariant kernel on the cube.

    .. math::  \chi_S(x) = \prod_{i \in S} x_i

    Args:
        X: corners of the cube, entries ±1, shape (n, d).
        coordinates: the set S, as indices 0, …, d − 1 without repeats; empty gives the constant 1.

    Returns:
        Values ±1, shape (n,), of X's kind and dtype. Over the whole cube the 2^d functions are orthonormal in the
        mean; level k = |S| holds C(d, k) of them.

    Raises:
        ValueError: an entry of X is not ±1, or an index is out of range or repeated.

    >>> walsh(np.array([[-1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]]), [0, 1])
    array([ 1., -1.])
    """
    (X,), leave = _check.enter(X=X)
    _check.matrix("X", X)
    _check_corners(X)
    chosen = [_check.integer("coordinates", i, 0) for i in coordinates]
    if len(set(chosen)) != len(chosen) or any(i >= X.shape[1] for i in chosen):
        raise ValueError(f"coordinates must be different indices below {X.shape[1]}; got {list(coordinates)}")
    return leave(X[:, chosen].prod(dim=1))


def parity(X: Array, k: int) -> Array:
    r"""Return the parity of the first k bits, +1 where an odd number of them is +1 and −1 where an even number is.

    .. math::  f_k(x) = -\prod_{i \le k} (-x_i) = (-1)^{k+1} \chi_{\{1, \dots, k\}}(x)

    These are the targets of the article's figure (k = 0, 1, 3, 8 on the 8-cube), in its sign: f₀ = −1, f₁ = x₁.
    The sign changes neither a learnability nor an error.

    Args:
        X: corners of the cube, entries ±1, shape (n, d).
        k: number of leading bits, 0 to d.

    Returns:
        Values ±1, shape (n,), of X's kind and dtype.

    Raises:
        ValueError: an entry of X is not ±1, or k > d.

    >>> X = cube(2)
    >>> parity(X, 0), parity(X, 1), parity(X, 2)
    (array([-1., -1., -1., -1.]), array([-1., -1.,  1.,  1.]), array([-1.,  1.,  1., -1.]))
    """
    (X,), leave = _check.enter(X=X)
    _check.matrix("X", X)
    _check_corners(X)
    if _check.integer("k", k, 0) > X.shape[1]:
        raise ValueError(f"k must be at most the {X.shape[1]} columns of X; got {k}")
    return leave(-(-X[:, :k]).prod(dim=1))


def _check_corners(X: torch.Tensor) -> None:
    if not bool((X.abs() == 1).all()):
        raise ValueError(f"X must hold corners of the cube, entries -1 and +1; got {X[X.abs() != 1][0].item()}")
