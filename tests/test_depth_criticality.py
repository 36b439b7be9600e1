"""Susceptibilities, universality classes and critical points."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.depth import (
    critical_point,
    half_stable_point,
    origin_expansion,
    scale_invariant_constants,
    susceptibilities,
    universality_class,
)
from ntklab.gaussian import activation
from ntklab.kernels import MLP, nngp

ACCURACY = 1e-12


def shifted_tanh(b):
    t = math.tanh(b)
    return activation(lambda z: torch.tanh(z + b) - t)


def next_kernel(name, C_W, K):
    """K of the next layer by the library's kernels: one input with C_W x.x/d = K."""
    return nngp(np.array([[math.sqrt(K)]]), mlp=MLP(1, name, C_W=(1.0, C_W), C_b=0.0))[0, 0]


@pytest.mark.parametrize("K", [1e-3, 0.7, 1.0, 40.0])
@pytest.mark.parametrize(
    ("name", "parallel", "perp", "why"),
    [
        ("linear", lambda K: 1.0, lambda K: 1.0, "sigma' = 1"),
        ("scale_invariant:2,-0.5", lambda K: 2.125, lambda K: 2.125, "(4 + 1/4)/2 in both"),
        ("monomial:2", lambda K: 6 * K, lambda K: 4 * K, "<2 z^4>/K and <4 z^2>"),
        ("monomial:3", lambda K: 45 * K**2, lambda K: 27 * K**2, "<3 z^6>/K and <9 z^4>"),
        (
            "sin",
            lambda K: math.exp(-2 * K),
            lambda K: (1 + math.exp(-2 * K)) / 2,
            "<z sin 2z>/(2K) and <cos^2>",
        ),
        (
            "erf",
            lambda K: 4 / math.pi / ((1 + 2 * K) * math.sqrt(1 + 4 * K)),
            lambda K: 4 / math.pi / math.sqrt(1 + 4 * K),
            "d/dK of the arcsine law; a Gaussian integral",
        ),
    ],
)
def test_susceptibilities_by_hand(name, parallel, perp, why, K):
    found = susceptibilities(name, 1.7, K)
    expected = 1.7 * np.array([parallel(K), perp(K)])
    np.testing.assert_allclose(found, expected, rtol=ACCURACY, atol=1e-15, err_msg=why)  # sin's parallel is e^-80


@pytest.mark.parametrize("name", ["tanh", "gelu", "relu", "erf", "leaky_relu:0.3"])
@pytest.mark.parametrize("K", [0.2, 1.0, 9.0])
def test_parallel_is_the_slope_of_the_kernel_map(name, K):
    # chi_parallel = dK'/dK: central difference of the kernels' own recursion, which knows no <z s s'>
    step = 1e-4 * K
    slope = (next_kernel(name, 1.4, K + step) - next_kernel(name, 1.4, K - step)) / (2 * step)
    np.testing.assert_allclose(susceptibilities(name, 1.4, K)[0], slope, rtol=1e-7)


def test_perpendicular_is_the_growth_of_a_small_angle():
    # ddK_2 of two near inputs of one norm grows by chi_perp, up to their squared distance.
    K, step = 0.8, 1e-3
    angle = np.array([0.0, step])
    X = math.sqrt(2 * K) * np.stack([np.cos(angle), np.sin(angle)], 1)
    before = X @ X.T / 2
    after = nngp(X, mlp=MLP(1, "tanh", C_W=(1.0, 1.3), C_b=0.0))
    growth = (after[0, 0] - after[0, 1]) / (before[0, 0] - before[0, 1])
    np.testing.assert_allclose(susceptibilities("tanh", 1.3, K)[1], growth, rtol=1e-5)


def test_susceptibilities_keep_shape_kind_and_dtype():
    K = torch.tensor([[0.5, 1.0, 2.0]], dtype=torch.float32)
    parallel, perp = susceptibilities("tanh", 1.0, K)
    assert parallel.shape == perp.shape == K.shape
    assert parallel.dtype == torch.float32
    np.testing.assert_allclose(float(perp[0, 1]), susceptibilities("tanh", 1.0, 1)[1], rtol=1e-6)


