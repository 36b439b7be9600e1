"""Power laws of deep K* = 0 networks: exponents, amplitudes, and the corrected (10.80)-(10.81)."""

import functools
import math

import numpy as np
import pytest
import torch

from ntklab.depth import (
    asymptotic_components,
    critical_point,
    depth_recursion,
    equivalence_learning_rates,
    expanded_robustness_and_variance,
    fit_exponent,
    origin_expansion,
)
from ntklab.gaussian import activation

DEPTH = 4000
LAYERS = np.arange(1, DEPTH + 1)


@functools.cache
def sigma_of(source):
    if isinstance(source, str):
        return activation(source)
    t = math.tanh(source)
    return activation(lambda z: torch.tanh(z + source) - t)


@functools.cache
def deep(source, rates="equivalence", lambda_b=1.0, lambda_W=1.0):
    sigma = sigma_of(source)
    if rates == "equivalence":
        b, W = equivalence_learning_rates(sigma, DEPTH, lambda_b, lambda_W)
    else:
        b, W = np.full(DEPTH, lambda_b), np.full(DEPTH, lambda_W)
    return depth_recursion(sigma, *critical_point(sigma), 1.0, 1e-3, b, W)


def amplitude(source, parts):
    """The book's delta^2: the limit of ddK_2 l^p_perp, read off at the last layer."""
    return parts["ddK_2"][-1] * DEPTH ** origin_expansion(sigma_of(source)).p_perp


def slope(column, first, last):
    return fit_exponent(LAYERS[first - 1 : last], column[first - 1 : last])


def shifted_p_perp(b):
    t2 = math.tanh(b) ** 2
    return (2 - 10 * t2) / (2 - 9 * t2)


def test_fit_exponent_by_hand():
    layers = np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(fit_exponent(layers, 3 * layers**-0.75), -0.75, rtol=1e-14)
    # off the line: least squares of log2 values (0, 1, 5) on (0, 1, 2) has slope 5/2
    np.testing.assert_allclose(fit_exponent(layers, [1.0, 2.0, 32.0]), 2.5, rtol=1e-14)
    x, y = np.log([1, 3, 10, 40]), np.log([2.0, 1.0, 5.0, 3.0])
    np.testing.assert_allclose(fit_exponent([1, 3, 10, 40], [2.0, 1.0, 5.0, 3.0]), np.polyfit(x, y, 1)[0], rtol=1e-12)


@pytest.mark.parametrize(
    ("source", "p_50_200", "p_100_1000"),
    [("tanh", 1.016, 1.006), ("sin", 0.985, 0.994)],
)
def test_p_perp_of_odd_activations(source, p_50_200, p_100_1000):
    # (10.71); the numbers are those of a separate program, K of layer 1 = 1
    parts = deep(source)
    assert abs(-slope(parts["ddK_2"], 50, 200) - p_50_200) < 6e-4
    assert abs(-slope(parts["ddK_2"], 100, 1000) - p_100_1000) < 6e-4
    assert abs(-slope(parts["ddK_2"], 1000, 4000) - 1) < 2e-3
    assert abs(-slope(parts["K_00"], 1000, 4000) - 1) < 2e-3


@pytest.mark.parametrize(("b", "p_100_1000", "p_1000_4000"), [(0.25, None, 0.9594), (0.35, 0.879, 0.883)])
def test_p_perp_of_shifted_tanh(b, p_100_1000, p_1000_4000):
    parts = deep(b)
    if p_100_1000 is not None:
        assert abs(-slope(parts["ddK_2"], 100, 1000) - p_100_1000) < 6e-4
    assert abs(-slope(parts["ddK_2"], 1000, 4000) - p_1000_4000) < 6e-4
    assert abs(-slope(parts["ddK_2"], 1000, 4000) - shifted_p_perp(b)) < 3e-3


def test_starting_low_delays_the_power_law():
    parts = depth_recursion("sin", 0.0, 1.0, 0.2, 1e-3, *equivalence_learning_rates("sin", 200))
    assert abs(-slope(parts["ddK_2"], 20, 200) - 0.932) < 6e-4


