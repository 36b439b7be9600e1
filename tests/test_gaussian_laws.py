"""Gaussian expectations: hand values, integrals computed by other means, and laws."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from scipy import integrate, special
from test_gaussian_activations import KINKED, SLOPES, SMOOTH, SQRT_2PI, USER

from ntklab.gaussian import activation, gaussian_expectations

QX, QZ = np.array([0.05, 1.0, 6.0, 40.0]), np.array([0.7, 6.0, 40.0])
RHO = np.array([[0.3, -0.8, 1.0], [0.999, 0.6, -0.2], [-0.95, 1.0, 0.05], [-1.0, 0.45, 0.99999]])
K = RHO * np.sqrt(np.outer(QX, QZ))


def trapezoid(g, qx, k, qz):
    """E[g(u)g(v)] on a grid of steps 1/30 to nine standard deviations, in the basis that halves the angle.

    The nearest poles, those of tanh at variance 40, lie at a height of π/(2√40) = 0.25 and are at most fourfold: the
    error is about (2π · 30/√40)³/6 · exp(−2π · 0.25 · 30) = 2e-17, that beyond the ninth deviation 1e-17.
    """
    a = np.arange(-270, 271) / 30
    w = np.exp(-a * a / 2) / (30 * SQRT_2PI)
    cosine = np.clip(k / math.sqrt(qx * qz), -1, 1)
    along, across = math.sqrt((1 + cosine) / 2) * a[:, None], math.sqrt((1 - cosine) / 2) * a
    return w @ (g(math.sqrt(qx) * (along + across)) * g(math.sqrt(qz) * (along - across))) @ w


def around(g, theta):
    """E[g(u)g(v)] at unit variances and angle θ for g homogeneous of degree 0 or 1: ∫ over the direction of (u, v)."""
    kinks = sorted(t % (2 * math.pi) for t in (math.pi / 2, -math.pi / 2, theta + math.pi / 2, theta - math.pi / 2))
    ends = [0.0, *kinks, 2 * math.pi]
    pieces = itertools.pairwise(ends)
    return sum(integrate.quad(lambda t: float(g(np.cos(t)) * g(np.cos(t - theta))), *p)[0] for p in pieces)


def close_to_scale(ours, expected, power_x, power_z, tolerance):
    """Within ``tolerance`` of √(E[g(u)²] E[g(v)²]), the largest the expectation can be."""
    error = np.abs(ours - expected) / np.sqrt(np.outer(power_x, power_z))
    assert error.max() <= tolerance, error


def against_trapezoid(sigma, f, df, qx, k, qz, tolerance):
    for ours, g in zip(gaussian_expectations(sigma, qx, k, qz), (f, df), strict=True):
        expected = np.array([[trapezoid(g, x, k[i, j], z) for j, z in enumerate(qz)] for i, x in enumerate(qx)])
        close_to_scale(
            ours, expected, *([trapezoid(g, q, q, q) for q in variances] for variances in (qx, qz)), tolerance
        )


# --- expectations: hand values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "qx", "k", "qz", "E_ss", "E_dd"),
    [
        ("relu", 4.0, 3.0, 9.0, 6 * (math.sqrt(3) / 2 + math.pi / 3) / (2 * math.pi), 1 / 3),  # θ = π/3
        ("leaky_relu:0.2", 1.0, 1.0, 1.0, 0.52, 0.52),  # (1 + 0.04)/2
        ("scale_invariant:3,-1", 1.0, -4.0, 16.0, 12.0, -3.0),  # opposite: one at a₊, one at a₋; E|u||v| = 4
        ("erf", 1.0, 0.5, 1.0, 2 / math.pi * math.asin(1 / 3), 4 / math.pi / math.sqrt(8)),
        ("sin", 1.0, 1.0, 1.0, (1 - math.exp(-2)) / 2, (1 + math.exp(-2)) / 2),
        ("gelu", 1.0, 0.0, 1.0, 1 / (4 * math.pi), 0.25),  # E[zΦ(z)]² = (1/√4π)²
        ("linear", 2.0, -0.7, 5.0, -0.7, 1.0),
        ("monomial:2", 2.0, 1.0, 3.0, 8.0, 4.0),  # qx qz + 2k², 4k
        ("monomial:3", 2.0, 1.0, 3.0, 60.0, 72.0),  # 9k qx qz + 6k³, 9(qx qz + 2k²)
        ("tanh", 1e-3, 1e-3, 1e-3, 1e-3 - 2e-6 + 17e-9 / 3 - 62e-12 / 3, 1 - 2e-3 + 7e-6),
    ],
)
def test_expectations_by_hand(name, qx, k, qz, E_ss, E_dd):
    ours = gaussian_expectations(name, np.array([qx]), np.array([[k]]), np.array([qz]))
    if name == "tanh":
        # tanh² = z² − 2z⁴/3 + 17z⁶/45 − 62z⁸/315: next E is 92q⁵. tanh′² = 1 − 2z² + 7z⁴/3 − 94z⁶/45: next E 31q³
        np.testing.assert_allclose(ours[0], [[E_ss]], rtol=0, atol=2 * 92e-15)
        np.testing.assert_allclose(ours[1], [[E_dd]], rtol=0, atol=2 * 31.4e-9)
        return
    np.testing.assert_allclose(ours[0], [[E_ss]], rtol=1e-14)
    np.testing.assert_allclose(ours[1], [[E_dd]], rtol=1e-14)


def test_a_variance_of_zero():
    zero, one = np.array([0.0]), np.array([1.0])
    for name, E_ss, E_dd in (("relu", 0, 0.25), ("scale_invariant:3,-1", 0, 1.0), ("sin", 0, math.exp(-0.5))):
        for qx, qz in ((zero, one), (one, zero)):
            ours = gaussian_expectations(name, qx, np.array([[0.0]]), qz)
            np.testing.assert_allclose(ours, [[[E_ss]], [[E_dd]]], rtol=1e-14, atol=0)
    E_ss, E_dd = gaussian_expectations(USER["bump"][0], zero, np.array([[0.0]]), one)
    np.testing.assert_allclose(E_ss, [[1 / math.sqrt(3)]], rtol=1e-12)  # f(0) = 1 times E exp(−v²)
    np.testing.assert_allclose(E_dd, [[1.0]], rtol=1e-12)  # f′(0) = 1 times 1 − E[odd]


# --- expectations: other computations ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_activations_against_the_trapezoid_rule(name):
    against_trapezoid(name, *SMOOTH[name], QX, K, QZ, tolerance=1e-10 if name == "tanh" else 1e-12)


@pytest.mark.parametrize("name", USER)
def test_user_activations_against_the_trapezoid_rule(name):
    against_trapezoid(USER[name][0], *USER[name][1:], QX, K, QZ, tolerance=1e-10)


@pytest.mark.parametrize("q", [0.3, 7.0, 40.0])
@pytest.mark.parametrize("name", ["tanh", "gelu", "silu"])
def test_equal_variances_against_the_trapezoid_rule(name, q):
    rho = np.array([[1.0, 0.3, -0.99], [-1.0, 0.9999, 0.0]])
    sigma, f, df = USER[name] if name in USER else (name, *SMOOTH[name])
    against_trapezoid(sigma, f, df, np.full(2, q), q * rho, np.full(3, q), tolerance=1e-10)


@pytest.mark.parametrize("name", SLOPES)
def test_kinked_activations_against_an_integral_over_directions(name):
    rho = np.clip(K / np.sqrt(np.outer(QX, QZ)), -1, 1)
    E_ss, E_dd = gaussian_expectations(name, QX, K, QZ)
    f, df = KINKED[name]
    for (i, j), cosine in np.ndenumerate(rho):  # E r² = 2 over 2π; quad's own error is below 1e-12
        theta = math.acos(cosine)
        slack = 1e-12 + 1e-7 * (abs(cosine) == 1)  # acos of a cosine that is ±1 but for rounding
        assert E_ss[i, j] / math.sqrt(QX[i] * QZ[j]) == pytest.approx(around(f, theta) / math.pi, abs=slack)
        assert E_dd[i, j] == pytest.approx(around(df, theta) / (2 * math.pi), abs=slack)


def test_tanh_against_dblquad():
    qx, qz, k = 2.0, 5.0, 1.9
    c = np.linalg.inv([[qx, k], [k, qz]])
    norm = 2 * math.pi * math.sqrt(qx * qz - k * k)
    ours = gaussian_expectations("tanh", np.array([qx]), np.array([[k]]), np.array([qz]))
    for value, g in zip(ours, (math.tanh, lambda z: 1 / math.cosh(z) ** 2), strict=True):

        def integrand(v, u, g=g):
            return g(u) * g(v) * math.exp(-(c[0, 0] * u * u + 2 * c[0, 1] * u * v + c[1, 1] * v * v) / 2) / norm

        # to nine deviations each; the half plane v ↔ −v, u ↔ −u is the other half
        half, _ = integrate.dblquad(integrand, 0, 9 * math.sqrt(qx), -9 * math.sqrt(qz), 9 * math.sqrt(qz), epsabs=1e-9)
        assert value[0, 0] == pytest.approx(2 * half, abs=1e-8)


def test_sampling():
    rng, n = np.random.default_rng(7), 200_000
    qx, qz, k = 1.7, 0.9, -0.8
    u, v = np.linalg.cholesky([[qx, k], [k, qz]]) @ rng.normal(size=(2, n))
    for sigma, f, df in [(name, *fs) for name, fs in {**SMOOTH, **KINKED}.items()] + list(USER.values()):
        ours = gaussian_expectations(sigma, np.array([qx]), np.array([[k]]), np.array([qz]))
        for value, g in zip(ours, (f, df), strict=True):
            draws = g(u) * g(v)
            five_sigma = 5 * draws.std(ddof=1) / math.sqrt(n)
            assert abs(value[0, 0] - draws.mean()) <= five_sigma + 1e-12, (sigma, value, draws.mean())


@pytest.mark.parametrize("theta", [10.0**-p for p in (3, 6, 8)])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", ["relu", "scale_invariant:0.7,-1.6"])
def test_nearly_parallel_covariances_to_fifty_digits(name, theta, sign):
    qx, qz = 2.0, 3.0
    k = sign * math.sqrt(6) * math.cos(theta)
    plus, minus = (mpf(p) for p in map(float, SLOPES[name]))
    with mp.workdps(50):
        cosine = min(max(mpf(k) / mp.sqrt(mpf(qx) * mpf(qz)), -1), 1)
        alpha2, beta2 = ((plus + minus) / 2) ** 2, ((plus - minus) / 2) ** 2
        angle = mp.acos(cosine)
        E_dd = alpha2 + beta2 * (1 - 2 * angle / mp.pi)
        E_ss = mp.sqrt(6) * (2 * beta2 / mp.pi * mp.sin(angle) + cosine * E_dd)
    ours = gaussian_expectations(name, np.array([qx]), np.array([[k]]), np.array([qz]))
    # from an angle good to all digits below 4e-4, above it from a cosine: a rounding of 2e-16 over θ
    two_roundings = 1e-14 if theta < 4e-4 else 4.5e-16 / theta
    np.testing.assert_allclose(ours, [[[float(E_ss)]], [[float(E_dd)]]], rtol=0, atol=two_roundings)


# --- kinks of a user's function -----------------------------------------------------------------------------------


def hard_tanh_on(k, qx, qz):
    """P(|u| < 1, |v| < 1) from the conditional distribution of v: one smooth integral."""
    spread = math.sqrt(qz - k * k / qx)

    def density(u):
        inside = special.ndtr((1 - k / qx * u) / spread) - special.ndtr((-1 - k / qx * u) / spread)
        return inside * math.exp(-u * u / (2 * qx)) / math.sqrt(2 * math.pi * qx)

    return integrate.quad(density, -1, 1, epsabs=1e-13)[0]


def test_hard_tanh_by_prices_theorem():
    hard_tanh = activation(torch.nn.functional.hardtanh, kinks=(-1, 1))
    qx, qz, k = 2.0, 0.8, 1.1
    E_ss, E_dd = gaussian_expectations(hard_tanh, np.array([qx]), np.array([[k]]), np.array([qz]))
    assert E_dd[0, 0] == pytest.approx(hard_tanh_on(k, qx, qz), abs=1e-11)
    by_price = integrate.quad(hard_tanh_on, 0, k, args=(qx, qz), epsabs=1e-12)[0]  # ∂E_ss/∂k = E_dd, 0 at k = 0
    assert E_ss[0, 0] == pytest.approx(by_price, abs=1e-11)


def test_declared_kinks_reproduce_the_closed_forms():
    by_hand = activation(lambda z: torch.where(z > 0, z, 0.2 * z), kinks=(0,))
    qx, qz = np.array([0.3, 4.0]), np.array([1.0, 4.0])
    k = np.array([[0.9, -0.4], [-1.0, 1 - 1e-9]]) * np.sqrt(np.outer(qx, qz))
    expected = gaussian_expectations("leaky_relu:0.2", qx, k, qz)
    np.testing.assert_allclose(gaussian_expectations(by_hand, qx, k, qz), expected, rtol=0, atol=1e-11)


def test_a_jump_is_a_kink_too():
    E_ss, E_dd = gaussian_expectations(
        activation(torch.sign, kinks=(0,)), np.array([4.0]), np.array([[3.0, -6.0]]), np.array([9.0, 9.0])
    )
    np.testing.assert_allclose(E_ss, [[1 / 3, -1.0]], rtol=0, atol=1e-12)  # (2/π) arcsin ρ
    np.testing.assert_array_equal(E_dd, [[0.0, 0.0]])


# --- laws -------------------------------------------------------------------------------------------------------------

EVERY = [*SMOOTH, *SLOPES, USER["silu"][0]]
variance = st.floats(0.02, 20.0)


@settings(max_examples=30, deadline=None)
@given(sigma=st.sampled_from(EVERY), qx=variance, qz=variance, rho=st.floats(-0.97, 0.97))
def test_exchange_price_and_cauchy_schwarz(sigma, qx, qz, rho):
    root = math.sqrt(qx * qz)
    step = 1e-3
    k = root * np.array([[rho - 2 * step, rho - step, rho, rho + step, rho + 2 * step]])
    E_ss, E_dd = gaussian_expectations(sigma, np.array([qx]), k, np.full(5, qz))
    turned = gaussian_expectations(sigma, np.full(5, qz), k.T, np.array([qx]))
    own = [
        np.array(
            [gaussian_expectations(sigma, q1, q1[None], q1)[i][0, 0] for q1 in ([qx], [qz]) for q1 in [np.array(q1)]]
        )
        for i in (0, 1)
    ]
    for E, E_turned, powers in zip((E_ss, E_dd), turned, own, strict=True):
        bound = math.sqrt(powers[0] * powers[1])
        assert np.abs(E - E_turned.T).max() <= 1e-12 * bound
        assert np.abs(E).max() <= bound * (1 + 1e-11)
    slope = (E_ss[0, 0] - 8 * E_ss[0, 1] + 8 * E_ss[0, 3] - E_ss[0, 4]) / (12 * step * root)
    # fifth derivative in ρ of a function bounded by E on |ρ| < 1, from a distance of 0.03: 5!·E/0.03⁵ · step⁴/30;
    # for what is met here it is far smaller, and the differences lose 1e-12/step
    scale = math.sqrt(own[0][0] * own[0][1]) / root + abs(E_dd[0, 2])
    assert slope == pytest.approx(E_dd[0, 2], abs=1e-6 * scale)


@pytest.mark.parametrize("sigma", EVERY, ids=str)
def test_expectations_of_a_covariance_are_semi_definite(sigma):
    rng = np.random.default_rng(3)
    A = rng.normal(size=(12, 5))
    A[3], A[4], A[5] = A[2], -A[2], 0
    covariance = A @ A.T
    q = np.diag(covariance).copy()
    for E in gaussian_expectations(sigma, q, covariance, q):
        eigenvalues = np.linalg.eigvalsh(E)
        assert eigenvalues[0] >= -1e-11 * eigenvalues[-1]


@pytest.mark.parametrize("sigma", EVERY, ids=str)
def test_kinds_and_float32(sigma):
    expected = gaussian_expectations(sigma, QX, K, QZ)
    for ours, value in zip(gaussian_expectations(sigma, *map(torch.tensor, (QX, K, QZ))), expected, strict=True):
        assert ours.dtype == torch.float64
        np.testing.assert_array_equal(ours.numpy(), value)
    single = [A.astype(np.float32) for A in (QX, K, QZ)]
    double = [A.astype(np.float64) for A in single]
    double[1] = np.clip(double[1], -np.sqrt(np.outer(double[0], double[2])), np.sqrt(np.outer(double[0], double[2])))
    for ours, value, powers in zip(
        gaussian_expectations(sigma, *single),
        gaussian_expectations(sigma, *double),
        (0, 1),
        strict=True,
    ):
        assert ours.dtype == np.float32
        own = [np.diag(gaussian_expectations(sigma, q, np.sqrt(np.outer(q, q)), q)[powers]) for q in (QX, QZ)]
        close_to_scale(ours, value, *own, tolerance=2e-5)
