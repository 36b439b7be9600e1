"""Errata 1, 2 (Var(a)), 6 and E27: the printed formula fails where ours holds. The entries are in course/errata.md."""

import numpy as np
import pytest

from ntklab import empirical, networks
from ntklab.kernels import MLP, ntk, relu_kappa, two_layer_ntk


def kernel_of_gaussian_weights(xi: float, points: int = 20_000) -> float:
    """⟨x, x′⟩E[σ′σ′] + E[σσ] for unit inputs at cosine xi, by the trapezoid rule over the weights' direction.

    In the plane of x and x′ a weight is r (cos φ, sin φ) with E r² = 2 and φ uniform. The integrand's kinks and steps
    cost the rule at most one cell each: an error below 4/points.
    """
    theta = np.arccos(xi)
    phi = (np.arange(points) + 0.5) * 2 * np.pi / points
    u, v = np.cos(phi), np.cos(phi - theta)
    on = (u > 0) & (v > 0)
    return xi * on.mean() + 2 * (u * v * on).mean()


@pytest.mark.parametrize("xi", [-0.7, 0.2, 0.6, 0.95])
def test_erratum_1_the_printed_kappa_is_twice_the_kernel_it_announces(xi):
    printed = 2 * xi / np.pi * (np.pi - np.arccos(xi)) + np.sqrt(1 - xi**2) / np.pi
    announced = kernel_of_gaussian_weights(xi)
    one_cell = 4 / 20_000
    assert printed == pytest.approx(2 * announced, abs=2 * one_cell)
    assert abs(printed - announced) > 10 * one_cell
    np.testing.assert_allclose(relu_kappa(np.array([xi]), "gaussian"), announced, rtol=0, atol=one_cell)
    np.testing.assert_allclose(relu_kappa(np.array([xi]), "he"), printed, rtol=1e-14)


def test_erratum_1_at_coinciding_unit_inputs_by_hand():
    # E[σ′²] = 1/2 and E[σ²] = 1/2, so that k(x, x) = 1; the slides' κ(1) is 2
    x = np.array([[0.6, 0.8]])
    np.testing.assert_allclose(two_layer_ntk(x), [[1.0]], rtol=1e-14)
    np.testing.assert_allclose(two_layer_ntk(x, normalization="he"), [[2.0]], rtol=1e-14)


def test_erratum_2_small_output_weights_are_not_the_same_as_a_small_output():
    # h = Σ a_i σ(b_i x) with Var a = 1/m has ∂h/∂a_i = σ(b_i x), without 1/√m: that part of its kernel grows like m.
    rng, x = np.random.default_rng(0), 1.3
    small_weights, small_output = [], []
    for m in (20_000, 80_000):
        a, b = rng.normal(size=m), rng.normal(size=m)
        on = b * x > 0
        small_output.append(((b * x * on) ** 2 + a**2 * x**2 * on).sum() / m)
        small_weights.append((b * x * on) @ (b * x * on) + (a / np.sqrt(m)) ** 2 @ (x**2 * on))
    limit = two_layer_ntk(np.array([[x]])).item()
    # one unit's share has variance (E z⁴ + E a⁴ − …)x⁴/2 < 4x⁴: five standard errors at the smaller width
    five_sigma = 5 * 2 * x**2 / np.sqrt(20_000)
    assert small_output == pytest.approx([limit, limit], abs=five_sigma)
    assert small_weights[1] / small_weights[0] == pytest.approx(4, rel=0.1)


def test_erratum_6_the_bias_has_to_enter_the_kernel_that_the_ntk_is_made_of():
    # Leaving C_b out of K (as scikit-ntk does) but adding it to Θ misses the tangent kernel of a biased network.
    X = np.random.default_rng(1).normal(size=(4, 3))
    mlp = MLP(hidden_layers=2, C_W=2.0, C_b=0.5)
    nets = [networks.NTKNet(3, 2048, hidden_layers=2, C_W=2.0, C_b=0.5, seed=seed) for seed in range(12)]
    kernels = np.array([empirical.empirical_ntk(net, X) for net in nets])
    mean, five_errors = kernels.mean(axis=0), 5 * kernels.std(axis=0, ddof=1) / np.sqrt(len(nets))
    ours, without = ntk(X, mlp=mlp), _ntk_without_bias_in_K(X, depth=2, C_W=2.0, C_b=0.5)
    bias_of_finite_width = 0.01 * np.abs(ours).max()  # O(1/width)
    assert (np.abs(mean - ours) < five_errors + bias_of_finite_width).all()
    assert (np.abs(mean - without) > five_errors + bias_of_finite_width).all()


def _ntk_without_bias_in_K(X: np.ndarray, depth: int, C_W: float, C_b: float) -> np.ndarray:
    K = C_W * X @ X.T / X.shape[1]
    Theta = K + C_b
    for _ in range(depth):
        norms = np.sqrt(np.diag(K))
        cos = np.clip(K / np.outer(norms, norms), -1, 1)
        theta = np.arccos(cos)
        ss = np.outer(norms, norms) * (np.sin(theta) + (np.pi - theta) * cos) / (2 * np.pi)
        K = C_W * ss
        Theta = C_b + K + C_W * (np.pi - theta) / (2 * np.pi) * Theta
    return Theta


def test_E27_the_one_dimensional_network_has_rank_two():
    x = np.linspace(-3, 2.5, 12)[:, None]
    assert np.linalg.matrix_rank(two_layer_ntk(x)) == 2
