"""The exact prediction on the line through two training inputs: mean, one network, variance."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.interpolation import linear_star_polation, star_polate, star_polation_variance, variance_by_delta
from ntklab.kernels import MLP, nngp_and_ntk

ERF = MLP(2, "erf", C_W=1.5, C_b=0.1, lambda_W=1.0, lambda_b=0.3)
TANH = MLP(3, "tanh", C_W=1.3, C_b=0.1)
RELU = MLP(2, "relu", C_W=2.0, C_b=0.1)
X_PLUS, X_MINUS = np.array([1.0, 0.5, -0.3]), np.array([-0.4, 0.8, 0.6])
S = np.linspace(-0.7, 1.6, 12)


def on_the_line(s):
    return np.multiply.outer(s, X_PLUS) + np.multiply.outer(1 - np.asarray(s), X_MINUS)


def by_linear_algebra(mlp, s, y, f0_train=0.0, f0_test=0.0):
    """(10.39) and (10.41) as they stand, with a general solver."""
    K, Theta = nngp_and_ntk(np.concatenate([[X_PLUS, X_MINUS], on_the_line(s)]), mlp=mlp)
    A = np.linalg.solve(Theta[:2, :2], Theta[:2, 2:]).T
    mean = f0_test - A @ (np.asarray(f0_train) - y)
    covariance = K[2:, 2:] - A @ K[:2, 2:] - (A @ K[:2, 2:]).T + A @ K[:2, :2] @ A.T
    return mean, np.diag(covariance)


def test_one_hidden_layer_by_hand():
    # One hidden ReLU layer, C_W = 2, d = 2: Theta(x, z) = |x||z| [sin a + 2 (pi - a) cos a] / pi at angle a. Theta_++
    # is 2, Theta_+- is 1/pi, and from the midpoint, 45 degrees off and 1/sqrt 2 long, it is (1 + 3 pi/2)/(2 pi).
    mlp = MLP(1, "relu", C_W=2.0)
    midpoint = (1 + 1.5 * math.pi) / (2 * math.pi) / (2 + 1 / math.pi)  # times y_+ + y_-
    found = star_polate(mlp, [1.0, 0.0], [0.0, 1.0], 3.0, 1.0, 0.5)
    np.testing.assert_allclose(found, 4 * midpoint, rtol=1e-13)


@pytest.mark.parametrize("mlp", [ERF, TANH, RELU], ids=lambda mlp: mlp.activation)
def test_matches_the_general_formula(mlp):
    y = np.array([1.3, -0.4])
    mean, variance = by_linear_algebra(mlp, S, y)
    np.testing.assert_allclose(star_polate(mlp, X_PLUS, X_MINUS, *y, S), mean, rtol=1e-11)
    np.testing.assert_allclose(star_polation_variance(mlp, X_PLUS, X_MINUS, S), variance, atol=1e-13)


def test_one_network_keeps_its_initial_function():
    rng = np.random.default_rng(0)
    y, f0_train, f0_test = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(len(S), 3))
    expected, _ = by_linear_algebra(ERF, S, y, f0_train, f0_test)
    found = star_polate(ERF, X_PLUS, X_MINUS, *y, S, f0_train=f0_train, f0_test=f0_test)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_variance_by_sampling_initial_functions():
    s, draws = 0.5, 100_000
    K, _ = nngp_and_ntk(np.stack([X_PLUS, X_MINUS, on_the_line(s)]), mlp=ERF)
    z = np.random.default_rng(1).multivariate_normal(np.zeros(3), K, size=draws)
    trained = star_polate(ERF, X_PLUS, X_MINUS, np.full(draws, 0.7), np.full(draws, -0.2), s, z.T[:2], z.T[2])
    variance = float(star_polation_variance(ERF, X_PLUS, X_MINUS, s))
    mean = float(star_polate(ERF, X_PLUS, X_MINUS, 0.7, -0.2, s))
    assert abs(trained.var() - variance) < 5 * variance * math.sqrt(2 / draws)
    assert abs(trained.mean() - mean) < 5 * math.sqrt(variance / draws)


@given(seed=st.integers(0, 10_000), s=st.floats(-1.5, 2.5), hidden_layers=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_laws(seed, s, hidden_layers):
    rng = np.random.default_rng(seed)
    plus, minus = rng.normal(size=(2, 3))
    y_plus, y_minus = rng.normal(size=2)
    mlp = MLP(hidden_layers, "erf", C_W=1.5, C_b=0.2)
    value = star_polate(mlp, plus, minus, y_plus, y_minus, s)
    ends = star_polate(mlp, plus, minus, y_plus, y_minus, [1.0, 0.0])
    np.testing.assert_allclose(ends, [y_plus, y_minus], rtol=1e-12)  # memorised: s = 1 is x_plus
    np.testing.assert_allclose(star_polate(mlp, minus, plus, y_minus, y_plus, 1 - s), value, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(star_polate(mlp, plus, minus, 3 * y_plus, 3 * y_minus, s), 3 * value, rtol=1e-11)
    Q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    np.testing.assert_allclose(star_polate(mlp, Q @ plus, Q @ minus, y_plus, y_minus, s), value, rtol=1e-8, atol=1e-9)
    variance = star_polation_variance(mlp, plus, minus, [s, 1.0, 0.0])
    assert variance.min() > -1e-13
    np.testing.assert_allclose(variance[1:], 0, atol=1e-14)


@pytest.mark.parametrize("hidden_layers", [0, 1, 2, 7])
def test_deep_linear_networks_draw_the_straight_line(hidden_layers):
    # (10.104): for every depth, and without variance
    mlp = MLP(hidden_layers, "linear", C_W=1.1, C_b=0.2, lambda_W=0.7, lambda_b=0.4)
    found = star_polate(mlp, X_PLUS, X_MINUS, 2.0, -1.0, S)
    np.testing.assert_allclose(found, linear_star_polation(2.0, -1.0, S), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(star_polation_variance(mlp, X_PLUS, X_MINUS, S), 0, atol=1e-13)


def test_linear_star_polation_by_hand():
    np.testing.assert_allclose(linear_star_polation(2.0, -1.0, [0.0, 0.25, 1.0, 3.0]), [-1.0, -0.25, 2.0, 8.0])
    two = linear_star_polation([2.0, 0.0], [-1.0, 4.0], [[0.5], [1.0]])
    np.testing.assert_allclose(two, [[[0.5, 2.0]], [[2.0, 0.0]]])


def test_near_inputs_keep_the_digits_of_the_bend():
    # At equal norms the bend is s(1 - s) times one constant, up to delta^2 of itself: here 1e-4, and itself 1e-6 of y.
    direction = np.cross(X_PLUS, [0.0, 0.0, 1.0])  # equal norms
    direction = direction / np.linalg.norm(direction)
    pair = X_PLUS + 5e-3 * direction, X_PLUS - 5e-3 * direction
    places = np.array([-1.0, 0.25, 0.5, 2.0])
    bend = star_polate(ERF, *pair, 1.0, 1.0, places) - 1
    np.testing.assert_allclose(bend / (places * (1 - places)) / (4 * bend[2]), 1, rtol=1e-3)


def test_shapes_kinds_and_dtypes():
    assert star_polate(ERF, X_PLUS, X_MINUS, 1.0, 0.0, 0.5).shape == ()
    assert star_polate(ERF, X_PLUS, X_MINUS, [1.0, 2.0], [0.0, 1.0], 0.5).shape == (2,)
    assert star_polate(ERF, X_PLUS, X_MINUS, [1.0, 2.0], [0.0, 1.0], np.zeros((3, 4))).shape == (3, 4, 2)
    x_plus, x_minus = (torch.tensor(x, dtype=torch.float32) for x in (X_PLUS, X_MINUS))
    single = star_polate(ERF, x_plus, x_minus, torch.tensor(1.0), torch.tensor(0.5), torch.tensor([0.25, 0.75]))
    assert isinstance(single, torch.Tensor)
    assert single.dtype == torch.float32
    double = star_polate(ERF, X_PLUS, X_MINUS, 1.0, 0.5, [0.25, 0.75])
    np.testing.assert_allclose(single.numpy(), double, rtol=1e-6)
    assert star_polate(ERF, [1, 0], [0, 1], 1, 0, [0, 1]).dtype == np.float64  # whole numbers


def test_erratum_4_the_variance_falls_as_the_fourth_power_for_smooth_kernels():
    # (10.117) prints O(delta^3) for all; that is ReLU's order.
    x0, direction = np.array([1.0, 0.2, -0.5]), np.array([0.5, -1.0, 0.6])  # orthogonal: equal norms
    deltas = np.array([0.1, 0.05, 0.025])
    for hidden_layers in (1, 2):
        for name, order in (("erf", 4), ("tanh", 4), ("relu", 3)):
            variance = variance_by_delta(MLP(hidden_layers, name, 1.5, 0.1, 1.0, 0.3), x0, direction, deltas)
            slopes = np.diff(np.log(variance)) / np.diff(np.log(deltas))
            assert abs(slopes[-1] - order) < 0.06, (name, hidden_layers)
            if order == 4:
                assert slopes[-1] > 3.9


def test_the_fourth_order_law_of_the_variance():
    # A smooth trained network departs from the line by -2 s(1 - s) [(z_+ + z_- - 2 z_0) - r z_0], r = ddTheta_0 over
    # Theta_00: the initial function bends, and the bend of Theta brings some z_0 in. Variance: 4 s^2 (1 - s)^2 w.K w.
    x0, direction = np.array([1.0, 0.2, -0.5]), np.array([0.5, -1.0, 0.6])
    delta = 0.02
    K, Theta = nngp_and_ntk(np.stack([x0 + delta * direction / 2, x0 - delta * direction / 2, x0]), mlp=ERF)
    r = (Theta[:2, :2].sum() / 4 - Theta[2, 2]) / Theta[2, 2]
    w = np.array([1.0, 1.0, -2.0 - r])
    law = 4 * w @ K @ w
    for s in (0.3, 0.5, -0.4):
        found = variance_by_delta(ERF, x0, direction, [delta], s=s)[0]
        np.testing.assert_allclose(found / (s * (1 - s)) ** 2, law, rtol=2e-3)


def test_bayesian_variance_has_the_same_order():
    mlp = MLP(2, "erf", C_W=1.5, C_b=0.1, lambda_W=(0.0, 0.0, 1.5), lambda_b=(0.0, 0.0, 0.1))  # Theta = K
    variance = variance_by_delta(mlp, [1.0, 0.2, -0.5], [0.5, -1.0, 0.6], [0.05, 0.025])
    assert abs(np.log2(variance[0] / variance[1]) - 4) < 0.03


GOOD = {"mlp": ERF, "x_plus": X_PLUS, "x_minus": X_MINUS, "y_plus": 1.0, "y_minus": 0.0, "s": 0.5}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_minus": X_PLUS}, "x_plus and x_minus must differ"),
        ({"x_minus": [1.0, 2.0]}, "x_minus must have length 3 like x_plus; got 2"),
        ({"x_plus": [X_PLUS]}, "x_plus must have 1 axis"),
        ({"x_plus": [1.0, np.nan, 0.0]}, "x_plus must be finite"),
        ({"y_minus": [0.0, 1.0]}, r"y_minus must have the shape of y_plus, \(\); got \(2,\)"),
        ({"y_plus": [[1.0]], "y_minus": [[1.0]]}, r"y_minus must be a number or have shape \(c,\); got \(1, 1\)"),
        ({"s": np.inf}, "s must be finite"),
        ({"f0_train": [0.0, 0.0]}, "give both f0_train and f0_test, or neither"),
        ({"f0_train": [0.0], "f0_test": 0.0}, r"f0_train must have shape \(2,\); got \(1,\)"),
        ({"f0_train": [0.0, 0.0], "f0_test": [0.0]}, r"f0_test must have shape \(\); got \(1,\)"),
        ({"mlp": MLP(2, "relu"), "x_minus": 2 * X_PLUS}, "Theta over x_plus and x_minus is singular.*one ray"),
        ({"x_minus": X_PLUS + 1e-9}, "too close to tell apart"),
        ({"mlp": MLP(1, "erf", lambda_W=0.0, lambda_b=0.0)}, "Theta is 0 at x_plus: every learning rate is 0"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        star_polate(**{**GOOD, **change})


def test_bad_input_of_the_others():
    with pytest.raises(ValueError, match="x_plus and x_minus must differ"):
        star_polation_variance(ERF, X_PLUS, X_PLUS, 0.5)
    with pytest.raises(ValueError, match="Theta over x_plus and x_minus is singular"):
        star_polation_variance(MLP(1, "relu"), X_PLUS, 3 * X_PLUS, 0.5)
    with pytest.raises(ValueError, match="y_minus must have the shape of y_plus"):
        linear_star_polation(1.0, [1.0, 2.0], 0.5)
    with pytest.raises(ValueError, match="s must be finite"):
        linear_star_polation(1.0, 2.0, np.nan)
