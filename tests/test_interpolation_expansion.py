"""The delta expansion, the law of *-polation with its coefficient put right, and the measurements by delta."""

import numpy as np
import pytest
import torch

from ntklab.interpolation import (
    check_coefficient,
    curvature_prediction,
    delta_components,
    delta_expansion,
    linear_star_polation,
    star_polate,
    variance_by_delta,
)
from ntklab.kernels import MLP, nngp_and_ntk

ERF = MLP(2, "erf", C_W=1.5, C_b=0.1, lambda_W=1.0, lambda_b=0.3)  # three weight layers
TANH = MLP(3, "tanh", C_W=1.3, C_b=0.1)
DELTAS = (0.2, 0.1, 0.05, 0.02)
S = 0.3


def geometry(equal_norms=True):
    """Midpoint and direction in five dimensions; orthogonal means x_+ and x_- of one norm."""
    draws = np.random.default_rng(0).normal(size=(4, 5))
    x0, direction = draws[:2] if equal_norms else draws[2:]
    if equal_norms:
        direction = direction - x0 * (x0 @ direction) / (x0 @ x0)
    return x0, direction


def pair(delta, equal_norms=True):
    x0, direction = geometry(equal_norms)
    return x0 + delta * direction / 2, x0 - delta * direction / 2


def bend(mlp, inputs, y_plus, y_minus, s=S, **start):
    """The exact prediction less the straight line."""
    exact = star_polate(mlp, *inputs, y_plus, y_minus, s, **start)
    return exact - linear_star_polation(y_plus, y_minus, s)


def law(mlp, inputs, y_plus, y_minus, s=S, without=()):
    parts = {name: value for name, value in delta_components(mlp, *inputs).items() if name not in without}
    return curvature_prediction(parts, y_plus, y_minus, s) - linear_star_polation(y_plus, y_minus, s)


def printed(mlp, inputs, y_plus, y_minus, s=S):
    """The mean of (10.113) as it stands in the book; (10.115) at equal norms."""
    part = delta_components(mlp, *inputs)
    first, second = part["dTheta_1"], part["ddTheta_2"]
    factor = 2 * part["ddTheta_0"] / (part["Theta_00"] * second - first**2)
    return -s * (1 - s) * factor * (2 * second * (y_plus + y_minus) - first * (y_plus - y_minus))


def test_components_by_hand():
    # Bilinear kernels: K = .2 + 1.5 x.x'/d and, for one weight layer, Theta = lambda_b + lambda_W x.x'/d.
    mlp = MLP(0, "linear", C_W=1.5, C_b=0.2, lambda_W=0.7, lambda_b=0.4)
    parts = delta_components(mlp, [2.0, 0.0], [0.0, 1.0])  # midpoint (1, 1/2)
    expected = {
        "K_00": 0.2 + 1.5 * 1.25 / 2,
        "dK_1": 1.5 * 3 / 4,
        "ddK_0": 0.0,
        "ddK_2": 1.5 * 5 / 8,
        "Theta_00": 0.4 + 0.7 * 1.25 / 2,
        "dTheta_1": 0.7 * 3 / 4,
        "ddTheta_0": 0.0,
        "ddTheta_2": 0.7 * 5 / 8,
        "dddTheta_21": 0.0,
    }
    assert set(parts) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(parts[name], value, atol=1e-15, err_msg=name)


def erf_theta(X):
    """ERF's kernel over the rows of X, written out for autograd."""
    K = 0.1 + 1.5 * X @ X.T / 5
    Theta = 0.3 + X @ X.T / 5
    for _ in range(2):
        scale = 1 + 2 * torch.diagonal(K)
        cosine = 2 * K / torch.sqrt(torch.outer(scale, scale))
        square = 2 / np.pi * torch.arcsin(cosine)
        slope = 4 / np.pi / torch.sqrt(torch.outer(scale, scale) - 4 * K**2)
        K, Theta = 0.1 + 1.5 * square, 0.3 + square + 1.5 * slope * Theta
    return Theta


