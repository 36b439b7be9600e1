"""bias_variance and expected_loss against quadrature, sampling, autograd-free hand values and their laws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.regression import bias_variance, expected_loss


def ensemble(m: int = 3, c: int = 2, seed: int = 0):
    """Mean (m, c), covariance (m, m) and targets (m, c)."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(m, m + 2))
    return rng.normal(size=(m, c)), A @ A.T / (m + 2), rng.normal(size=(m, c))


def distributions(m: int, c: int, seed: int = 0):
    return np.random.default_rng(seed).dirichlet(np.ones(c), size=m)


def test_values_worked_by_hand():
    # ½ [(1 - 0)² + (2 - 2)²] and ½ (0.5 + 0.3); two outputs that share the covariance: twice the variance.
    assert bias_variance([1.0, 2.0], [[0.5, 0.1], [0.1, 0.3]], [0.0, 2.0]) == (0.5, 0.4)
    assert bias_variance([[1.0, 3.0], [2.0, 2.0]], [0.5, 0.3], [[0.0, 1.0], [2.0, 2.0]]) == (2.5, 0.8)
    # Even logits: ln 2; each q (1 - q) = 1/4, two of them, times ½ of the variance.
    np.testing.assert_allclose(expected_loss("cross_entropy", [[0, 0]], [0.2], [[1, 0]]), np.log(2) + 0.05, rtol=1e-14)
    # A target of mass 2 doubles both.
    np.testing.assert_allclose(expected_loss("cross_entropy", [[0, 0]], [0.2], [[2, 0]]), 2 * np.log(2) + 0.1)


