"""sphere against Bessel functions, polynomials, sampling, the circle and its own finer levels."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.special

from ntklab.kernels import MLP, ntk
from ntklab.spectra import circle, profile_of, sphere

DEEP = MLP(4, "relu", C_W=1.4**2, C_b=0.01, readout=(1, 0))


def of_net(d: int):
    return profile_of(lambda X, Z: ntk(X, Z, mlp=DEEP), d)


@pytest.mark.parametrize(("d", "c"), [(2, 1.5), (3, 2.0), (8, 1.0), (50, 10.0)])
def test_sphere_of_an_exponential_is_a_bessel_function(d, c):
    # Funk–Hecke: Γ(d/2) (2/c)^(d/2−1) I_{k+d/2−1}(c)
    k = np.arange(7)
    nu = d / 2 - 1
    exact = np.exp(math.lgamma(d / 2) + nu * np.log(2 / c)) * scipy.special.iv(k + nu, c)
    spectrum = sphere(lambda z: np.exp(c * z), d, 6)
    np.testing.assert_allclose(spectrum.eigenvalues, exact, rtol=1e-9)
    assert spectrum.eigenvalues[:3] == pytest.approx(exact[:3], rel=1e-12)
    np.testing.assert_allclose(spectrum.trace, np.exp(c), rtol=1e-14)
    exact_tail = np.exp(c) - exact @ spectrum.multiplicities
    np.testing.assert_allclose(spectrum.tail, exact_tail, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("d", [2, 3, 4, 9])
def test_sphere_of_a_polynomial_ends(d):
    # cos² = 1/d + (1 − 1/d) P_2 on any sphere, and λ_2 m_2 = 1 − 1/d
    spectrum = sphere(lambda z: z * z, d, 4)
    np.testing.assert_array_equal(spectrum.eigenvalues > 0, [True, False, True, False, False])
    np.testing.assert_allclose((spectrum.eigenvalues * spectrum.multiplicities)[[0, 2]], [1 / d, 1 - 1 / d], rtol=1e-13)
    assert spectrum.tail == 0.0


@pytest.mark.parametrize("d", [2, 3, 4, 7])
def test_sphere_multiplicities_count_harmonic_polynomials(d):
    # degree-k polynomials in d variables less those of degree k − 2
    counts = sphere(lambda z: z, d, 6).multiplicities
    for k in range(7):
        assert counts[k] == math.comb(k + d - 1, d - 1) - (math.comb(k + d - 3, d - 1) if k >= 2 else 0)


def test_sphere_by_sampling():
    # λ_k = E[k(x, x') P_k(cos)] over independent points: P_1 = z, P_2 = (d z² − 1)/(d − 1)
    d, draws = 4, 400_000
    x = np.random.default_rng(0).normal(size=(draws, d))
    z = x[:, 0] / np.linalg.norm(x, axis=1)
    net = of_net(d)
    spectrum = sphere(net, d, 2)
    for k, P in enumerate([np.ones_like(z), z, (d * z * z - 1) / (d - 1)]):
        terms = net(z) * P
        five_sigma = 5 * terms.std() / np.sqrt(draws)
        assert abs(terms.mean() - spectrum.eigenvalues[k]) < five_sigma
        assert five_sigma < 0.1 * spectrum.eigenvalues[k]


def test_sphere_in_two_dimensions_is_the_circle():
    net = of_net(2)
    ring = circle(lambda angle: net(np.cos(angle)), 4096)
    continuous = sphere(net, 2, 8)
    # 4096 points fold λ_{4096 ± k} ~ 1/k² onto λ_k
    np.testing.assert_allclose(continuous.eigenvalues, ring.eigenvalues[:9], atol=2e-6)
    np.testing.assert_array_equal(continuous.multiplicities, [1] + [2] * 8)


def test_the_tail_is_what_more_levels_find():
    few, many = sphere(of_net(8), 8, 5), sphere(of_net(8), 8, 60)
    found = (many.eigenvalues * many.multiplicities)[6:].sum() + many.tail
    np.testing.assert_allclose(few.tail, found, rtol=1e-12)
    assert few.tail / few.trace > 0.05
