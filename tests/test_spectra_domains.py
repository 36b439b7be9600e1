"""circle and hypercube against dense eigensystems, closed forms, 40-digit arithmetic and their laws."""

from __future__ import annotations

import itertools
import math
import time

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.special

from ntklab.kernels import MLP, ntk, relu_kappa
from ntklab.spectra import circle, hypercube, krawtchouk, profile_of, sphere

DEEP = MLP(4, "relu", C_W=1.4**2, C_b=0.01, readout=(1, 0))


def of_net(d: int, mlp: MLP = DEEP, radius: float | None = None):
    return profile_of(lambda X, Z: ntk(X, Z, mlp=mlp), d, radius)


def cube_points(d: int) -> np.ndarray:
    return np.array(list(itertools.product([1.0, -1.0], repeat=d)))


@pytest.mark.parametrize("M", [1, 2, 3, 7, 10, 16])
def test_circle_is_the_dense_eigensystem(M):
    angles = 2 * np.pi * np.arange(M) / M
    net = of_net(2, radius=1.0)
    K = np.array([[net(np.cos([a - b]))[0] for a in angles] for b in angles])
    spectrum = circle(lambda angle: net(np.cos(angle)), M)
    repeated = np.repeat(spectrum.eigenvalues, spectrum.multiplicities.astype(int))
    np.testing.assert_allclose(np.sort(repeated), np.linalg.eigvalsh(K / M), atol=1e-13)
    assert spectrum.multiplicities.sum() == M
    for k, eigenvalue in zip(spectrum.labels, spectrum.eigenvalues, strict=True):  # the level's label is its frequency
        np.testing.assert_allclose(K @ np.cos(k * angles) / M, eigenvalue * np.cos(k * angles), atol=1e-13)


def test_circle_by_hand_from_a_row_and_from_a_callable():
    # 3 + 2 cos θ + cos 2θ on five points: half of each coefficient, k = 0 its own
    angles = 2 * np.pi * np.arange(5) / 5
    row = 3 + 2 * np.cos(angles) + np.cos(2 * angles)
    for kernel in (row, lambda angle: 3 + 2 * np.cos(angle) + np.cos(2 * angle)):
        spectrum = circle(kernel, 5)
        np.testing.assert_allclose(spectrum.eigenvalues, [3, 1, 0.5], rtol=1e-14)
        np.testing.assert_array_equal(spectrum.multiplicities, [1, 2, 2])


def test_circle_takes_a_function_of_the_angle_between_points():
    # Written for [0, π] only, where an angle between two points lies: relu_kappa's closed form in θ.
    def kernel(angle):
        return (2 * np.cos(angle) * (np.pi - angle) + np.sin(angle)) / (2 * np.pi)

    by_cosine = circle(lambda angle: relu_kappa(np.cos(angle)), 12)
    np.testing.assert_allclose(circle(kernel, 12).eigenvalues, by_cosine.eigenvalues, atol=1e-15)


def test_circle_approaches_the_fourier_series():
    # (1/2π) ∫ exp(c cos θ) cos kθ = I_k(c); 64 points alias only modes beyond 50
    spectrum = circle(lambda angle: np.exp(2 * np.cos(angle)), 64)
    exact = scipy.special.iv(np.arange(10), 2.0)
    np.testing.assert_allclose(spectrum.eigenvalues[:10], exact, rtol=1e-12, atol=1e-16)
    assert spectrum.positive_modes < 64  # the others are below rounding: 0, not noise
    np.testing.assert_allclose(spectrum.trace, np.exp(2.0), rtol=1e-14)


@pytest.mark.parametrize("d", [1, 2, 5, 8])
def test_hypercube_is_the_dense_walsh_transform(d):
    X, net = cube_points(d), of_net(max(d, 2), radius=d**0.5)
    spectrum = hypercube(net, d)
    row = net(X @ X[0] / d)
    transform = scipy.linalg.hadamard(2**d) @ row / 2**d  # entry b belongs to the parity of the bits set in b
    level = np.array([b.bit_count() for b in range(2**d)])
    np.testing.assert_allclose(transform, spectrum.eigenvalues[level], rtol=0, atol=1e-14)
    np.testing.assert_array_equal(spectrum.multiplicities, np.bincount(level))


def test_hypercube_is_the_dense_eigensystem_and_its_modes_are_parities():
    X, net = cube_points(6), of_net(6)
    K = net((X @ X.T / 6).ravel()).reshape(64, 64)
    spectrum = hypercube(net, 6)
    repeated = np.repeat(spectrum.eigenvalues, spectrum.multiplicities.astype(int))
    np.testing.assert_allclose(np.sort(repeated), np.linalg.eigvalsh(K / 64), atol=1e-14)
    for k in range(7):
        parity = X[:, :k].prod(axis=1)
        np.testing.assert_allclose(K @ parity / 64, spectrum.eigenvalues[k] * parity, atol=1e-14)


@pytest.mark.parametrize("d", [3, 20, 30, 60])
def test_hypercube_of_an_exponential_is_a_product(d):
    # exp(c cos) is a product over bits: each bit of the parity gives sinh(c/d), each other one cosh(c/d)
    c = 3.0 * d
    spectrum = hypercube(lambda cosine: np.exp(c * (cosine - 1)), d)
    k = np.arange(d + 1)
    exact = np.exp(-c) * np.cosh(c / d) ** (d - k) * np.sinh(c / d) ** k
    # Rounding of the profile (d factors) reaches λ_k times √C(d, k); c·eps is exp's own.
    allowed = 8 * c * np.finfo(float).eps * np.sqrt(spectrum.multiplicities)
    assert (np.abs(spectrum.eigenvalues / exact - 1) < allowed).all()
    np.testing.assert_allclose(spectrum.trace, 1.0, rtol=1e-9 if d == 60 else 1e-12)


