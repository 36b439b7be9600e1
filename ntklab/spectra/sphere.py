"""The sphere in d dimensions: spherical harmonics by degree, with the mass beyond the last one carried along."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ntklab import _check
from ntklab.spectra.profiles import Profile, Samples, sample
from ntklab.spectra.spectrum import Spectrum, resolved, tail_of

_ORDER = 32  # Gauss–Legendre nodes per panel
_MAX_PANELS = 4096


def sphere(profile: Profile, d: int, k_max: int) -> Spectrum:
    r"""Spectrum of a kernel of the cosine under the uniform distribution on the sphere in d dimensions.

    .. math:: \lambda_k = \frac{\int_0^\pi k(\cos\theta)\, P_k(\cos\theta) \sin^{d-2}\theta\, d\theta}
        {\int_0^\pi \sin^{d-2}\theta\, d\theta}, \qquad
        m_k = \frac{2k + d - 2}{k} \binom{k + d - 3}{k - 1}, \quad m_0 = 1

    with P_k the Gegenbauer polynomial of index d/2 − 1, scaled to P_k(1) = 1. The integral runs over the angle,
    in which the kernels of networks are smooth up to both ends (in the cosine they have roots there, and the usual
    Gauss–Gegenbauer rule converges slowly); panels are halved until the eigenvalues rest.

    Args:
        profile: callable of the cosine, (m,) → (m,). The sphere's radius is in it: see :func:`profile_of`.
        d: number of coordinates ≥ 2 (2 is the circle, continuous).
        k_max: highest degree kept, ≥ 0.

    Returns:
        Levels k = 0, ..., k_max, and as tail what k(x, x) holds beyond them. Without it the constant C would be too
        small at small n. It is exact in C as long as C lies well above the last eigenvalue.

    Raises:
        ValueError: a profile that is not positive semi-definite on the sphere, or too rough to integrate.

    k = cos² on the circle is 1/2 + (cos 2θ)/2, and level 2 holds two modes:

    >>> sphere(lambda cosine: cosine**2, d=2, k_max=2).eigenvalues.round(12)
    array([0.5 , 0.  , 0.25])
    >>> round(sphere(lambda cosine: cosine**2, d=2, k_max=1).tail, 12)
    0.5
    """
    d, k_max = _check.integer("d", d, minimum=2), _check.integer("k_max", k_max, minimum=0)
    if not callable(profile):
        raise TypeError(f"profile must be a callable of the cosine; got {type(profile).__name__}")
    pole = sample("profile", profile, np.ones(1), of="cosines")
    eigenvalues, rounding = _converged(lambda z: sample("profile", profile, z, of="cosines"), d, k_max)
    eigenvalues = resolved("profile", eigenvalues, rounding)
    multiplicities = np.array([float(_harmonics(d, k)) for k in range(k_max + 1)])
    tail = tail_of(float(pole.values[0]), eigenvalues, multiplicities, rounding)
    return Spectrum(pole.leave(eigenvalues), multiplicities, tuple(range(k_max + 1)), tail)


def _harmonics(d: int, k: int) -> int:
    """Number of spherical harmonics of degree k in d dimensions."""
    return 1 if k == 0 else (2 * k + d - 2) * math.comb(k + d - 3, k - 1) // k


def _converged(values: Callable[[np.ndarray], Samples], d: int, k_max: int) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues that a finer rule leaves alone, and the noise in each."""
    panels = max(2, (k_max + d) // _ORDER)
    previous, _ = _integrate(values, d, k_max, panels)
    last = np.inf
    while panels < _MAX_PANELS:
        panels *= 2
        eigenvalues, rounding = _integrate(values, d, k_max, panels)
        moved = np.abs(eigenvalues - previous)
        worst = float((moved / rounding).max())
        # Either each rests to its own rounding, or all to that of the kernel and finer rules bring no more.
        if worst <= 16 or (moved.max() <= 16 * rounding[0] and worst > last / 2):
            return eigenvalues, np.maximum(rounding, moved)
        previous, last = eigenvalues, worst
    raise ValueError(
        f"profile must be smooth in the angle up to a few kinks; with {panels * _ORDER} nodes its eigenvalues "
        f"still move by {moved.max():.3g}"
    )


def _integrate(
    values: Callable[[np.ndarray], Samples], d: int, k_max: int, panels: int
) -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(_ORDER)
    width = np.pi / panels
    angles = (np.arange(panels)[:, None] * width + (nodes + 1) * width / 2).ravel()
    # ∫ sin^{d−2} = B((d − 1)/2, 1/2), in logarithms: both sides vanish as d grows
    log_norm = math.lgamma((d - 1) / 2) + math.lgamma(0.5) - math.lgamma(d / 2)
    density = np.tile(weights * width / 2, panels) * np.exp((d - 2) * np.log(np.sin(angles)) - log_norm)
    z = np.cos(angles)
    samples = values(z)
    integrand = density * samples.values
    eigenvalues, rounding = np.empty(k_max + 1), np.empty(k_max + 1)
    before, now = np.zeros_like(z), np.ones_like(z)
    for k in range(k_max + 1):
        terms = integrand * now
        eigenvalues[k], rounding[k] = terms.sum(), samples.eps * np.abs(terms).sum()
        # P_{k+1} = [(2k + d − 2) z P_k − k P_{k−1}]/(k + d − 2); at d = 2, k = 0 that is 0/0, and P_1 = z as elsewhere
        back = k / (k + d - 2) if k else 0.0
        before, now = now, (1 + back) * z * now - back * before
    return eigenvalues, rounding