@pytest.mark.parametrize(("source", "found"), [("tanh", -0.012), (0.25, 0.037), (0.35, 0.119)])
def test_the_robustness_measure_goes_as_one_minus_p_perp(source, found):
    # (10.78); absolute tolerance, since 1 - p_perp may be 0
    parts = deep(source)
    exponent = slope(parts["ddTheta_2"] / parts["Theta_00"], 1000, 4000)
    assert abs(exponent - found) < 6e-4
    assert abs(exponent - (1 - origin_expansion(sigma_of(source)).p_perp)) < 0.013


@pytest.mark.parametrize(
    ("source", "rates"),
    [("tanh", (1.0, 1.0)), ("sin", (1.0, 1.0)), ("erf", (0.3, 2.0)), (0.35, (1.0, 1.0)), (0.35, (0.3, 2.0))],
)
def test_amplitudes_under_the_equivalence_principle(source, rates):
    # (10.71), (10.75), (10.77). What is left falls like log(l)/l, from 1000 to 4000 by 3.3: 2.1 and 0.6 % at the worst.
    lambda_b, lambda_W = rates
    parts = deep(source, lambda_b=lambda_b, lambda_W=lambda_W)
    at = [DEPTH // 4, DEPTH]
    expected = asymptotic_components(
        sigma_of(source), at, amplitude(source, parts), lambda_b=lambda_b, lambda_W=lambda_W, depth=DEPTH
    )
    for name, column in expected.items():
        ratio = parts[name][np.array(at) - 1] / column
        assert abs(ratio[1] - 1) < 6e-3, name
        assert abs(ratio[0] - 1) < 2.5e-2, name


def test_robustness_from_the_amplitudes_by_hand():
    # (10.78) for tanh, lambda_b = 0: -2 delta^2 (-a_1) = -4 delta^2 at every depth
    parts = asymptotic_components("tanh", [10.0, 1000.0], amplitude=0.01, lambda_b=0.0)
    r, variance = expanded_robustness_and_variance(parts)
    np.testing.assert_allclose(r, [-0.04, -0.04], rtol=1e-14)
    np.testing.assert_allclose(variance, [4e-3, 4e-5], rtol=1e-14)


@pytest.mark.parametrize(("source", "rates"), [("tanh", (1.0, 1.0)), ("tanh", (2.0, 0.5)), ("sin", (1.0, 1.0))])
def test_erratum_8_layer_independent_rates(source, rates):
    # (10.80) prints delta^2 lambda_W sigma_1^2; <s''s''> = sigma_3^2 K = O(1/l) meets Theta_00 = lambda_b l/2, and the
    # product, (-a_1) lambda_b / 2, is of the same order.
    lambda_b, lambda_W = rates
    parts = deep(source, rates="constant", lambda_b=lambda_b, lambda_W=lambda_W)
    delta2, fall = amplitude(source, parts), -origin_expansion(source).a_1
    printed = delta2 * lambda_W
    corrected = delta2 * (lambda_W + fall * lambda_b / 2)
    assert abs(parts["ddTheta_2"][-1] / corrected - 1) < 5e-3
    wrong_by = parts["ddTheta_2"][-1] / printed
    if rates == (1.0, 1.0):
        assert abs(wrong_by - {"tanh": 2.000, "sin": 1.503}[source]) < 1e-3
    elif source == "tanh":
        assert abs(wrong_by - 4.99) < 0.01
    assert abs(parts["Theta_00"][-1] / (lambda_b * DEPTH / 2) - 1) < 3e-3  # (10.79) is right
    # (10.81): the measure still decays like 1/L, with the larger amplitude
    r, _ = expanded_robustness_and_variance(parts)
    printed_measure = -4 * lambda_W * delta2 / lambda_b / DEPTH
    corrected_measure = -4 * delta2 * (lambda_W / lambda_b + fall / 2) / DEPTH
    assert abs(r[-1] / corrected_measure - 1) < 5e-3
    assert abs(r[-1] / printed_measure - 1) > 0.2
    found = asymptotic_components(
        source, [float(DEPTH)], delta2, lambda_b=lambda_b, lambda_W=lambda_W, rates="constant"
    )
    np.testing.assert_allclose(found["ddTheta_2"], corrected, rtol=1e-12)


def test_erratum_E3_other_p_perp_and_layer_independent_rates():
    # The book says that p_perp != 1 leads to 1/L as well. It keeps the exponent 1 - p_perp of (10.78); the amplitude
    # is -delta^2 (sigma_2/sigma_1)^2.
    b, parts = 0.35, deep(0.35, rates="constant")
    origin = origin_expansion(sigma_of(b))
    ratio = parts["ddTheta_2"] / parts["Theta_00"]
    exponent = slope(ratio, 1000, 4000)
    assert abs(exponent - (1 - origin.p_perp)) < 3e-3
    assert abs(exponent - (-1)) > 1
    delta2, bend = amplitude(b, parts), (origin.sigma_2 / origin.sigma_1) ** 2
    assert abs(2 * ratio[-1] / (delta2 * bend * DEPTH ** (1 - origin.p_perp)) - 1) < 1e-2
    found = asymptotic_components(sigma_of(b), LAYERS[-2:], delta2, rates="constant")
    for name in found:
        assert abs(parts[name][-1] / found[name][-1] - 1) < 5e-3, name
    bias = asymptotic_components(sigma_of(b), [4e6], delta2, lambda_W=0.0, rates="constant")
    leading = delta2 * bend * (4e6) ** (2 - origin.p_perp) / (2 * (1 + origin.p_perp))
    np.testing.assert_allclose(bias["ddTheta_2"], leading, rtol=1e-12)


@pytest.mark.parametrize("source", ["tanh", 0.35])
def test_weight_rates_alone(source):
    # lambda_b = 0: Theta_00 -> lambda_W sigma_1^2 / ((-a_1) p_perp), the lambda_W part of the laws
    parts = deep(source, rates="constant", lambda_b=0.0, lambda_W=0.7)
    found = asymptotic_components(sigma_of(source), LAYERS[-1:], amplitude(source, parts), 0.0, 0.7, rates="constant")
    for name, column in found.items():
        assert abs(parts[name][-1] / column[0] - 1) < 1e-2, name


def test_the_parallel_part_decays_faster():
    # after (10.67): dTheta_1 falls faster than Theta_00 and ddTheta_2, here like log(l)/l against constants
    b, W = equivalence_learning_rates("tanh", DEPTH)
    parts = depth_recursion("tanh", 0.0, 1.0, 1.0, 1e-3, b, W, delta1=0.02)
    assert abs(slope(abs(parts["dK_1"]), 1000, 4000) + 2) < 0.01
    assert -1.01 < slope(abs(parts["dTheta_1"]), 1000, 4000) < -0.8


@pytest.mark.parametrize(
    ("layers", "values", "message"),
    [
        ([1.0, 2.0], [1.0, -1.0], "values must be greater than 0 everywhere"),
        ([0.0, 2.0], [1.0, 1.0], "layers must be greater than 0 everywhere"),
        ([1.0, 2.0], [1.0, 1.0, 1.0], "values must have length 2 like layers; got 3"),
        ([3.0, 3.0], [1.0, 2.0], "at least two different numbers"),
        ([3.0], [1.0], "at least two different numbers"),
        ([1.0, 2.0], [1.0, math.nan], "values must be finite"),
        ([[1.0]], [1.0], "layers must have 1 axis"),
    ],
)
def test_bad_input_of_fit_exponent(layers, values, message):
    with pytest.raises(ValueError, match=message):
        fit_exponent(layers, values)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"activation": "gelu"}, "gelu is not in the K. = 0 class"),
        ({"layers": [0.5]}, "layers must be at least 1"),
        ({"amplitude": 0.0}, "amplitude must be a finite number greater than 0"),
        ({"lambda_b": 0.0, "lambda_W": 0.0}, "must not both be 0"),
        ({"rates": "constnat"}, "Did you mean 'constant'"),
        ({"depth": -1}, "depth must be a finite number greater than 0"),
    ],
)
def test_bad_input_of_the_laws(change, message):
    with pytest.raises(ValueError, match=message):
        asymptotic_components(**{"activation": "tanh", "layers": [10.0], "amplitude": 0.1, **change})


def test_constant_rates_need_a_positive_exponent():
    sigma = sigma_of(0.49)  # t^2 = .206, between 1/5 and 2/9: b_1 > 0 > a_1
    assert origin_expansion(sigma).p_perp < 0
    with pytest.raises(ValueError, match="hold for p_perp > 0; this activation has -"):
        asymptotic_components(sigma, [10.0], 0.1, rates="constant")