def test_hypercube_from_values_by_distance_counts_from_equal_points():
    values = np.array([5.0, 1.0, -0.5, 0.0])
    by_hand = [(5 + 3 * 1 - 3 * 0.5) / 8, (5 + 1 + 0.5) / 8, (5 - 1 + 0.5) / 8, (5 - 3 - 1.5) / 8]
    spectrum = hypercube(values, 3)  # P_1 = 1 1 −1 −1, P_2 = 1 −1 −1 1, P_3 = 1 −3 3 −1
    np.testing.assert_allclose(spectrum.eigenvalues, by_hand, rtol=1e-15)
    np.testing.assert_allclose(
        hypercube(lambda cosine: np.interp(-cosine, [-1, -1 / 3, 1 / 3, 1], values), 3).eigenvalues, by_hand
    )


def test_the_textbook_krawtchouk_is_the_transpose_and_fails():
    # P_k(h), not K_k(h): at the 8-cube they give .1254 and another number for the first level.
    table = np.array(krawtchouk(8), dtype=float)
    values = of_net(8)(1 - np.arange(9) / 4)
    right = hypercube(values, 8).eigenvalues
    np.testing.assert_allclose(table @ values / 2**8, right, rtol=1e-12)
    assert abs((table.T @ values / 2**8)[1] / right[1] - 1) > 0.3


@pytest.mark.parametrize("d", [1, 6, 40])
def test_krawtchouk_against_its_sum_and_its_laws(d):
    table = krawtchouk(d)
    for k, h in itertools.product(range(0, d + 1, 3), range(0, d + 1, 2)):
        terms = [(-1) ** j * math.comb(k, j) * math.comb(d - k, h - j) for j in range(h + 1)]
        assert table[k][h] == sum(terms)
        assert math.comb(d, k) * table[k][h] == math.comb(d, h) * table[h][k]  # reciprocity
    squared = [sum(table[k][h] * table[h][m] for h in range(d + 1)) for k in range(d + 1) for m in range(d + 1)]
    assert squared == [2**d * (k == m) for k in range(d + 1) for m in range(d + 1)]  # the transform is its own inverse


def test_bias_free_shallow_relu_has_nothing_at_odd_levels():
    mlp = MLP(1, "relu")
    spectrum = hypercube(of_net(8, mlp), 8)
    np.testing.assert_array_equal(spectrum.eigenvalues[[3, 5, 7]], 0.0)
    assert spectrum.positive_modes == 136
    assert hypercube(of_net(8, MLP(1, "relu", C_b=0.01)), 8).positive_modes == 256
    assert hypercube(of_net(20, mlp), 20).positive_modes == 2**19 + 20
    np.testing.assert_array_equal(sphere(of_net(8, mlp), 8, 9).eigenvalues[3::2], 0.0)


def test_twenty_bits_take_no_time():
    net = of_net(20)
    start = time.perf_counter()
    spectrum = hypercube(net, 20)
    assert time.perf_counter() - start < 1.0  # measured: a few milliseconds
    np.testing.assert_allclose(spectrum.trace, net(np.ones(1))[0], rtol=1e-13)


def test_levels_lost_to_rounding_are_carried_as_a_tail():
    # 40 digits resolve what 16 cannot: on 100 bits the middle levels are tiny, but hold 10^29 modes.
    d = 100
    spectrum = hypercube(of_net(d), d)
    with mpmath.workdps(40):
        values = [deep_relu_with_40_digits(1 - mpmath.mpf(2 * h) / d) for h in range(d + 1)]
        exact = [mpmath.fsum(P * v for P, v in zip(row, values, strict=True)) / 2**d for row in krawtchouk(d)]
        mass = np.array([float(math.comb(d, k) * eigenvalue) for k, eigenvalue in enumerate(exact)])
        exact = np.array([float(eigenvalue) for eigenvalue in exact])
    kept = spectrum.eigenvalues > 0
    np.testing.assert_allclose(spectrum.eigenvalues[:8], exact[:8], rtol=1e-6)
    # A level is kept when 16 roundings high, so that none is off by more than a sixteenth or so.
    np.testing.assert_allclose(spectrum.eigenvalues[kept], exact[kept], rtol=1 / 8)
    np.testing.assert_allclose(spectrum.tail, mass[~kept].sum(), rtol=0.02)
    assert spectrum.tail > 0.05 * spectrum.trace
    np.testing.assert_allclose(spectrum.trace, mass.sum(), rtol=1e-14)
    assert hypercube(lambda cosine: cosine, d).tail == 0.0  # truly nothing elsewhere
    analytic = hypercube(np.exp, d)  # its levels are known: the product of the test above
    k = np.arange(d + 1)
    exact = np.cosh(1 / d) ** (d - k) * np.sinh(1 / d) ** k * analytic.multiplicities
    np.testing.assert_allclose(analytic.tail, exact[analytic.eigenvalues == 0].sum(), rtol=0.05)


def deep_relu_with_40_digits(cosine):
    """The profile of ``DEEP``, by its recursion."""
    C_W, C_b = mpmath.mpf(1.4**2), mpmath.mpf(0.01)
    K = Theta = C_b + C_W * cosine
    q = C_b + C_W
    for layer in range(4):
        angle = mpmath.acos(K / q)
        if layer == 3:
            C_W, C_b = 1, 0
        mean = q * (mpmath.sin(angle) + (mpmath.pi - angle) * mpmath.cos(angle)) / (2 * mpmath.pi)
        K, q = C_b + C_W * mean, C_b + C_W * q / 2
        Theta = K + C_W * (mpmath.pi - angle) / (2 * mpmath.pi) * Theta
    return Theta
