"""From a kernel's values at chosen points to plain float64 numbers, and back to the caller's kind of array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array

Profile = Callable[[np.ndarray], Array]


def profile_of(kernel: Callable[[np.ndarray, np.ndarray], Array], d: int, radius: float | None = None) -> Profile:
    r"""The profile of a rotation-invariant kernel on a sphere: its value as a function of the cosine.

    .. math:: \text{profile}(\cos\theta) = k(r\,e_1,\; r\cos\theta\, e_1 + r\sin\theta\, e_2)

    Args:
        kernel: kernel(X, Z) with X (1, d), Z (m, d) and answer (1, m), such as
            ``lambda X, Z: ntklab.kernels.ntk(X, Z, mlp=mlp)``. Kernels of x·x′/d depend on d as well as on the angle.
        d: number of coordinates, at least 2.
        radius: r, the norm of the inputs; √d if left out, the cube's. The unit circle and Arora's sphere have 1.

    Returns:
        A callable of cosines, (m,), for :func:`circle` (of the angle: compose with ``numpy.cos``),
        :func:`hypercube` and :func:`sphere`.

    >>> profile_of(lambda X, Z: X @ Z.T / 3, d=3)(np.array([1.0, 0.5, -1.0])).round(12)
    array([ 1. ,  0.5, -1. ])
    """
    d = _check.integer("d", d, minimum=2)
    norm = d**0.5 if radius is None else _check.positive("radius", radius)

    def profile(cosines: np.ndarray) -> Array:
        X, Z = np.zeros((1, d)), np.zeros((len(cosines), d))
        X[0, 0] = norm
        Z[:, 0] = norm * cosines
        Z[:, 1] = norm * np.sqrt((1 - cosines) * (1 + cosines))
        return kernel(X, Z)[0]

    return profile


@dataclass(frozen=True)
class Samples:
    """Kernel values in float64, the rounding they carry (as a share of themselves), and the way back."""

    values: np.ndarray
    eps: float
    leave: Callable[[np.ndarray], Array]


def sample(name: str, profile: Profile | Array, points: np.ndarray, of: str) -> Samples:
    """Values of ``profile`` at ``points``, or the array it already is, checked to be one finite number per point."""
    if callable(profile):
        try:
            given = profile(points)
        except TypeError as error:
            raise TypeError(
                f"{name} must take an array of {of} and return one value for each; it raised: {error}"
            ) from error
    else:
        given = profile
    (values,), leave = _check.enter(**{name: given})
    if tuple(values.shape) != points.shape:
        raise ValueError(
            f"{name} must give {len(points)} values, one for each of the {of}; got shape {tuple(values.shape)}"
        )
    dtype, device = values.dtype, values.device
    return Samples(
        values.detach().cpu().numpy().astype(np.float64),
        torch.finfo(dtype).eps,
        lambda result: leave(torch.from_numpy(result).to(device=device, dtype=dtype)),
    )
