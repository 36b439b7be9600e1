"""learning_curve: coverage and mean against held-out splits of the digits, its laws, kinds, bad input."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.kernel_ridge import KernelRidge

from ntklab.kernels import gaussian_kernel, two_layer_ntk
from ntklab.learnability import learning_curve


def digits(samples: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Some of the digits, as unit vectors, with their class."""
    X, classes = load_digits(return_X_y=True)
    chosen = np.random.default_rng(seed).permutation(len(X))[:samples]
    return X[chosen] / np.linalg.norm(X[chosen], axis=1, keepdims=True), classes[chosen]


def held_out(K, y, n, ridge, splits, rng, n_test=None):
    """Test errors of fresh splits, by scikit-learn."""
    errors = np.empty(splits)
    for split in range(splits):
        order = rng.permutation(len(K))
        train, test = order[:n], order[n:] if n_test is None else order[n : n + n_test]
        fit = KernelRidge(alpha=ridge, kernel="precomputed").fit(K[np.ix_(train, train)], y[train])
        errors[split] = ((fit.predict(K[np.ix_(test, train)]) - y[test]) ** 2).reshape(len(test), -1).sum(axis=1).mean()
    return errors


def parity(classes):
    return np.where(classes % 2 == 1, 1.0, -1.0)


CASES = {
    "NTK, odd or even, ridge 0": (two_layer_ntk, parity, 0.0),
    "Gaussian kernel, ten classes, ridge": (
        lambda X: gaussian_kernel(X, length_scale=0.6),
        lambda c: np.eye(10)[c],
        1e-2,
    ),
    "NTK, noisy labels, ridge": (
        two_layer_ntk,
        lambda c: parity(c) * np.where(np.random.default_rng(3).random(len(c)) < 0.1, -1, 1),
        0.1,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_two_thirds_of_held_out_splits_fall_inside_the_band(case):
    # 300 digits, 200 fresh splits a size; test_coverage_on_all_digits is the whole measurement.
    kernel, labels, ridge = CASES[case]
    X, classes = digits(300)
    K, y, ns = kernel(X), labels(classes), [15, 60, 180]
    mean, band = learning_curve(K, y, ns, ridge)
    rng = np.random.default_rng(99)
    errors = np.stack([held_out(K, y, n, ridge, 200, rng) for n in ns], axis=1)
    inside = (np.abs(errors - mean) <= band).mean(axis=0)
    # Binomial: ± 3.3 % from the fresh splits and as much from the 200 that set the band; together 4.7 % for one size.
    assert abs(inside.mean() - 0.6827) < 0.08
    assert (np.abs(inside - 0.6827) < 0.13).all()
    # The prediction itself, made without a single fit, lies within half the scatter.
    assert (np.abs(mean - errors.mean(axis=0)) < 0.5 * errors.std(axis=0)).all()
    assert (np.diff(mean) < 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_coverage_on_all_digits(case):
    kernel, labels, ridge = CASES[case]
    X, classes = digits(1797)
    K, y, ns = kernel(X), labels(classes), [25, 50, 100, 200, 400, 800]
    mean, band = learning_curve(K, y, ns, ridge)
    rng = np.random.default_rng(4242)
    errors = np.stack([held_out(K, y, n, ridge, 300, rng) for n in ns], axis=1)
    inside = (np.abs(errors - mean) <= band).mean(axis=0)
    assert (np.abs(inside - 0.6827) < 0.13).all()  # three s.d. of one size
    assert abs(inside.mean() - 0.6827) < 0.08
    np.testing.assert_allclose(mean, errors.mean(axis=0), rtol=0.06)  # measured: 5 % at n = 25, 3 % past 100


def test_the_plain_domain_error_falls_short_on_digits():
    # What the leave-one-out residuals mend: Σ (1 − L)² v² takes all samples for alike, and is 5–15 % low at n = N/2.
    X, classes = digits(500)
    K, y, n = two_layer_ntk(X), parity(classes), 250
    errors = held_out(K, y, n, 0.0, 150, np.random.default_rng(5))
    eigenvalues, U = np.linalg.eigh(K)
    C = 1.0
    for _ in range(200):  # bisection in log C would do; this fixed point does as well
        C *= (eigenvalues / (eigenvalues + C)).sum() / n
    L = eigenvalues / (eigenvalues + C)
    plain = n / (n - (L**2).sum()) * (((1 - L) * (U.T @ y)) ** 2).mean() * len(y) / (len(y) - n)
    ours = learning_curve(K, y, [n], n_splits=3).mean[0]
    standard_error = errors.std() / np.sqrt(150)
    assert plain < errors.mean() - 5 * standard_error
    assert abs(ours - errors.mean()) < abs(plain - errors.mean()) / 2


def test_for_random_eigenvectors_the_mean_is_right():
    # Eigenvectors without structure are the theory's own case: then only terms of order 1/n are left.
    rng = np.random.default_rng(2)
    N, n, ridge = 300, 90, 0.002
    U, _ = np.linalg.qr(rng.normal(size=(N, N)))
    eigenvalues = N / np.arange(1, N + 1) ** 1.5
    K = (U * eigenvalues) @ U.T
    y = np.sqrt(N) * U[:, :6] @ [1, 0.5, 0.5, 0.3, 0.3, 0.3] + 0.2 * rng.normal(size=N)
    errors = held_out(K, y, n, ridge, 400, rng)
    predicted = learning_curve(K, y, [n], ridge, n_splits=3).mean[0]
    assert abs(predicted - errors.mean()) < 5 * errors.std() / np.sqrt(400) + 2 / n * predicted


def test_worked_by_hand():
    # K = I: another sample says nothing, the prediction is 0 and the error y², here 1 or, for the one odd sample, 4.
    mean, band = learning_curve(np.eye(4), [1, 1, 1, 2], [1], n_test=1)
    np.testing.assert_allclose(mean, [7 / 4], rtol=1e-14)
    np.testing.assert_allclose(band, [3 / 4], rtol=1e-14)  # three of four splits are 3/4 away, one 9/4
    # A ridge beside it shrinks nothing that was 0.
    np.testing.assert_allclose(learning_curve(np.eye(4), [1, 1, 1, 2], [1, 2], 5.0).mean, [7 / 4, 7 / 4], rtol=1e-14)


@pytest.mark.parametrize("n_test", [None, 2])
def test_the_band_is_the_third_of_three_distances(n_test):
    # n_splits = 3: the ⌈.6827 · 4⌉ = 3rd smallest. Splits are the seed's permutations, train first and test last.
    features = np.random.default_rng(0).normal(size=(7, 9))
    K, y, ridge = features @ features.T, np.arange(7.0), 0.3
    mean, band = learning_curve(K, y, [2, 4], ridge, n_test=n_test, n_splits=3, seed=8)
    rng, distances = np.random.default_rng(8), np.empty((3, 2))
    for split in range(3):
        order = rng.permutation(7)
        for column, n in enumerate([2, 4]):
            train, test = order[:n], order[n:] if n_test is None else order[-n_test:]
            alpha = np.linalg.solve(K[np.ix_(train, train)] + ridge * np.eye(n), y[train])
            distances[split, column] = abs(((K[np.ix_(test, train)] @ alpha - y[test]) ** 2).mean() - mean[column])
    np.testing.assert_allclose(band, distances.max(axis=0), rtol=1e-10)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), ridge=st.floats(1e-3, 1.0), scale=st.floats(0.1, 10))
def test_laws(seed, ridge, scale):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(12, 30))
    K, y, ns = features @ features.T / 30, rng.normal(size=(12, 2)), [2, 5, 9]
    mean, band = learning_curve(K, y, ns, ridge, n_splits=7)

    def same(curve, factor=1.0):
        np.testing.assert_allclose(curve.mean, factor * mean, rtol=1e-9)
        np.testing.assert_allclose(curve.band, factor * band, rtol=1e-9, atol=1e-12 * factor)

    same(learning_curve(K + ridge * np.eye(12), y, ns, 0.0, n_splits=7))  # for others' points the ridge is kernel
    same(learning_curve(scale * K, y, ns, scale * ridge, n_splits=7))
    same(learning_curve(K, scale * y, ns, ridge, n_splits=7), scale**2)
    same(learning_curve(K, y[:, ::-1], ns, ridge, n_splits=7))  # errors add over outputs
    parts = [learning_curve(K, y[:, i], ns, ridge, n_splits=7).mean for i in (0, 1)]
    np.testing.assert_allclose(mean, sum(parts), rtol=1e-12)
    order = rng.permutation(12)
    np.testing.assert_allclose(
        learning_curve(K[order][:, order], y[order], ns, ridge, n_splits=3).mean, mean, rtol=1e-9
    )
    reverse = learning_curve(K, y, ns[::-1], ridge, n_splits=7)
    np.testing.assert_allclose(reverse.mean[::-1], mean, rtol=1e-12)