def test_components_are_derivatives_of_the_kernel():
    # Theta_eps1,eps2 of (10.110): dTheta_1 = 2 d/deps1, ddTheta_0 = d^2/deps1^2, ddTheta_2 = d^2/deps1 deps2, and the
    # coefficient of eps1^2 eps2 is half of dddTheta_21: dddTheta_21 = d^3/deps1^2 deps2. Autograd at the midpoint.
    x0, direction = (torch.tensor(v) for v in geometry(equal_norms=False))
    delta = 0.02

    def theta(first, second):
        return erf_theta(torch.stack([x0 + first / 2 * delta * direction, x0 + second / 2 * delta * direction]))[0, 1]

    first, second = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    (slope,) = torch.autograd.grad(theta(first, second), first, create_graph=True)
    curve, mixed = torch.autograd.grad(slope, (first, second), create_graph=True)
    (third,) = torch.autograd.grad(curve, second)
    parts = delta_components(ERF, *pair(delta, equal_norms=False))
    expected = {"dTheta_1": 2 * slope, "ddTheta_0": curve, "ddTheta_2": mixed, "dddTheta_21": third}
    for name, value in expected.items():
        np.testing.assert_allclose(parts[name], value.item(), rtol=5 * delta**2, err_msg=name)


@pytest.mark.parametrize("kernel", ["Theta", "K"])
@pytest.mark.parametrize("equal_norms", [True, False])
def test_the_expansion_errs_in_the_next_order(kernel, equal_norms):
    # (10.110): exact at eps = +-1; elsewhere O(delta^3), which vanishes by reflection at equal norms: O(delta^4).
    places = [(0.4, 1.0), (-0.6, 0.2), (2.0, -1.0)]
    x0, direction = geometry()
    direction = direction if equal_norms else direction + 0.8 * x0
    errors = []
    for delta in (0.02, 0.01):
        inputs = x0 + delta * direction / 2, x0 - delta * direction / 2
        parts = delta_components(ERF, *inputs)
        row = []
        for places_12 in places:
            X = np.stack([x0 + eps / 2 * delta * direction for eps in places_12])
            K, Theta = nngp_and_ntk(X, mlp=ERF)
            exact = {"K": K, "Theta": Theta}[kernel][0, 1]
            row.append(abs(exact - delta_expansion(parts, *places_12, kernel=kernel)))
        errors.append(row)
        corners = delta_expansion(parts, [1, 1, -1], [1, -1, -1], kernel=kernel)
        K, Theta = nngp_and_ntk(np.stack(inputs), mlp=ERF)
        exact = {"K": K, "Theta": Theta}[kernel]
        np.testing.assert_allclose(corners, exact[np.triu_indices(2)], rtol=1e-14)
    order = np.log2(np.divide(*errors))
    np.testing.assert_allclose(order, 4 if equal_norms else 3, atol=0.25)


def test_erratum_10_111_the_lower_sign():
    # Printed: Theta_(2s-1)+- = s Theta_+-+- + (1 - s) Theta_+-- - 2 s(1 - s) ddTheta_0; for the lower sign the first
    # term must be s Theta_-+ (Theta_+-+ in general), not s Theta_--: only then is the remainder of higher order.
    gaps = {"printed": [], "corrected": []}
    for delta in (0.1, 0.05):
        plus, minus = pair(delta)
        _, Theta = nngp_and_ntk(np.stack([plus, minus, S * plus + (1 - S) * minus]), mlp=ERF)
        rest = -2 * S * (1 - S) * delta_components(ERF, plus, minus)["ddTheta_0"]
        gaps["corrected"].append(abs(Theta[2, 1] - (S * Theta[0, 1] + (1 - S) * Theta[1, 1] + rest)))
        gaps["printed"].append(abs(Theta[2, 1] - (S * Theta[1, 1] + (1 - S) * Theta[1, 1] + rest)))
    assert np.log2(np.divide(*gaps["corrected"])) > 3.5
    assert np.log2(np.divide(*gaps["printed"])) < 2.2


@pytest.mark.parametrize("mlp", [ERF, TANH], ids=lambda mlp: mlp.activation)
def test_erratum_3_the_coefficient_is_one(mlp):
    # y_+ = y_- = 1, equal norms: the cleanest test
    ratios = [bend(mlp, pair(delta), 1.0, 1.0) / law(mlp, pair(delta), 1.0, 1.0) for delta in DELTAS]
    gaps = abs(np.array(ratios) - 1)
    assert gaps[-1] < 1e-3
    assert (gaps[:-1] / gaps[1:] > 3).all()  # falls as delta^2
    book = [bend(mlp, pair(delta), 1.0, 1.0) / printed(mlp, pair(delta), 1.0, 1.0) for delta in DELTAS]
    np.testing.assert_allclose(book, np.array(ratios) / 4, rtol=1e-6)  # 4 s(1 - s) is four times too much
    assert abs(book[-1] - 1) > 0.7


