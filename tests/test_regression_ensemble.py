"""posterior and bayesian_posterior against sampled ensembles, scikit-learn, hand-worked values and their laws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF

from ntklab.regression import bayesian_posterior, kernel_regression, posterior


def blocks(n: int = 5, m: int = 3, c: int = 2, seed: int = 0):
    """An NTK and an NNGP kernel on the same n + m points, and targets: Theta, Theta*, K, K*, K**, y."""
    rng = np.random.default_rng(seed)
    A, B = rng.normal(size=(2, n + m, n + m + 4)) / np.sqrt(n + m + 4)
    K = A @ A.T
    Theta = K + B @ B.T
    return Theta[:n, :n], Theta[n:, :n], K[:n, :n], K[n:, :n], K[n:, n:], rng.normal(size=(n, c))


@pytest.mark.parametrize(
    ("function", "ridge", "mean", "variance", "why"),
    [
        (posterior, 0, 1.5, 0.75, "A = 1/2: 1 - 2·(1/2)·(1/2) + (1/2)²"),
        (posterior, 2, 0.75, 0.8125, "A = 1/4: 1 - 2·(1/4)·(1/2) + (1/4)²"),
        (bayesian_posterior, 0, 1.5, 0.75, "A = 1/2: 1 - (1/2)·(1/2)"),
        (bayesian_posterior, 2, 0.5, 11 / 12, "A = 1/6: 1 - (1/6)·(1/2)"),
    ],
)
def test_values_worked_by_hand(function, ridge, mean, variance, why):
    # Θ = 2, Θ* = 1, K = 1, K* = 1/2, K** = 1, y = 3; for Bayes K = 1 and y = 3 alone.
    given = [[[2]], [[1]]] if function is posterior else []
    answer = function(*given, [[1]], [[0.5]], [[1]], [3], ridge=ridge)
    np.testing.assert_allclose(np.ravel(answer[0]), [mean], rtol=1e-14, err_msg=why)
    np.testing.assert_allclose(answer[1], [[variance]], rtol=1e-14, err_msg=why)


@pytest.mark.parametrize("ridge", [0.0, 0.4])
def test_mean_and_covariance_are_those_of_sampled_networks(ridge):
    # Networks start at f0 ~ N(0, K) and end at (10.39): that is all (10.40) and (10.41) say.
    Theta, Theta_s, K, K_s, K_ss, y = blocks(c=1)
    n, m, draws = len(K), len(K_s), 40_000
    start = np.random.default_rng(1).multivariate_normal(np.zeros(n + m), np.block([[K, K_s.T], [K_s, K_ss]]), draws)
    f0_train, f0_test = start[:, :n].T, start[:, n:].T
    ends = kernel_regression(Theta, Theta_s, np.repeat(y, draws, axis=1), ridge, f0_train, f0_test)
    mean, covariance = posterior(Theta, Theta_s, K, K_s, K_ss, y[:, 0], ridge)
    variance = np.diag(covariance)
    five_sigma = 5 * np.sqrt(variance / draws)
    assert (np.abs(ends.mean(axis=1) - mean) < five_sigma).all()
    five_sigma = 5 * np.sqrt(
        (np.outer(variance, variance) + covariance**2) / draws
    )  # of a Gaussian's sample covariance
    assert (np.abs(np.cov(ends) - covariance) < five_sigma).all()
    assert (five_sigma < 0.1 * np.sqrt(np.outer(variance, variance))).all()  # the bands are narrow enough to tell


@pytest.mark.parametrize("ridge", [0.0, 0.4])
def test_covariance_is_the_index_sum_of_the_book(ridge):
    Theta, Theta_s, K, K_s, K_ss, y = blocks()
    inverse = np.linalg.inv(Theta + ridge * np.eye(len(K)))
    sums = (
        K_ss
        - np.einsum("ba,ac,dc->db", Theta_s, inverse, K_s)
        - np.einsum("ba,ac,dc->bd", Theta_s, inverse, K_s)
        + np.einsum("ba,ac,de,ef,fc->bd", Theta_s, inverse, Theta_s, inverse, K)
    )
    np.testing.assert_allclose(posterior(Theta, Theta_s, K, K_s, K_ss, y, ridge)[1], sums, rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 8), m=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_laws(n, m, seed):
    Theta, Theta_s, K, K_s, K_ss, y = blocks(n, m, seed=seed)
    mean, covariance = posterior(Theta, Theta_s, K, K_s, K_ss, y)
    np.testing.assert_allclose(mean, kernel_regression(Theta, Theta_s, y), rtol=1e-8, atol=1e-10)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > -1e-9 * max(1, np.abs(covariance).max())
    _, bayes = bayesian_posterior(K, K_s, K_ss, y)
    # Bayes is the best linear prediction from the starting outputs: no other training leaves less spread.
    assert np.linalg.eigvalsh(covariance - bayes).min() > -1e-8 * max(1, np.abs(covariance).max())
    at_training_points = posterior(Theta, Theta, K, K, K, y)[1]  # all members have memorised the data
    np.testing.assert_allclose(at_training_points, 0, atol=1e-7 * np.abs(K).max())


def test_training_the_last_layer_only_is_bayes():
    _, _, K, K_s, K_ss, y = blocks()
    for ensemble, bayes in zip(posterior(K, K_s, K, K_s, K_ss, y), bayesian_posterior(K, K_s, K_ss, y), strict=True):
        np.testing.assert_allclose(ensemble, bayes, rtol=1e-10, atol=1e-12)
    # With a ridge, the two agree once the noise stands in K as well.
    noisy = K + 0.4 * np.eye(len(K))
    np.testing.assert_allclose(
        posterior(noisy, K_s, noisy, K_s, K_ss, y)[1], bayesian_posterior(K, K_s, K_ss, y, 0.4)[1], rtol=1e-10
    )


def test_a_large_ridge_leaves_the_start():
    Theta, Theta_s, K, K_s, K_ss, y = blocks()
    mean, covariance = posterior(Theta, Theta_s, K, K_s, K_ss, y, ridge=1e9)
    np.testing.assert_allclose(mean, 0, atol=1e-7)
    np.testing.assert_allclose(covariance, K_ss, atol=1e-7)


def test_bayes_agrees_with_scikit_learn():
    rng = np.random.default_rng(3)
    X, Z, y = rng.normal(size=(8, 2)), rng.normal(size=(4, 2)), rng.normal(size=(8, 2))
    kernel = RBF(0.7)
    model = GaussianProcessRegressor(kernel, alpha=0.05, optimizer=None).fit(X, y[:, 0])
    mean, covariance = model.predict(Z, return_cov=True)
    ours = bayesian_posterior(kernel(X), kernel(Z, X), kernel(Z), y, ridge=0.05)
    np.testing.assert_allclose(ours[0][:, 0], mean, rtol=1e-9)
    np.testing.assert_allclose(ours[1], covariance, rtol=1e-9, atol=1e-12)


def test_kind_and_dtype_are_kept():
    arrays = blocks()
    for function, used in [(posterior, arrays), (bayesian_posterior, arrays[2:])]:
        mean, covariance = function(*(a.astype(np.float32) for a in used))
        assert mean.dtype == covariance.dtype == np.float32
        tensors = function(*map(torch.tensor, used))
        for tensor, array in zip(tensors, function(*used), strict=True):
            assert isinstance(tensor, torch.Tensor)
            np.testing.assert_array_equal(tensor.numpy(), array)


NAMES = ["Theta_train", "Theta_test", "K_train", "K_test", "K_test_test", "y"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Theta_train", np.ones((5, 4)), r"Theta_train must be square"),
        ("Theta_train", np.ones((5, 5)), r"Theta_train has rank 1 .* 5 rows"),
        ("Theta_test", np.ones((5, 3)), r"Theta_test must be test × train.*pass Theta_test\.T"),
        ("K_train", np.ones((4, 4)), r"K_test must be test × train, with 4 columns like K_train"),
        ("K_train", np.triu(np.ones((5, 5))), r"K_train must be symmetric"),
        ("K_test", np.ones((4, 5)), r"K_test must have 3 rows like Theta_test; got shape \(4, 5\)"),
        ("K_test_test", np.ones((5, 5)), r"K_test_test must be test × test, \(3, 3\)"),
        ("K_test_test", np.ones(3), r"K_test_test must have 2 axes"),
        ("y", np.ones(4), r"y must have 5 rows like Theta_train; got 4"),
        ("y", np.full(5, np.inf), r"y must be finite; got inf"),
    ],
)
def test_bad_input_is_named(name, value, message):
    arguments = dict(zip(NAMES, blocks(), strict=True)) | {name: value}
    with pytest.raises(ValueError, match=message):
        posterior(**arguments)


@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (0, np.ones((5, 5)), r"K_train has rank 1 .* 5 rows"),
        (1, np.ones((3, 4)), r"K_test must be test × train"),
        (2, np.ones((2, 2)), r"K_test_test must be test × test"),
        (3, np.ones(4), r"y must have 5 rows"),
        (4, -1, r"ridge must be a finite number at least 0"),
    ],
)
def test_bad_input_to_bayes_is_named(position, value, message):
    arguments = [*blocks()[2:], 0.0]
    arguments[position] = value
    with pytest.raises(ValueError, match=message):
        bayesian_posterior(*arguments)


def test_a_negative_ridge_is_refused():
    with pytest.raises(ValueError, match="ridge must be a finite number at least 0"):
        posterior(*blocks(), ridge=-1e-9)