def test_erratum_E19_one_A_2_is_for_scale_invariant_activations_only():
    # (10.83)-(10.84) use one A_2 for <s s>/K and <s' s'>, and chi_parallel = chi_perp.
    for name in ("relu", "scale_invariant:1.3,0.2"):
        A_2, _ = scale_invariant_constants(name)
        np.testing.assert_allclose(susceptibilities(name, 1.0, 0.7), A_2, rtol=ACCURACY)
        np.testing.assert_allclose(next_kernel(name, 1.0, 0.7) / 0.7, A_2, rtol=ACCURACY)
    parallel, perp = susceptibilities("tanh", 1.0, 0.7)
    ratio = next_kernel("tanh", 1.0, 0.7) / 0.7
    assert parallel < 0.75 * perp
    assert ratio < 0.9 * perp
    with pytest.raises(ValueError, match="tanh is not scale-invariant"):
        scale_invariant_constants("tanh")


@pytest.mark.parametrize(
    ("name", "A_2", "rho"),
    [
        ("relu", 0.5, 1 / math.pi),
        ("linear", 1.0, 0.0),
        ("scale_invariant:1,-1", 1.0, 2 / math.pi),
        ("leaky_relu:0.5", 0.625, 0.2 / math.pi),  # (1/4) / (5/4)
        ("scale_invariant:3,1", 5.0, 0.4 / math.pi),  # 4/10
    ],
)
def test_scale_invariant_constants_by_hand(name, A_2, rho):
    np.testing.assert_allclose(scale_invariant_constants(name), (A_2, rho), rtol=1e-15)
    assert critical_point(name) == (0.0, pytest.approx(1 / A_2, rel=1e-15))


@given(plus=st.floats(-3, 3), minus=st.floats(-3, 3))
@settings(max_examples=30, deadline=None)
def test_scale_invariant_networks_are_critical_at_every_K(plus, minus):
    if plus**2 + minus**2 < 1e-3:
        return
    name = f"scale_invariant:{plus},{minus}"
    C_b, C_W = critical_point(name)
    assert C_b == 0
    np.testing.assert_allclose(susceptibilities(name, C_W, 0.3), 1.0, rtol=1e-11)


def test_a_users_modulus_is_recognised():
    assert universality_class(activation(torch.abs, kinks=[0.0])) == "scale-invariant"


@pytest.mark.parametrize(
    ("name", "sigma_1", "a_1", "p_perp"),
    [
        ("tanh", 1.0, -2.0, 1.0),
        ("sin", 1.0, -1.0, 1.0),
        ("erf", 2 / math.sqrt(math.pi), -2.0, 1.0),  # sigma_3/sigma_1 = -2
    ],
)
def test_origin_by_hand(name, sigma_1, a_1, p_perp):
    parts = origin_expansion(name)
    np.testing.assert_allclose([parts.sigma_1, parts.a_1, parts.p_perp], [sigma_1, a_1, p_perp], rtol=1e-14)
    assert parts.sigma_2 == 0
    assert universality_class(name) == "K*=0"
    assert critical_point(name) == (0.0, pytest.approx(1 / sigma_1**2))


@pytest.mark.parametrize(("b", "p_perp"), [(0.25, 0.9589), (0.35, 0.8847), (0.44, None)])
def test_shifted_tanh_has_p_perp_below_one(b, p_perp):
    t2 = math.tanh(b) ** 2
    parts = origin_expansion(shifted_tanh(b))
    np.testing.assert_allclose(parts.a_1, -2 + 9 * t2, rtol=1e-13)
    np.testing.assert_allclose(parts.p_perp, (2 - 10 * t2) / (2 - 9 * t2), rtol=1e-12)
    assert parts.p_perp < 1  # footnote 33
    if p_perp is not None:
        assert abs(parts.p_perp - p_perp) < 5e-5