@settings(max_examples=40, deadline=None)
@given(m=st.integers(1, 5), c=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_the_squared_error_is_bias_plus_variance(m, c, seed):
    mean, covariance, y = ensemble(m, c, seed)
    total = sum(bias_variance(mean, covariance, y))
    np.testing.assert_allclose(expected_loss("mse", mean, covariance, y), total, rtol=1e-12)
    np.testing.assert_allclose(expected_loss("mse", mean, np.diag(covariance), y), total, rtol=1e-12)
    # Sums over test points, not means: twice the test set, twice both.
    twice = bias_variance(np.vstack([mean, mean]), np.tile(np.diag(covariance), 2), np.vstack([y, y]))
    np.testing.assert_allclose(sum(twice), 2 * total, rtol=1e-12)


def test_bias_and_variance_are_the_mean_loss_of_sampled_networks():
    mean, covariance, y = ensemble()
    rng, draws = np.random.default_rng(2), 40_000
    z = mean + rng.multivariate_normal(np.zeros(3), covariance, size=(draws, 2)).transpose(0, 2, 1)
    losses = ((z - y) ** 2).sum(axis=(1, 2)) / 2
    five_sigma = 5 * losses.std() / np.sqrt(draws)
    assert abs(losses.mean() - sum(bias_variance(mean, covariance, y))) < five_sigma


def exact_cross_entropy(mean, variance, p, order=60):
    """E of −Σ p log softmax(z) over z = m + √v g, two classes: only z₁ − z₂ ~ N(m₁ − m₂, 2v) matters."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    gap = (mean[:, 1] - mean[:, 0])[:, None] + np.sqrt(2 * variance)[:, None] * nodes
    loss = p[:, :1] * np.logaddexp(0, gap) + p[:, 1:] * np.logaddexp(0, -gap)
    return float((loss @ weights).sum() / np.sqrt(2 * np.pi))


def test_cross_entropy_to_second_order_by_quadrature():
    mean, p = ensemble(4, 2)[0], distributions(4, 2)
    errors = []
    for variance in (0.02, 0.04):
        v = np.array([1.0, 0.5, 0.8, 0.3]) * variance
        errors.append(exact_cross_entropy(mean, v, p) - expected_loss("cross_entropy", mean, v, p))
    # The next term of the expansion is of order variance²: halving it quarters the error, and second order is right.
    assert abs(errors[0]) < 1e-4 < abs(expected_loss("cross_entropy", mean, 0.04 * np.ones(4), p)) / 100
    assert 3.5 < errors[1] / errors[0] < 4.5


def test_any_loss_with_the_whole_covariance():
    # L = ½ (Σ_β z_β)², one output: E = ½ (Σ m)² + ½ Σ_βγ Cov; needs the off-diagonal entries.
    mean, covariance, y = ensemble(3, 1)

    def square_of_sum(z, y):
        return (z - y).sum() ** 2 / 2

    exact = (mean - y).sum() ** 2 / 2 + covariance.sum() / 2
    np.testing.assert_allclose(expected_loss(square_of_sum, mean, covariance, y), exact, rtol=1e-12)
    one_axis = expected_loss(square_of_sum, mean[:, 0], covariance, y[:, 0])
    np.testing.assert_allclose(one_axis, exact, rtol=1e-12)


def test_two_outputs_do_not_mix():
    # L = Σ z₁ z₂ has only mixed derivatives, and (10.41) has no covariance between outputs.
    mean, covariance, y = ensemble(3, 2)

    def mixed(z, y):
        return (z[:, 0] * z[:, 1]).sum()

    for spread in (covariance, np.diag(covariance)):
        np.testing.assert_allclose(expected_loss(mixed, mean, spread, y), (mean[:, 0] * mean[:, 1]).sum(), rtol=1e-12)


def test_a_callable_equals_the_named_loss():
    mean, covariance, _ = ensemble(3, 4)
    p = distributions(3, 4)

    def cross_entropy(z, p):
        return -(p * (z - torch.logsumexp(z, dim=1, keepdim=True))).sum()

    for spread in (covariance, np.diag(covariance)):
        np.testing.assert_allclose(
            expected_loss(cross_entropy, mean, spread, p),
            expected_loss("cross_entropy", mean, covariance, p),
            rtol=1e-12,
        )


def test_tensors_are_welcome():
    arrays = ensemble()
    tensors = tuple(map(torch.tensor, arrays))
    assert bias_variance(*tensors) == bias_variance(*arrays)
    assert expected_loss("mse", *tensors) == expected_loss("mse", *arrays)


def test_erratum_the_bias_is_half_the_square():
    # Footnote 27: "for the MSE loss, the bias is precisely the square" of m - y. With the loss (10.5), whose ½ is in
    # (10.52) too, it is half of it: the value of the loss itself at the mean prediction (10.54).
    mean, _, y = ensemble(1, 1)
    loss_at_mean = expected_loss("mse", mean, [0.0], y)
    bias = bias_variance(mean, [0.0], y)[0]
    square = float((mean - y)[0, 0] ** 2)
    assert bias == pytest.approx(loss_at_mean, rel=1e-14) == pytest.approx(square / 2, rel=1e-14)
    assert abs(bias - square) > 0.1


MEAN, COVARIANCE, Y = ensemble()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((MEAN, COVARIANCE, Y[:2]), r"y must have shape \(3, 2\) like mean; got \(2, 2\)"),
        ((MEAN, COVARIANCE, Y[:, 0]), r"y must have shape \(3, 2\) like mean; got \(3,\)"),
        ((MEAN[None], COVARIANCE, Y[None]), r"mean must have shape \(n,\) or \(n, c\)"),
        ((MEAN, COVARIANCE[:2, :2], Y), r"covariance must have 3 rows like mean"),
        ((MEAN, np.diag(COVARIANCE)[:2], Y), r"covariance must have length 3 like mean; got 2"),
        ((MEAN, np.triu(COVARIANCE), Y), r"covariance must be symmetric"),
        ((MEAN, COVARIANCE, np.full((3, 2), np.nan)), r"y must be finite"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        bias_variance(*arguments)
    with pytest.raises(ValueError, match=message):
        expected_loss("mse", *arguments)


def test_bad_losses_are_named():
    with pytest.raises(ValueError, match=r"loss must be one of 'mse', 'cross_entropy'.*Did you mean 'cross_entropy'"):
        expected_loss("cross-entropy", MEAN, COVARIANCE, Y)
    with pytest.raises(ValueError, match=r"one column per class"):
        expected_loss("cross_entropy", [0.0, 1.0], [0.1, 0.1], [1.0, 0.0])
