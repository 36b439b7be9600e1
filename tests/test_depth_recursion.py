"""The depth recursion of the delta components against the exact kernels, its laws, and its bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.depth import (
    critical_point,
    depth_recursion,
    equivalence_learning_rates,
    expanded_robustness_and_variance,
    gamma_components,
    input_components,
    robustness_and_variance,
    susceptibilities,
)
from ntklab.gaussian import activation
from ntklab.kernels import MLP, nngp_and_ntk

NAMES = [f"{d}{kernel}_{part}" for kernel in ("K", "Theta") for d, part in (("", "00"), ("d", 1), ("dd", 0), ("dd", 2))]


def inputs(equal_norms, delta, seed=0, d=5):
    rng = np.random.default_rng(seed)
    x0, dx = rng.normal(size=d), rng.normal(size=d)
    if equal_norms:
        dx -= x0 * (x0 @ dx) / (x0 @ x0)
    return x0 + delta * dx / 2, x0 - delta * dx / 2


def measured(mlp, x_plus, x_minus):
    """Components of the exact kernels, by (10.58)-(10.61)."""
    K, Theta = nngp_and_ntk(np.stack([x_plus, x_minus, (x_plus + x_minus) / 2]), mlp=mlp)
    parts = {}
    for name, kernel in (("K", K), ("Theta", Theta)):
        zeroth, first, second = map(float, gamma_components(kernel[:2, :2]))
        centre = kernel[2, 2]
        parts |= {f"{name}_00": centre, f"d{name}_1": first, f"dd{name}_0": zeroth - centre, f"dd{name}_2": second}
    return parts


def recursed(name, mlp, x_plus, x_minus):
    K0, delta1, delta2 = input_components(x_plus, x_minus, mlp.C_b, mlp.C_W)
    layers = np.ones(mlp.hidden_layers + 1)
    return depth_recursion(
        name, mlp.C_b, mlp.C_W, K0, delta2, mlp.lambda_b * layers, mlp.lambda_W * layers, delta1=delta1
    )


def test_one_layer_by_hand():
    # sigma = z^2 at K = 1/2: <ss> = 3K^2 = 3/4, <s's'> = 4K = 2, <s''s''> = 4; C_W = 2, lambda_b = 1, lambda_W = 3.
    parts = depth_recursion("monomial:2", 0.0, 2.0, 0.5, 0.1, [1.0, 1.0], [3.0, 3.0])
    np.testing.assert_allclose(parts["K_00"], [0.5, 2 * 0.75], rtol=1e-13)
    np.testing.assert_allclose(parts["ddK_2"], [0.1, 2 * 2 * 0.1], rtol=1e-13)
    np.testing.assert_allclose(parts["Theta_00"], [1 + 3 * 0.25, 1 + 3 * 0.75 + 2 * 2 * 1.75], rtol=1e-13)
    np.testing.assert_allclose(parts["ddTheta_2"], [3 * 0.05, 4 * 0.15 + (3 * 2 + 2 * 4 * 1.75) * 0.1], rtol=1e-13)
    # [0]: g' = d(3K^2)/dK = 3, so C_W (g' - h) ddK_2 = 2 (3 - 2) .1; h' = 4, p = 4: lambda_W .1 + C_W (h' - p) .1 Theta
    np.testing.assert_allclose(parts["ddK_0"], [0.0, 0.2], rtol=1e-13)
    np.testing.assert_allclose(parts["ddTheta_0"], [0.0, 3 * 0.1], rtol=1e-12)


def test_the_first_layer_has_a_quarter_of_the_squared_distance():
    x_plus, x_minus = inputs(True, 0.3)
    K0, delta1, delta2 = input_components(x_plus, x_minus, 0.2, 1.5)
    K, _ = nngp_and_ntk(np.stack([x_plus, x_minus]), mlp=MLP(1, "linear", C_W=(1.5, 1.0), C_b=(0.2, 0.0)))
    np.testing.assert_allclose(delta2, 1.5 * np.sum((x_plus - x_minus) ** 2) / (4 * 5), rtol=1e-13)
    np.testing.assert_allclose([float(c) for c in gamma_components(K)], [K0, delta1, delta2], atol=1e-15)


ERF, SIN, TANH = (
    MLP(2, "erf", C_W=1.5, C_b=0.1, lambda_W=1.0, lambda_b=0.3),
    MLP(4, "sin", C_W=1.2, C_b=0.05, lambda_W=0.7, lambda_b=0.2),
    MLP(3, "tanh", C_W=1.3, C_b=0.1, lambda_W=1.0, lambda_b=0.5),
)


@pytest.mark.parametrize("equal_norms", [True, False])
@pytest.mark.parametrize("mlp", [ERF, SIN, TANH], ids=lambda mlp: mlp.activation)
def test_the_remainder_is_of_fourth_order_in_the_distance(mlp, equal_norms):
    # [0] and [2] are even in delta, so what second order leaves is O(delta^4); [1] is odd, so O(delta^3). A wrong
    # coefficient anywhere would leave O(delta^2).
    gaps = {name: [] for name in NAMES}
    deltas = (0.2, 0.1)
    for delta in deltas:
        pair = inputs(equal_norms, delta)
        exact, found = measured(mlp, *pair), recursed(mlp.activation, mlp, *pair)
        for name in NAMES:
            gaps[name].append(abs(exact[name] - found[name][-1]))
    for name in ("K_00", "Theta_00"):
        assert max(gaps[name]) < 1e-11  # exact, but for rounding and tanh's quadrature
    for name in ("ddK_0", "ddK_2", "ddTheta_0", "ddTheta_2"):
        assert 3.7 < math.log2(gaps[name][0] / gaps[name][1]) < 4.1, name
    for name in ("dK_1", "dTheta_1"):
        if equal_norms:
            assert max(gaps[name]) < 1e-14
        else:
            assert 2.7 < math.log2(gaps[name][0] / gaps[name][1]) < 3.2, name


def test_expanded_measures_against_the_exact_ones():
    # (10.62)-(10.63) err by O(delta^4) at equal norms, (10.65)-(10.66) by O(delta^3) otherwise.
    for equal_norms, order in ((True, 4), (False, 3)):
        errors = []
        for delta in (0.02, 0.01):
            pair = inputs(equal_norms, delta)
            K, Theta = nngp_and_ntk(np.stack(pair), mlp=ERF)
            exact = robustness_and_variance(K, Theta)
            found = [column[-1] for column in expanded_robustness_and_variance(recursed("erf", ERF, *pair))]
            errors.append(np.abs(np.subtract(exact, found)))
        np.testing.assert_allclose(np.log2(errors[0] / errors[1]), order, atol=0.15)


def test_every_layer_is_the_last_of_a_shallower_network():
    pair = inputs(False, 0.01)
    deep = recursed("sin", SIN, *pair)
    for layer in range(2, 6):
        shallow = MLP(layer - 1, "sin", C_W=1.2, C_b=0.05, lambda_W=0.7, lambda_b=0.2)
        exact = measured(shallow, *pair)
        for name in NAMES:
            np.testing.assert_allclose(deep[name][layer - 1], exact[name], rtol=2e-4, atol=1e-11)


def test_rates_by_layer_meet_their_own_layer():
    # A rate on one layer only: its layer must be the one that first feels it.
    for on in range(3):
        rates = np.zeros(3)
        rates[on] = 1.0
        bias = depth_recursion("tanh", 0.0, 1.0, 0.5, 1e-3, rates, np.zeros(3))["Theta_00"]
        weight = depth_recursion("tanh", 0.0, 1.0, 0.5, 1e-3, np.zeros(3), rates)["Theta_00"]
        assert (bias[:on] == 0).all()
        assert (weight[:on] == 0).all()
        assert bias[on] == 1.0
        mlp = MLP(2, "tanh", C_W=1.0, C_b=0.0, lambda_W=tuple(rates), lambda_b=0.0)
        _, Theta = nngp_and_ntk(np.array([[math.sqrt(0.5)]]), mlp=mlp)
        np.testing.assert_allclose(weight[-1], Theta[0, 0], rtol=1e-12)


@given(K0=st.floats(0.05, 4.0), delta2=st.floats(1e-6, 1e-2), a=st.floats(0.1, 3.0))
@settings(max_examples=20, deadline=None)
def test_laws(K0, delta2, a):
    b, W = np.full(4, 0.3), np.full(4, 1.1)
    one = depth_recursion("tanh", 0.0, 1.4, K0, delta2, b, W)
    rates = depth_recursion("tanh", 0.0, 1.4, K0, delta2, a * b, a * W)
    near = depth_recursion("tanh", 0.0, 1.4, K0, a * delta2, b, W)
    for name in NAMES:
        second = name.startswith("dd")
        np.testing.assert_allclose(rates[name], (a if "Theta" in name else 1) * one[name], rtol=1e-12, atol=1e-18)
        np.testing.assert_allclose(near[name], (a if second else 1) * one[name], rtol=1e-12, atol=1e-18)
    assert (one["dK_1"] == 0).all()
    # <z s s'>/K is chi_parallel/C_W: ddK_0 is driven by their difference
    parallel, perp = susceptibilities("tanh", 1.4, K0)
    np.testing.assert_allclose(one["ddK_0"][1], (parallel - perp) * delta2, rtol=1e-10)
    np.testing.assert_allclose(one["ddK_2"][1], perp * delta2, rtol=1e-12)


def test_swapping_the_inputs_changes_the_odd_parts_only():
    b, W = np.full(4, 0.3), np.full(4, 1.1)
    one = depth_recursion("tanh", 0.1, 1.4, 0.9, 0.01, b, W, delta1=0.05)
    two = depth_recursion("tanh", 0.1, 1.4, 0.9, 0.01, b, W, delta1=-0.05)
    for name in NAMES:
        sign = -1 if name in ("dK_1", "dTheta_1") else 1
        np.testing.assert_allclose(two[name], sign * one[name], rtol=1e-14)


def test_a_numpy_activation_recurses_like_torchs():
    sigma = activation(lambda z: np.tanh(z), derivative=lambda z: 1 - np.tanh(z) ** 2)
    rates = np.ones(5)
    exact = depth_recursion("tanh", 0.0, 1.0, 0.8, 1e-2, rates, rates, delta1=0.05)
    found = depth_recursion(sigma, 0.0, 1.0, 0.8, 1e-2, rates, rates, delta1=0.05)
    for name in NAMES:
        np.testing.assert_allclose(found[name], exact[name], rtol=1e-9)


def test_answers_in_kind():
    rates = torch.ones(3, dtype=torch.float32)
    parts = depth_recursion("tanh", 0.0, 1.0, 0.8, 1e-3, rates, rates)
    assert all(column.dtype == torch.float32 and column.shape == (3,) for column in parts.values())
    assert list(parts) == NAMES


def test_thousands_of_layers():
    rates_b, rates_W = equivalence_learning_rates("tanh", 1500)
    parts = depth_recursion("tanh", *critical_point("tanh"), 1.0, 1e-3, rates_b, rates_W)
    np.testing.assert_allclose(parts["K_00"][-1] * 2 * 1500, 1, rtol=5e-3)


def test_equivalence_rates_by_hand():
    # shifted tanh: p_perp = (2 - 10 t^2)/(2 - 9 t^2); at layer l of L: l^-p L^(p-1) and (L/l)^(p-1)
    t2 = math.tanh(0.35) ** 2
    p = (2 - 10 * t2) / (2 - 9 * t2)
    b, W = equivalence_learning_rates(activation(lambda z: torch.tanh(z + 0.35) - math.tanh(0.35)), 10, 2.0, 3.0)
    np.testing.assert_allclose(b[[0, 4, 9]], [2 * 10 ** (p - 1), 2 * 5**-p * 10 ** (p - 1), 0.2], rtol=1e-12)
    np.testing.assert_allclose(W[[0, 4, 9]], [3 * 10 ** (p - 1), 3 * 2 ** (p - 1), 3.0], rtol=1e-12)


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_under_the_equivalence_principle_every_layer_gives_alike(name):
    # Theta at the last layer from one layer's rates alone: equal over the layers, within the slow approach.
    depth = 60
    C_b, C_W = critical_point(name)
    b, W = equivalence_learning_rates(name, depth)
    shares = []
    for layer in (20, 40, 59):
        keep = np.arange(depth) == layer
        mlp = MLP(depth - 1, name, C_W=C_W, C_b=C_b, lambda_W=tuple(W * keep), lambda_b=tuple(b * keep))
        _, Theta = nngp_and_ntk(np.array([[1.0]]), mlp=mlp)
        shares.append(Theta[0, 0])
    np.testing.assert_allclose(shares, shares[0], rtol=0.06 if name == "tanh" else 1e-12)


GOOD = {"activation": "tanh", "C_b": 0.1, "C_W": 1.0, "K0": 0.5, "delta2": 0.01, "lambda_b": [1.0], "lambda_W": [1.0]}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"activation": "relu"}, ValueError, "relu has a kink.*use angle_recursion"),
        ({"activation": "tahn"}, ValueError, "Did you mean 'tanh'"),
        ({"C_b": -0.1}, ValueError, "C_b must be a finite number at least 0"),
        ({"C_W": 0.0}, ValueError, "C_W must be a finite number greater than 0"),
        ({"K0": 0.05}, ValueError, "K0 = .* must be at least C_b = 0.1"),
        ({"K0": 0.0}, ValueError, "K0 must be a finite number greater than 0"),
        ({"delta2": -1.0}, ValueError, "delta2 must be a finite number at least 0"),
        ({"lambda_W": [1.0, 1.0]}, ValueError, "lambda_W must have length 1 like lambda_b; got 2"),
        ({"lambda_b": [], "lambda_W": []}, ValueError, "lambda_b must not be empty"),
        ({"lambda_b": 1.0}, ValueError, "lambda_b must have 1 axis"),
        ({"lambda_b": [-1.0]}, ValueError, "must not be negative in any layer"),
        ({"lambda_b": [math.inf]}, ValueError, "lambda_b must be finite"),
        ({"delta1": 1.0}, ValueError, r"delta1\^2 <= 4 delta2 \(K0 - C_b\)"),
        ({"delta1": math.nan}, TypeError, "delta1 must be a finite number"),
    ],
)
def test_bad_input(change, error, message):
    with pytest.raises(error, match=message):
        depth_recursion(**{**GOOD, **change})


def test_bad_input_of_the_helpers():
    with pytest.raises(ValueError, match="x_minus must have length 2 like x_plus; got 3"):
        input_components([1.0, 2.0], [1.0, 2.0, 3.0], 0.0, 1.0)
    with pytest.raises(ValueError, match="C_W must be a finite number greater than 0"):
        input_components([1.0, 2.0], [1.0, 2.0], 0.0, 0.0)
    with pytest.raises(ValueError, match="depth must be at least 1"):
        equivalence_learning_rates("tanh", 0)
    with pytest.raises(ValueError, match="lambda_W must be a finite number at least 0"):
        equivalence_learning_rates("tanh", 3, 1.0, -1.0)
    with pytest.raises(ValueError, match=r"not in the K\* = 0 class"):
        equivalence_learning_rates("gelu", 3)