def test_erratum_3_the_numbers_of_the_theory_sheet():
    # y_+ - y_- = delta
    book = [bend(ERF, pair(d), 1 + d / 2, 1 - d / 2) / printed(ERF, pair(d), 1 + d / 2, 1 - d / 2) for d in DELTAS]
    np.testing.assert_allclose(book, [0.2249, 0.2383, 0.2443, 0.2478], atol=5e-5)


def test_erratum_3_outputs_that_differ_by_order_one():
    # The printed remainder O(delta^3) needs y_+ - y_- = O(delta): otherwise what is left is of the law's own order.
    for delta in (0.1, 0.02):
        ratio = bend(ERF, pair(delta), 1.3, 0.4) / law(ERF, pair(delta), 1.3, 0.4)
        assert 0.5 < ratio < 0.55


def test_erratum_3_unequal_norms_need_a_term_that_the_book_leaves_out():
    rows = []
    for delta in (0.05, 0.02, 0.01, 0.005):
        inputs, y = pair(delta, equal_norms=False), (1 + delta / 2, 1 - delta / 2)
        exact = bend(ERF, inputs, *y)
        rows.append([exact / law(ERF, inputs, *y), exact / law(ERF, inputs, *y, without=["dddTheta_21"])])
    complete, without = np.array(rows).T
    gaps = abs(complete - 1)
    assert gaps[-1] < 4e-3
    np.testing.assert_allclose(gaps[:-1] / gaps[1:], [2.5, 2, 2], rtol=0.1)  # falls as delta
    assert abs(without[-1] - 0.957) < 5e-3  # tends to .957, not to 1


def test_erratum_3_initial_outputs_enter_as_y_minus_z():
    # Printed (10.114): z_+ + z_- + y_+ + y_-. The prediction depends on y - z around z_s.
    z_plus, z_minus, z_s = 0.7, 0.72, 0.705
    inputs = pair(0.02)
    parts = delta_components(ERF, *inputs)
    start = {"f0_train": [z_plus, z_minus], "f0_test": z_s}
    exact = star_polate(ERF, *inputs, 1.0, 1.0, S, **start)
    found = curvature_prediction(parts, 1.0, 1.0, S, **start)
    line = 1.0 + z_s - linear_star_polation(z_plus, z_minus, S)
    unit = -S * (1 - S) * parts["ddTheta_0"] / parts["Theta_00"]
    np.testing.assert_allclose((exact - line) / unit, 2 - z_plus - z_minus, rtol=0.05)
    np.testing.assert_allclose((found - line) / unit, 2 - z_plus - z_minus, rtol=1e-6)
    assert abs((exact - line) / unit - (2 + z_plus + z_minus)) > 2.5


def test_erratum_E6_the_lost_factor_s():
    # (10.116) prints [y_+ + (1 - s) y_- - y_s]: with s in front of y_+ the bias is the prediction less the true output.
    inputs, y_plus, y_minus, y_true = pair(0.02), 1.005, 0.995, 0.9
    bias = star_polate(ERF, *inputs, y_plus, y_minus, S) - y_true
    parts = delta_components(ERF, *inputs)
    curvature = -S * (1 - S) * parts["ddTheta_0"] / parts["Theta_00"] * (y_plus + y_minus)
    np.testing.assert_allclose(S * y_plus + (1 - S) * y_minus - y_true + curvature, bias, atol=1e-6)
    assert abs(y_plus + (1 - S) * y_minus - y_true + curvature - bias) > 0.5


def test_curvature_by_hand():
    parts = {"Theta_00": 2.0, "dTheta_1": 0.4, "ddTheta_0": -0.1, "ddTheta_2": 0.05, "dddTheta_21": 0.01}
    # det = .4 - .16 = .24; level = -.1 (.1 * 4 - .4 * 2) = .04; tilt = .01 (4 * 2 - .4 * 4) = .064; 2 s(1 - s) = .375
    expected = 0.25 * 3 + 0.75 * 1 - 0.375 / 0.24 * (0.04 + 0.064)
    np.testing.assert_allclose(curvature_prediction(parts, 3.0, 1.0, 0.25), expected, rtol=1e-14)
    # a dictionary without the last component, as students build it, is the law without that term
    del parts["dddTheta_21"]
    np.testing.assert_allclose(curvature_prediction(parts, 3.0, 1.0, 0.25), 1.5 - 0.375 / 0.24 * 0.04, rtol=1e-14)


