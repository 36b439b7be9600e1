"""Robustness and variance of the prediction one input away from the training input (10.56)-(10.66)."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.depth import expanded_robustness_and_variance, gamma_components, robustness_and_variance

K = np.array([[2.0, 1.2], [1.2, 1.5]])
THETA = np.array([[5.0, 3.0], [3.0, 4.0]])


def test_by_hand():
    # r = 3/5 - 1; 1.5 - 2 (3/5) 1.2 + (3/5)^2 2
    np.testing.assert_allclose(robustness_and_variance(K, THETA), (-0.4, 0.78), rtol=1e-14)
    # the training input is the first: the other way round is another problem
    np.testing.assert_allclose(robustness_and_variance(K[::-1, ::-1], THETA[::-1, ::-1]), (-0.25, 1.04375), rtol=1e-14)


def test_variance_by_sampling():
    # z_-(T) = z_- - (Theta_-+ / Theta_++)(z_+ - y_+): a linear function of the Gaussian (z_+, z_-)
    draws = 400_000
    z = np.random.default_rng(0).multivariate_normal([0.0, 0.0], K, size=draws)
    trained = z[:, 1] - THETA[1, 0] / THETA[0, 0] * (z[:, 0] - 1.7)
    r, variance = robustness_and_variance(K, THETA)
    five_sigma = 5 * variance * np.sqrt(2 / draws)
    assert abs(trained.var() - variance) < five_sigma
    assert abs(trained.mean() - (1 + r) * 1.7) < 5 * np.sqrt(variance / draws)


def test_training_the_last_layer_gives_the_bayesian_variance():
    _, variance = robustness_and_variance(K, K)
    np.testing.assert_allclose(variance, K[1, 1] - K[0, 1] ** 2 / K[0, 0], rtol=1e-14)


def test_the_same_input_twice_is_known_for_certain():
    r, variance = robustness_and_variance(np.full((2, 2), 1.3), np.full((2, 2), 0.7))
    assert (r, variance) == (0.0, 0.0)


def test_near_inputs_cancel_before_they_are_added():
    # K_00 = 1e8, ddK_2 = 1e-6: 4 ddK_2 with the digits that 1e8 + 1e-6 leaves, about 1e-8 absolute
    pair = np.full((2, 2), 1e8) + 1e-6 * np.array([[1.0, -1.0], [-1.0, 1.0]])
    _, variance = robustness_and_variance(pair, np.ones((2, 2)))
    spread = (pair[1, 1] - pair[0, 1]) + (pair[0, 0] - pair[0, 1])
    assert variance == spread


@given(seed=st.integers(0, 10_000), scale=st.floats(0.1, 10.0))
@settings(max_examples=40, deadline=None)
def test_laws(seed, scale):
    rng = np.random.default_rng(seed)
    A, B = rng.normal(size=(2, 2, 3))
    kernel, ntk = A @ A.T, B @ B.T
    r, variance = robustness_and_variance(kernel, ntk)
    assert variance > -1e-12
    assert abs(1 + r) <= np.sqrt(ntk[1, 1] / ntk[0, 0]) * (1 + 1e-12)  # Cauchy-Schwarz
    np.testing.assert_allclose(robustness_and_variance(scale * kernel, ntk), (r, scale * variance), atol=1e-12)
    np.testing.assert_allclose(robustness_and_variance(kernel, scale * ntk), (r, variance), atol=1e-12)
    zeroth, first, second = (float(c) for c in gamma_components(kernel))
    np.testing.assert_allclose(
        kernel, [[zeroth + first + second, zeroth - second], [zeroth - second, zeroth - first + second]], atol=1e-12
    )
    np.testing.assert_allclose(np.linalg.det(kernel), 4 * zeroth * second - first**2, atol=1e-10)


def test_expanded_by_hand():
    parts = {"K_00": 2.0, "dK_1": 0.3, "ddK_2": 0.05, "Theta_00": 4.0, "dTheta_1": 0.4, "ddTheta_2": 0.1}
    r, variance = expanded_robustness_and_variance(parts)
    np.testing.assert_allclose(r, -0.1 - 0.05 + 0.01, rtol=1e-14)
    np.testing.assert_allclose(variance, 0.2 - 2 * 0.3 * 0.1 + 2 * 0.01, rtol=1e-14)


def test_answers_in_kind():
    parts = gamma_components(torch.tensor(K, dtype=torch.float32))
    assert all(isinstance(part, torch.Tensor) and part.dtype == torch.float32 for part in parts)
    column = torch.ones(3, dtype=torch.float32)
    r, _ = expanded_robustness_and_variance({"K_00": column, "ddK_2": column, "Theta_00": column, "ddTheta_2": column})
    assert r.dtype == torch.float32
    assert r.shape == (3,)


@pytest.mark.parametrize(
    ("kernel", "ntk", "message"),
    [
        (np.eye(3), THETA, r"K must have shape \(2, 2\).*got \(3, 3\)"),
        (K, [1.0, 2.0], r"Theta must have shape \(2, 2\)"),
        ([[1.0, 0.5], [0.4, 1.0]], THETA, "K must be symmetric"),
        (K, [[0.0, 0.0], [0.0, 1.0]], r"Theta\[0, 0\] must be greater than 0"),
        (K, [[np.nan, 0.0], [0.0, 1.0]], "Theta must be finite"),
    ],
)
def test_bad_input(kernel, ntk, message):
    with pytest.raises(ValueError, match=message):
        robustness_and_variance(kernel, ntk)


def test_bad_components():
    with pytest.raises(ValueError, match="components must hold ddK_2, ddTheta_2; got K_00, Theta_00"):
        expanded_robustness_and_variance({"K_00": 1.0, "Theta_00": 1.0})
    with pytest.raises(ValueError, match="Theta_00 must be greater than 0 in every layer"):
        expanded_robustness_and_variance({"K_00": 1.0, "ddK_2": 0.1, "Theta_00": 0.0, "ddTheta_2": 0.1})
    with pytest.raises(ValueError, match=r"K must have shape \(2, 2\)"):
        gamma_components(np.eye(4))
