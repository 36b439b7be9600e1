"""The Boolean cube {−1, 1}^d: parities by level, from d + 1 kernel values, never a 2^d matrix."""

from __future__ import annotations

import math

import numpy as np

from ntklab import _check
from ntklab._check import Array
from ntklab.spectra.profiles import Profile, sample
from ntklab.spectra.spectrum import Spectrum, resolved, tail_of

_MAX_D = 1000  # C(d, d/2) leaves float64 soon after


def hypercube(profile: Profile | Array, d: int) -> Spectrum:
    r"""Spectrum on the cube {−1, 1}^d of a kernel of the cosine.

    .. math:: \lambda_k = 2^{-d} \sum_{h=0}^{d} k(h)\, P_k(h), \qquad
        P_k(h) = \sum_j (-1)^j \binom{k}{j} \binom{d-k}{h-j}, \qquad \cos = 1 - 2h/d

    The domain of S0, Fig. 1. Level k holds the C(d, k) parities of k bits. P_k(h) sums one parity of k bits over the
    points at Hamming distance h; textbooks write it K_h(k). :func:`krawtchouk` has it in exact integers, and the d + 1
    products are summed without rounding, so that only the profile's own rounding is left: relative to λ_k it grows
    like √C(d, k), from 1e-13 at d = 20 to 1e-7 at d = 60.

    Args:
        profile: callable of the cosine, (d + 1,) → (d + 1,), or its values by Hamming distance h = 0, ..., d.
        d: number of bits, 1 to 1000.

    Returns:
        Levels k = 0, ..., d. Eigenvalues within 16 roundings of 0 are 0; where many modes are lost that way (d ≳ 80),
        what they hold together is the tail.

    Raises:
        ValueError: a wrong number of values, a profile that is not positive semi-definite on the cube.

    k = cos on two bits, (1, 0, −1): λ₁ = (1·1 + 0 + (−1)(−1))/4 = 1/2, and nothing elsewhere:

    >>> hypercube(lambda cosine: cosine, d=2).eigenvalues
    array([0. , 0.5, 0. ])
    >>> hypercube([1, 0, -1], d=2).multiplicities
    array([1., 2., 1.])
    """
    d = _check.integer("d", d)
    if d > _MAX_D:
        raise ValueError(f"d must be at most {_MAX_D}, where multiplicities still fit float64; got {d}")
    hamming = np.arange(d + 1)
    samples = sample(
        "profile", profile, (d - 2 * hamming) / d, of="cosines" if callable(profile) else "Hamming distances"
    )
    values = [float(value) for value in samples.values]
    eigenvalues, rounding = np.empty(d + 1), np.empty(d + 1)
    for k, row in enumerate(krawtchouk(d)):
        terms = [P / 2**d * value for P, value in zip(row, values, strict=True)]  # int / int is correctly rounded
        eigenvalues[k] = math.fsum(terms)
        rounding[k] = samples.eps * math.fsum(map(abs, terms))
    eigenvalues = resolved("profile", eigenvalues, rounding)
    multiplicities = np.array([float(math.comb(d, k)) for k in range(d + 1)])
    tail = tail_of(values[0], eigenvalues, multiplicities, rounding) if (eigenvalues == 0).any() else 0.0
    return Spectrum(samples.leave(eigenvalues), multiplicities, tuple(range(d + 1)), tail)


def krawtchouk(d: int) -> list[list[int]]:
    r"""The sums P_k(h) of a parity of k bits over the points at Hamming distance h, exactly.

    .. math:: \sum_h P_k(h)\, t^h = (1 - t)^k (1 + t)^{d-k}

    Args:
        d: number of bits ≥ 1.

    Returns:
        d + 1 rows k of d + 1 integers h.

    >>> krawtchouk(2)
    [[1, 2, 1], [1, 0, -1], [1, -2, 1]]
    """
    d = _check.integer("d", d)
    rows = [[math.comb(d, h) for h in range(d + 1)]]
    for _ in range(d):  # times (1 − t)/(1 + t)
        above, row = rows[-1], [1]
        for h in range(1, d + 1):
            row.append(above[h] - above[h - 1] - row[h - 1])
        rows.append(row)
    return rows