def test_the_law_is_exact_at_the_ends_and_for_linear_networks():
    inputs = pair(0.5, equal_norms=False)
    np.testing.assert_allclose(
        curvature_prediction(delta_components(ERF, *inputs), [1.0, 2.0], [3.0, 4.0], [1.0, 0.0]), [[1, 2], [3, 4]]
    )
    linear = MLP(3, "linear", C_W=1.1, C_b=0.2)
    places = np.array([-1.0, 0.3, 2.0])
    np.testing.assert_allclose(
        curvature_prediction(delta_components(linear, *inputs), 2.0, -1.0, places),
        linear_star_polation(2.0, -1.0, places),
        atol=1e-12,
    )


def test_check_coefficient_tends_to_a_quarter():
    x0, direction = geometry()
    found = check_coefficient(ERF, x0, direction, DELTAS)
    np.testing.assert_allclose(found, [bend(ERF, pair(d), 1.0, 1.0) / printed(ERF, pair(d), 1.0, 1.0) for d in DELTAS])
    np.testing.assert_allclose(found, 0.25, atol=0.004)
    assert (np.diff(found) > 0).all()
    other = check_coefficient(ERF, x0, direction, [0.02], s=0.8, y_plus=1.01, y_minus=0.99)
    np.testing.assert_allclose(other, 0.25, atol=0.005)
    tensor = check_coefficient(ERF, torch.tensor(x0), torch.tensor(direction), torch.tensor([0.1]))
    assert isinstance(tensor, torch.Tensor)
    np.testing.assert_allclose(tensor.numpy(), found[1:2], rtol=1e-9)


def test_variance_by_delta_does_not_depend_on_the_sign_of_the_direction():
    x0, direction = geometry(equal_norms=False)
    one = variance_by_delta(ERF, x0, direction, [0.1], s=0.3)
    two = variance_by_delta(ERF, x0, -direction, [0.1], s=0.7)
    np.testing.assert_allclose(one, two, rtol=1e-8)


@pytest.mark.parametrize("function", [check_coefficient, variance_by_delta])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direction": [1.0, 0.0]}, "direction must have length 5 like x0; got 2"),
        ({"direction": np.zeros(5)}, "direction must not be the zero vector"),
        ({"deltas": [0.1, 0.0]}, "deltas must be greater than 0; got 0"),
        ({"deltas": 0.1}, "deltas must have 1 axis"),
        ({"deltas": []}, "deltas must not be empty"),
        ({"x0": np.ones((1, 5))}, "x0 must have 1 axis"),
        ({"s": np.nan}, "s must be a finite number"),
    ],
)
def test_bad_input_by_delta(function, change, message):
    x0, direction = geometry()
    with pytest.raises(ValueError, match=message):
        function(**{"mlp": ERF, "x0": x0, "direction": direction, "deltas": [0.1], **change})


def test_bad_input_of_the_coefficient():
    x0, direction = geometry()
    for s in (0.0, 1.0):
        with pytest.raises(ValueError, match="s must not be 0 or 1"):
            check_coefficient(ERF, x0, direction, [0.1], s=s)
    with pytest.raises(ValueError, match="has no curvature to compare"):
        check_coefficient(MLP(1, "linear", C_b=0.1), x0, direction, [0.1])
    with pytest.raises(ValueError, match="has no curvature to compare"):
        check_coefficient(ERF, x0, direction, [0.1], y_plus=1.0, y_minus=-1.0)


def test_bad_components():
    parts = delta_components(ERF, *pair(0.1))
    with pytest.raises(ValueError, match="components must hold ddTheta_0; got"):
        curvature_prediction({name: v for name, v in parts.items() if name != "ddTheta_0"}, 1.0, 1.0, 0.5)
    with pytest.raises(ValueError, match=r"4 Theta_00 ddTheta_2 - dTheta_1\^2 must be greater than 0; got 0"):
        curvature_prediction({**parts, "ddTheta_2": 0.0, "dTheta_1": 0.0}, 1.0, 1.0, 0.5)
    with pytest.raises(ValueError, match="y_minus must have the shape of y_plus"):
        curvature_prediction(parts, 1.0, [1.0, 2.0], 0.5)
    with pytest.raises(ValueError, match="components must hold dK_1, ddK_0, ddK_2; got K_00"):
        delta_expansion({"K_00": 1.0}, 0.5, 1.0, kernel="K")
    with pytest.raises(ValueError, match=r"kernel must be one of 'Theta', 'K'; got 'theta'\. Did you mean 'Theta'"):
        delta_expansion(parts, 0.5, 1.0, kernel="theta")
    with pytest.raises(ValueError, match="x_plus and x_minus must differ"):
        delta_components(ERF, [1.0, 2.0], [1.0, 2.0])
