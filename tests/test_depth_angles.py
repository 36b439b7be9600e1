"""Angles of K and Theta in deep scale-invariant networks (10.82)-(10.98)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.depth import (
    angle_recursion,
    critical_point,
    deep_linear_cos_zeta,
    fit_exponent,
    robustness_and_variance,
    scale_invariant_constants,
)
from ntklab.kernels import MLP, nngp_and_ntk

RELU = 1 / math.pi  # rho


def pair_at(angle, d=3, norm=1.7):
    return norm * np.array([[1.0, 0.0, 0.0], [math.cos(angle), math.sin(angle), 0.0]])[:, :d]


def variance(psi, cos_zeta, K_d=1.0):
    """First line of (10.63) with the angles (10.82), (10.87)."""
    _, value = robustness_and_variance(
        K_d * np.array([[1.0, math.cos(psi)], [math.cos(psi), 1.0]]), [[1.0, cos_zeta], [cos_zeta, 1.0]]
    )
    return value


@pytest.mark.parametrize(
    ("psi0", "lambda_b", "lambda_W", "expected"),
    [
        (1.0, 0.0, 1.0, [0.3884, 0.2787, 0.2539, 0.2505, 0.25006]),
        (0.3, 0.0, 1.0, [0.6813, 0.3281, 0.2588, 0.2510, 0.2501]),
        (1.0, 1.0, 0.0, [0.468, None, None, None, None]),
    ],
)
def test_the_table_of_the_theory_sheet(psi0, lambda_b, lambda_W, expected):
    _, cos_zeta = angle_recursion(RELU, psi0, 100_000, lambda_b=lambda_b, lambda_W=lambda_W)
    for layer, value in zip((10, 100, 1_000, 10_000, 100_000), expected, strict=True):
        if value is not None:
            digits = len(str(value).split(".")[1])
            assert abs(cos_zeta[layer - 1] - value) <= 0.51 * 10**-digits


def test_the_kernel_angle_tends_to_three_over_rho_l():
    for rho in (RELU, 0.1, 2 / math.pi):
        psi, _ = angle_recursion(rho, 1.0, 20_000)
        layer = np.array([2_000, 20_000])
        gap = abs(psi[layer - 1] * rho * layer / 3 - 1)
        assert gap[1] < 0.005
        assert gap[1] < gap[0] / 5  # falls like log(l)/l: by 7.8 over this decade


def test_cos_zeta_tends_to_a_quarter_and_the_variance_to_nine_sixteenths():
    # (10.93)-(10.95); rates, K_d and rho do not matter in the limit. The approach is O(log l / l).
    for rho, lambda_b, K_d in ((RELU, 0.0, 1.0), (0.2, 3.0, 2.5)):
        psi, cos_zeta = angle_recursion(rho, 0.8, 50_000, lambda_b=lambda_b, K_d=K_d)
        for layer, tolerance in ((500, 0.02), (50_000, 4e-4)):
            assert abs(cos_zeta[layer - 1] - 0.25) < tolerance
            assert abs(variance(psi[layer - 1], cos_zeta[layer - 1], K_d) / K_d - 9 / 16) < 2 * tolerance
        r, _ = robustness_and_variance(np.eye(2), [[1.0, cos_zeta[-1]], [cos_zeta[-1], 1.0]])
        assert abs(r + 0.75) < 4e-4


@pytest.mark.parametrize("name", ["relu", "leaky_relu:0.2", "scale_invariant:1.5,0.4", "scale_invariant:1,-1"])
@pytest.mark.parametrize("angle", [0.05, 1.0, 2.9])
@pytest.mark.parametrize(("lambda_b", "lambda_W"), [(0.0, 1.0), (0.7, 1.3)])
def test_matches_the_kernels_layer_by_layer(name, angle, lambda_b, lambda_W):
    # Independent: the general recursion (10.44)-(10.45) on two vectors, at the same critical point and rates.
    A_2, rho = scale_invariant_constants(name)
    C_b, C_W = critical_point(name)
    X, depth = pair_at(angle), 6
    K_d = C_W * X[0] @ X[0] / 3
    psi, cos_zeta = angle_recursion(rho, angle, depth, lambda_b, lambda_W, K_d, A_2)
    for layer in range(2, depth + 1):
        mlp = MLP(layer - 1, name, C_W=C_W, C_b=C_b, lambda_W=lambda_W / layer, lambda_b=lambda_b / layer)
        K, Theta = nngp_and_ntk(X, mlp=mlp)
        np.testing.assert_allclose(np.diag(K), K_d, rtol=1e-12)  # chi = 1
        np.testing.assert_allclose(K[0, 1] / K_d, math.cos(psi[layer - 1]), atol=1e-12)
        np.testing.assert_allclose(np.diag(Theta), lambda_b + lambda_W * A_2 * K_d, rtol=1e-12)  # (10.91) at l = L
        np.testing.assert_allclose(Theta[0, 1] / Theta[0, 0], cos_zeta[layer - 1], atol=1e-12)


@given(exponent=st.floats(-14, -3))
@settings(max_examples=20, deadline=None)
def test_near_inputs_keep_every_digit(exponent):
    # 1 - cos psi' = psi^2/2 - rho psi^3/3 + O(psi^4): psi' = psi (1 - rho psi/3 + O(psi^2)). arccos stops at 1e-8.
    psi0 = 10.0**exponent
    psi, _ = angle_recursion(RELU, psi0, 2)
    np.testing.assert_allclose(psi[1] / psi0, 1 - RELU * psi0 / 3, rtol=2 * psi0**2 + 1e-15)


def test_arccosine_loses_what_the_half_angle_form_keeps():
    printed = psi = 1e-6
    for _ in range(50):
        printed = math.acos(min(1.0, math.cos(printed) + RELU * (math.sin(printed) - printed * math.cos(printed))))
    psi = angle_recursion(RELU, psi, 51)[0][-1]
    first_order = 1e-6 * (1 - 50 * RELU * 1e-6 / 3)  # the next term is (50 rho psi / 3)^2 = 3e-11
    assert abs(psi / first_order - 1) < 1e-10
    assert abs(printed / first_order - 1) > 1e-5


@pytest.mark.parametrize("psi0", [0.0, 1e-9, 0.5, 1.7, 3.0, math.pi])
def test_without_a_kink_the_angles_stay(psi0):
    psi, cos_zeta = angle_recursion(0.0, psi0, 200, lambda_b=0.4, lambda_W=2.0, K_d=0.3)
    np.testing.assert_allclose(psi, psi0, rtol=1e-13)
    np.testing.assert_allclose(cos_zeta, (0.4 + 0.6 * math.cos(psi0)) / 1.0, rtol=1e-13)


def test_opposite_inputs_of_the_modulus_become_one():
    psi, _ = angle_recursion(2 / math.pi, math.pi, 3)  # |x| = |-x|
    np.testing.assert_allclose(psi, [math.pi, 0.0, 0.0], atol=1e-7)  # arccos' square root of rounding


@given(psi0=st.floats(0.01, 3.1), rho=st.floats(0.01, 2 / math.pi), share=st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_angles_fall_and_cosines_stay_cosines(psi0, rho, share):
    psi, cos_zeta = angle_recursion(rho, psi0, 60, lambda_b=share, lambda_W=1 - share + 1e-3)
    assert (np.diff(psi) < 0).all()
    assert (psi >= 0).all()
    assert (abs(cos_zeta) <= 1 + 1e-15).all()


def test_only_the_products_of_the_scales_matter():
    one = angle_recursion(RELU, 0.9, 20, lambda_b=0.5, lambda_W=3.0, K_d=2.0, A_2=0.5)
    two = angle_recursion(RELU, 0.9, 20, lambda_b=1.0, lambda_W=6.0, K_d=1.0, A_2=1.0)
    np.testing.assert_allclose(one[1], two[1], rtol=1e-14)


def test_erratum_E5_the_deep_linear_limit_is_exact_at_every_depth():
    X = pair_at(1.1)
    X = math.sqrt(3) * X / np.linalg.norm(X, axis=1, keepdims=True)  # K_d = x.x/d = 1
    expected = deep_linear_cos_zeta(1.1, lambda_b=0.7, lambda_W=1.3)
    np.testing.assert_allclose(expected, (0.7 + 1.3 * math.cos(1.1)) / 2.0, rtol=1e-15)
    for depth in (2, 3, 50):
        mlp = MLP(depth - 1, "linear", C_W=1.0, lambda_W=1.3 / depth, lambda_b=0.7 / depth)
        _, Theta = nngp_and_ntk(X, mlp=mlp)
        np.testing.assert_allclose(Theta[0, 1] / Theta[0, 0], expected, rtol=1e-12)
    # Only a first layer with a rate of its own brings back the approach ~ 1/L that the book announces.
    gaps = []
    for depth in (10, 100):
        rates_W = (1.3, *(1.3 / depth,) * (depth - 1))
        mlp = MLP(depth - 1, "linear", C_W=1.0, lambda_W=rates_W, lambda_b=0.7 / depth)
        _, Theta = nngp_and_ntk(X, mlp=mlp)
        gaps.append(abs(Theta[0, 1] / Theta[0, 0] - expected))
    assert gaps[0] > 0.01


def test_erratum_10_95_the_square_is_only_the_limit():
    # K_-- - 2 c K_-+ + c^2 K_++ = K_d [1 - 2 c cos psi + c^2]; the printed K_d (1 - c)^2 takes cos psi = 1.
    psi, cos_zeta = angle_recursion(RELU, 1.0, 1_000)
    exact = [variance(psi[layer - 1], cos_zeta[layer - 1]) for layer in (10, 1_000)]
    printed = [(1 - cos_zeta[layer - 1]) ** 2 for layer in (10, 1_000)]
    np.testing.assert_allclose([exact[0], printed[0]], [0.4594, 0.3740], atol=5e-5)
    assert abs(exact[1] / printed[1] - 1) < 1e-3


def test_last_layer_training_is_less_robust_to_depth():
    # Footnote 37: Theta = K gives cos psi - 1 -> -(9 / 2 rho^2) / l^2.
    psi, _ = angle_recursion(RELU, 1.0, 20_000)
    layers = np.arange(5_000, 20_001)
    measure = 2 * np.sin(psi[layers - 1] / 2) ** 2
    assert abs(fit_exponent(layers, measure) + 2) < 0.01
    assert abs(measure[-1] * 20_000**2 * 2 * RELU**2 / 9 - 1) < 0.01


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"rho": -0.1}, ValueError, "rho must be a finite number at least 0"),
        ({"rho": 1.0}, ValueError, r"rho must be in \[0, 2/pi\]; got 1.0"),
        ({"psi0": 3.2}, ValueError, r"psi0 must be in \[0, pi\]; got 3.2"),
        ({"psi0": math.nan}, ValueError, "psi0 must be a finite number"),
        ({"depth": 0}, ValueError, "depth must be at least 1"),
        ({"depth": 2.5}, TypeError, "depth must be a whole number"),
        ({"lambda_b": -1.0}, ValueError, "lambda_b must be a finite number at least 0"),
        ({"lambda_W": 0.0}, ValueError, "must not both be 0"),
        ({"K_d": 0.0}, ValueError, "K_d must be a finite number greater than 0"),
        ({"A_2": 0.0}, ValueError, "A_2 must be a finite number greater than 0"),
    ],
)
def test_bad_input(arguments, error, message):
    with pytest.raises(error, match=message):
        angle_recursion(**{"rho": RELU, "psi0": 1.0, "depth": 3, **arguments})


def test_bad_input_of_the_deep_linear_formula():
    with pytest.raises(ValueError, match=r"psi0 must be in \[0, pi\]"):
        deep_linear_cos_zeta(4.0)
    with pytest.raises(ValueError, match="must not both be 0"):
        deep_linear_cos_zeta(1.0, lambda_b=0.0, lambda_W=0.0)
