"""The bundled digits, and images without their structure."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.datasets._rng import Rng, generator


def digits(
    labels: Literal["class", "odd_even"] | tuple[int, int] = "class",
    scaling: Literal["unit_norm", "unit_range", "raw"] = "unit_norm",
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return scikit-learn's bundled handwritten digits, 8 × 8 pixels, in the order of its file.

    Args:
        labels: ``"class"`` gives the digit 0, …, 9 as an integer; ``"odd_even"`` gives +1 for odd and −1 for even
            digits; a pair ``(a, b)`` keeps these two digits only, a as −1 and b as +1.
        scaling: ``"unit_norm"`` scales each image to length 1; ``"unit_range"`` divides the pixels by 16, their
            largest value; ``"raw"`` leaves them 0, …, 16. No option looks at more than one image, so none leaks
            test data into training.

    Returns:
        ``(X, y)``: images (n, 64) float64, pixels row by row, and labels (n,): integers for ``"class"``, else ±1
        float64. n is 1,797 for all digits.

    Raises:
        ValueError: unknown ``labels`` or ``scaling``, or a pair that is not two different digits.

    >>> X, y = digits()
    >>> X.shape, y[:5]
    ((1797, 64), array([0, 1, 2, 3, 4]))
    >>> X, y = digits(labels=(3, 8), scaling="unit_range")
    >>> X.shape, float(X.max()), y[:4]
    ((357, 64), 1.0, array([-1.,  1., -1.,  1.]))
    """
    from sklearn.datasets import load_digits

    _check.choice("scaling", scaling, ("unit_norm", "unit_range", "raw"))
    X, digit = load_digits(return_X_y=True)
    y: np.ndarray
    if isinstance(labels, (tuple, list)):
        pair = [_check.integer("labels", label, 0) for label in labels]
        if len(pair) != 2 or max(pair) > 9 or pair[0] == pair[1]:
            raise ValueError(f"labels must name two different digits 0, …, 9; got {labels!r}")
        keep = (digit == pair[0]) | (digit == pair[1])
        X, y = X[keep], np.where(digit[keep] == pair[1], 1.0, -1.0)
    elif _check.choice("labels", labels, ("class", "odd_even")) == "odd_even":
        y = np.where(digit % 2 == 1, 1.0, -1.0)
    else:
        y = digit.astype(np.int64)
    if scaling == "unit_range":
        X = X / 16
    elif scaling == "unit_norm":
        X = X / np.linalg.norm(X, axis=1, keepdims=True)  # no image is blank
    return X, y


def shuffle_pixels(X: Array, *, rng: Rng, same_for_all: bool = False) -> Array:
    """Permute the pixels of each image.

    Args:
        X: images (n, d), one per row.
        rng: generator or seed.
        same_for_all: one permutation for every image instead of a fresh one for each. No kernel of an MLP can
            tell such images from the originals, since it depends on inner products only.

    Returns:
        Images of X's shape, kind and dtype; every row keeps its values, and so its norm.

    >>> shuffle_pixels(np.arange(6.0).reshape(2, 3), rng=0, same_for_all=True)
    array([[2., 0., 1.],
           [5., 3., 4.]])
    """
    (X,), leave = _check.enter(X=X)
    _check.matrix("X", X)
    n, d = X.shape
    generate = generator(rng)
    if same_for_all:
        order = np.broadcast_to(generate.permutation(d), (n, d))
    else:
        order = generate.permuted(np.broadcast_to(np.arange(d), (n, d)), axis=1)
    return leave(X.gather(1, torch.from_numpy(order.copy()).to(X.device)))


def noise_images(X: Array, *, rng: Rng) -> Array:
    """Draw Gaussian images of the same overall pixel mean and standard deviation as X, with nothing else of it.

    Args:
        X: images (n, d).
        rng: generator or seed.

    Returns:
        Independent normal pixels, of X's shape, kind and dtype.

    >>> noise_images(np.array([[1.0, 1.0], [1.0, 1.0]]), rng=0)  # standard deviation 0
    array([[1., 1.],
           [1., 1.]])
    """
    (X,), leave = _check.enter(X=X)
    _check.matrix("X", X)
    noise = torch.from_numpy(generator(rng).standard_normal(tuple(X.shape))).to(X)
    return leave(X.mean() + X.std(correction=0) * noise)