@pytest.mark.parametrize("source", ["tanh", "erf", "shifted"])
def test_a_1_and_b_1_are_what_one_layer_does_near_the_origin(source):
    # At C_W = 1/sigma_1^2: chi_perp = 1 + b_1 K + O(K^2), chi_parallel = 1 + 2 a_1 K + O(K^2).
    sigma = shifted_tanh(0.3) if source == "shifted" else activation(source)
    parts, (_, C_W) = origin_expansion(sigma), critical_point(sigma)
    K = 1e-4
    parallel, perp = susceptibilities(sigma, C_W, K)
    np.testing.assert_allclose((perp - 1) / K, parts.b_1, rtol=3e-3)  # K times the next coefficient, of order 10
    np.testing.assert_allclose((parallel - 1) / (2 * K), parts.a_1, rtol=3e-3)


def test_a_numpy_activation_brings_its_slope_and_gets_the_rest_by_differences():
    t = math.tanh(0.3)
    sigma = activation(lambda z: np.tanh(z + 0.3) - t, derivative=lambda z: np.cosh(z + 0.3) ** -2.0)
    exact = origin_expansion(shifted_tanh(0.3))
    found = origin_expansion(sigma)
    np.testing.assert_allclose(found.sigma_2, exact.sigma_2, rtol=1e-10)
    np.testing.assert_allclose(found.sigma_3, exact.sigma_3, rtol=1e-8)
    np.testing.assert_allclose(
        susceptibilities(sigma, 1.1, 0.6), susceptibilities(shifted_tanh(0.3), 1.1, 0.6), rtol=1e-12
    )


def test_erratum_E4_odd_is_not_enough():
    # after (10.78): sinh is odd, but sigma_3/sigma_1 = +1 and K grows away from 0
    sinh = activation(torch.sinh)
    K = 0.1
    for _ in range(4):
        square = math.expm1(2 * K) / 2  # <sinh^2>
        assert square > K
        K = square
    with pytest.raises(ValueError, match=r"a_1 = .* = 1 must be negative"):
        critical_point(sinh)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gelu", "gelu is not in the K. = 0 class: a_1 = .* must be negative"),
        ("monomial:2", r"sigma'\(0\) = 0"),
    ],
)
def test_activations_of_neither_class(name, message):
    with pytest.raises(ValueError, match=message):
        critical_point(name)


def test_users_activations_of_neither_class():
    with pytest.raises(ValueError, match=r"sigma\(0\) = 0.5, not 0. Subtract it"):
        critical_point(activation(torch.sigmoid))
    with pytest.raises(ValueError, match="kink at 0"):
        critical_point(activation(lambda z: torch.relu(z) + torch.sin(z), kinks=[0.0]))
    with pytest.raises(ValueError, match="Did you mean 'tanh'"):
        critical_point("tahn")


def test_gelu_is_half_stable_away_from_zero():
    K, C_b, C_W = half_stable_point("gelu")
    np.testing.assert_allclose([K, C_W, C_b], [3.5616, 1.98306, 0.17292], atol=6e-5)
    np.testing.assert_allclose(susceptibilities("gelu", C_W, K), 1.0, rtol=1e-10)
    np.testing.assert_allclose(C_b + next_kernel("gelu", C_W, K), K, rtol=1e-10)
    # half-stable: one layer moves K the same way on both sides, here down, as the square of the distance
    moved = [C_b + next_kernel("gelu", C_W, start) - start for start in (0.98 * K, 0.99 * K, 1.01 * K, 1.02 * K)]
    assert max(moved) < 0
    assert 3.5 < moved[3] / moved[2] < 4.5


@pytest.mark.parametrize("name", ["tanh", "relu", "linear"])
def test_no_half_stable_point(name):
    with pytest.raises(ValueError, match=rf"{name} has no half-stable critical point"):
        half_stable_point(name)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("tahn", 1.0, 1.0), ValueError, "Did you mean 'tanh'"),
        (("tanh", 0.0, 1.0), ValueError, "C_W must be a finite number greater than 0"),
        (("tanh", "two", 1.0), TypeError, "C_W must be a number"),
        (("tanh", 1.0, 0.0), ValueError, "K must be greater than 0; got 0"),
        (("tanh", 1.0, [1.0, -2.0]), ValueError, "K must be greater than 0; got -2"),
        (("tanh", 1.0, math.nan), ValueError, "K must be finite"),
    ],
)
def test_bad_input_of_susceptibilities(arguments, error, message):
    with pytest.raises(error, match=message):
        susceptibilities(*arguments)
