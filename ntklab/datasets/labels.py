"""Targets: training splits, one column per class, corrupted labels, teachers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.datasets._rng import Rng, generator


def one_hot(labels: Array, n_classes: int, *, centered: bool = True) -> np.ndarray:
    r"""Return one target column per class, so that class labels can be fitted by least squares.

    .. math::  Y_{ic} = 1[c = y_i] - 1/C

    Args:
        labels: integers 0, …, ``n_classes`` − 1, shape (n,).
        n_classes: C.
        centered: subtract 1/C, which makes every row sum to zero; otherwise 0 and 1.

    Returns:
        Targets (n, C), float64. The predicted class is the argmax of a row of predictions.

    Raises:
        ValueError: a label is outside the range, or not whole.

    >>> one_hot([0, 1], n_classes=2)
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    n_classes = _check.integer("n_classes", n_classes, 2)
    y = np.asarray(labels)
    _check.vector("labels", y)
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= n_classes:
        raise ValueError(f"labels must be whole numbers 0, …, {n_classes - 1}; got {y.dtype} {y.min()} to {y.max()}")
    return np.eye(n_classes)[y] - (1 / n_classes if centered else 0.0)


def split(
    X: Array, y: Array, n_train: int, *, rng: Rng, n_test: int | None = None
) -> tuple[Array, Array, Array, Array]:
    """Draw a training set without replacement, and a test set from what is left.

    Args:
        X: inputs (n, d), NumPy or torch.
        y: targets (n,) or (n, c).
        n_train: number of training points.
        rng: generator or seed.
        n_test: number of test points; None takes all that is left.

    Returns:
        ``(X_train, X_test, y_train, y_test)``, in scikit-learn's order. A smaller ``n_train`` with the same seed
        gives the first rows of the larger one.

    Raises:
        ValueError: more points are asked for than there are.

    >>> X_train, X_test, y_train, y_test = split(np.eye(5), np.arange(5), 3, rng=0)
    >>> sorted([*y_train, *y_test]), X_train.shape
    ([np.int64(0), np.int64(1), np.int64(2), np.int64(3), np.int64(4)], (3, 5))
    """
    X, y = (array if _check.is_tensor(array) else np.asarray(array) for array in (X, y))
    _check.matrix("X", X)
    n = X.shape[0]
    _check.targets("y", y, n, of="X")
    n_train = _check.integer("n_train", n_train)
    n_test = max(n - n_train, 0) if n_test is None else _check.integer("n_test", n_test, 0)
    if n_train + n_test > n:
        raise ValueError(f"n_train + n_test must be at most the {n} rows of X; got {n_train} + {n_test}")
    order = generator(rng).permutation(n)
    train, test = order[:n_train], order[n_train : n_train + n_test]
    return X[train], X[test], y[train], y[test]


def corrupt_labels(y: Array, share: float | Sequence[float], *, rng: Rng) -> Array:
    r"""Redraw a share of the labels at random, nested: a larger share redraws the same labels alike, and more.

    Each label is redrawn with probability q independently of the others, uniformly over the C values that occur in
    ``y``; so on average a share q(C − 1)/C of the labels ends up wrong. For labels ±1 this makes
    E[ỹᵢỹⱼ] = (1 − q)² yᵢyⱼ for i ≠ j, and hence, for any matrix A,

    .. math::  E[\tilde y^\top A \tilde y] = (1 - q)^2\, y^\top A y + (1 - (1 - q)^2)\, \mathrm{tr}\, A.

    Args:
        y: labels (n,), numbers of any kind; NumPy or torch.
        share: q from 0 to 1, or a sequence of them.
        rng: generator or seed. Calls with the same seed are nested in each other; so are the shares of one call.

    Returns:
        Labels (n,), or (len(share), n) for a sequence; of y's kind and dtype.

    Raises:
        ValueError: a share outside [0, 1], or only one label value, which leaves nothing to redraw.

    >>> corrupt_labels(np.array([-1, 1, -1, 1, -1, 1]), [0.0, 0.5, 1.0], rng=1)
    array([[-1,  1, -1,  1, -1,  1],
           [-1,  1, -1,  1,  1,  1],
           [-1,  1, -1, -1,  1,  1]])
    """
    y = y if _check.is_tensor(y) else np.asarray(y)
    _check.vector("y", y)
    values = np.unique(y.cpu().numpy() if _check.is_tensor(y) else y)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError(f"y must be finite; got {values[~np.isfinite(values)][0]}")
    if len(values) < 2:
        raise ValueError(f"y must hold at least two different labels; all are {values[0]}")
    shares = np.atleast_1d(np.asarray(share, dtype=np.float64))
    if shares.ndim != 1 or not ((shares >= 0) & (shares <= 1)).all():  # written so that nan fails too
        raise ValueError(f"share must lie between 0 and 1; got {share!r}")
    generate = generator(rng)
    n = len(y)
    rank, redrawn = generate.random(n), values[generate.integers(len(values), size=n)]  # drawn alike for every share
    hit = rank < shares[:, None]
    answer: Array
    if _check.is_tensor(y):
        answer = torch.where(torch.from_numpy(hit).to(y.device), torch.from_numpy(redrawn).to(y), y)
    else:
        answer = np.where(hit, redrawn, y)
    return answer if np.ndim(share) else answer[0]


def teacher_targets(
    X: Array, teacher: Callable[[Any], Any], *, noise_variance: float = 0.0, rng: Rng | None = None
) -> Array:
    r"""Return the targets a teacher sets, y = teacher(X) + noise.

    Args:
        X: inputs (n, d), NumPy or torch.
        teacher: a callable on X, such as an :class:`~ntklab.networks.NTKNet` (one output gives (n,) targets).
        noise_variance: variance of Gaussian noise added independently to every target.
        rng: generator or seed; needed when there is noise.

    Returns:
        Targets (n,) or (n, c), of X's kind.

    Raises:
        ValueError: the teacher's answer has not n rows; noise without ``rng``.

    >>> teacher_targets(np.array([[1.0, 2.0], [3.0, -1.0]]), lambda X: X[:, 0] * X[:, 1])
    array([ 2., -3.])
    """
    (X,), leave = _check.enter(X=X)
    _check.matrix("X", X)
    noise_variance = _check.nonnegative("noise_variance", noise_variance)
    answer = teacher(leave(X))
    (y,), leave = _check.enter(**{"teacher(X)": answer.detach() if _check.is_tensor(answer) else answer})
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    _check.targets("teacher(X)", y, X.shape[0], of="X")
    if noise_variance > 0:
        if rng is None:
            raise ValueError("rng must be given with noise_variance > 0: a generator or a seed")
        y = y + noise_variance**0.5 * torch.from_numpy(generator(rng).standard_normal(tuple(y.shape))).to(y)
    return leave(y)
