"""M points evenly around a circle: Fourier modes, by one fast transform."""

from __future__ import annotations

import numpy as np

from ntklab import _check
from ntklab._check import Array
from ntklab.spectra.profiles import Profile, sample
from ntklab.spectra.spectrum import Spectrum, resolved


def circle(kernel: Profile | Array, n_points: int) -> Spectrum:
    r"""Spectrum of a rotation-invariant kernel on M evenly spaced points of a circle.

    .. math:: \lambda_k = \frac1M \sum_{j=0}^{M-1} k(\theta_j) \cos k\theta_j, \qquad \theta_j = 2\pi j / M

    S0, Fig. 2's domain. Level k holds √2 cos kθ and √2 sin kθ, so multiplicity 2, but 1 at k = 0 and, for even M,
    at k = M/2.

    Args:
        kernel: callable of the angles between two points, in radians within [0, π], (M//2 + 1,) → (M//2 + 1,); or its
            values at the M angles θ_j, (M,).
        n_points: M ≥ 1.

    Returns:
        Levels k = 0, ..., M//2. Eigenvalues within 16 roundings of 0 are 0.

    Raises:
        ValueError: values that are not symmetric (k(θ) = k(2π − θ)), a kernel that is not positive semi-definite.

    k(θ) = 1 + cos θ on four points, (2, 1, 0, 1): λ₀ = 4/4, λ₁ = (2 − 0)/4, λ₂ = (2 − 1 + 0 − 1)/4:

    >>> spectrum = circle(lambda angle: 1 + np.cos(angle), n_points=4)
    >>> spectrum.eigenvalues, spectrum.multiplicities, spectrum.labels
    (array([1. , 0.5, 0. ]), array([1., 2., 1.]), (0, 1, 2))
    """
    M = _check.integer("n_points", n_points)
    half = M // 2 + 1
    angles = 2 * np.pi * np.arange(half if callable(kernel) else M) / M
    samples = sample("kernel", kernel, angles, of="angles")
    row = samples.values
    if callable(kernel):  # the angle between two points never exceeds π: the other half is the mirror image
        row = np.concatenate([row, row[1 : M - half + 1][::-1]])
    scale = float(np.abs(row).mean())
    gap = float(np.abs(row[1:] - row[1:][::-1]).max(initial=0.0))
    if gap > 1e-6 * np.abs(row).max():
        raise ValueError(f"kernel must be symmetric, k(θ) = k(2π − θ); its values differ by up to {gap:.3g}")
    eigenvalues = resolved("kernel", np.fft.rfft(row).real / M, samples.eps * scale)
    multiplicities = np.full(half, 2.0)
    multiplicities[0] = 1.0
    if M % 2 == 0:
        multiplicities[-1] = 1.0
    return Spectrum(samples.leave(eigenvalues), multiplicities, tuple(range(half)))