def test_the_splits_are_those_of_the_seed():
    X, classes = digits(60)
    K, y = two_layer_ntk(X), parity(classes)
    first, again, other = (learning_curve(K, y, [10, 30], n_splits=20, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.band, again.band)
    assert (first.band != other.band).all()
    np.testing.assert_array_equal(first.mean, other.mean)
    few = learning_curve(K, y, [10, 30], n_splits=20, n_test=5)
    np.testing.assert_array_equal(few.mean, first.mean)
    assert (few.band > 1.2 * first.band).all()  # five test samples scatter more than thirty


def test_kind_and_dtype():
    X, classes = digits(40)
    K, y = two_layer_ntk(X), parity(classes)
    plain = learning_curve(K, y, [5, 20], 0.01, n_splits=9)
    tensor = learning_curve(torch.tensor(K), torch.tensor(y), torch.tensor([5, 20]), 0.01, n_splits=9)
    assert isinstance(tensor.mean, torch.Tensor)
    np.testing.assert_allclose(tensor.band.numpy(), plain.band, rtol=1e-10)
    single = learning_curve(K.astype(np.float32), y.astype(np.float32), np.array([5, 20]), 0.01, n_splits=9)
    assert single.mean.dtype == np.float32
    np.testing.assert_allclose(single.mean, plain.mean, rtol=1e-3)
    whole = learning_curve(K, parity(classes).astype(int), [5, 20], 0.01, n_splits=9)
    np.testing.assert_array_equal(whole.mean, plain.mean)


SINGULAR = np.ones((5, 5)) + np.diag([1.0, 1, 1, 0, 0])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: learning_curve(np.ones((2, 3)), [1, 1], [1]), ValueError, "K must be square"),
        (lambda: learning_curve(np.eye(3), [1, 1], [1]), ValueError, "y must have 3 rows like K; got 2"),
        (lambda: learning_curve(np.eye(3), [1, 1, np.nan], [1]), ValueError, "y must be finite"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [0]), ValueError, "ns must be at least 1; got 0"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [1.5]), TypeError, "ns must be a whole number; got 1.5"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], []), ValueError, "ns must be a non-empty list of training-set"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [3]), ValueError, "ns must be at most 2, so that test samples"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [2], n_test=2), ValueError, "ns must be at most 1"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [1], n_test=0), ValueError, "n_test must be at least 1"),
        (lambda: learning_curve(np.eye(3), [1, 1, 1], [1], n_splits=2), ValueError, "n_splits must be at least 3"),
        (
            lambda: learning_curve(np.eye(3), [1, 1, 1], [1], -1.0),
            ValueError,
            "ridge must be a finite number at least 0",
        ),
        (lambda: learning_curve(SINGULAR, np.ones(5), [4]), ValueError, "K has rank 4 .*at ridge 0.*pass a ridge"),
        (lambda: learning_curve(SINGULAR, np.ones(5), [3]), ValueError, "has rank 2 .* but 3 rows.*ridge"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
