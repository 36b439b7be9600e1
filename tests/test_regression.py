"""kernel_regression against values worked by hand, linear algebra done another way, scikit-learn and its laws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.kernel_ridge import KernelRidge

from ntklab.regression import kernel_regression


def problem(n: int = 7, m: int = 3, c: int = 2, seed: int = 0):
    """A well-conditioned joint kernel of train and test points, targets and initial outputs."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n + m, n + m + 3))
    K = features @ features.T / features.shape[1]
    return K[:n, :n], K[n:, :n], rng.normal(size=(n, c)), rng.normal(size=(n, c)), rng.normal(size=(m, c))


@pytest.mark.parametrize(
    ("ridge", "expected", "why"),
    [
        (0.0, [1.0, -3.0], "α = [[2, -1], [-1, 2]]/3 · (1, -1) = (1, -1)"),
        (1.0, [0.5, -1.5], "α = [[3, -1], [-1, 3]]/8 · (1, -1) = (1/2, -1/2)"),
    ],
)
def test_values_worked_by_hand(ridge, expected, why):
    answer = kernel_regression([[2, 1], [1, 2]], [[1, 0], [0, 3]], [1, -1], ridge=ridge)
    np.testing.assert_allclose(answer, expected, rtol=1e-14, err_msg=why)


def test_initial_outputs_worked_by_hand():
    # residual (1, -1) - (0.5, 1) = (0.5, -2); α = (2·0.5 + 2, -0.5 - 4)/3 = (1, -1.5); f = f0 + (1, 3·(-1.5))
    answer = kernel_regression([[2, 1], [1, 2]], [[1, 0], [0, 3]], [1, -1], 0.0, [0.5, 1], [10, 20])
    np.testing.assert_allclose(answer, [11.0, 15.5], rtol=1e-14)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_agrees_with_numpy_and_scikit_learn(ridge):
    K, k, y, f0_train, f0_test = problem()
    direct = k @ np.linalg.solve(K + ridge * np.eye(len(K)), y)
    np.testing.assert_allclose(kernel_regression(K, k, y, ridge), direct, rtol=1e-10, atol=1e-12)
    ours = kernel_regression(K, k, y, ridge, f0_train, f0_test)
    theirs = f0_test + KernelRidge(alpha=ridge, kernel="precomputed").fit(K, y - f0_train).predict(k)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 12), c=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_memorises_and_knows_no_wiring(n, c, seed):
    K, _, y, f0, _ = problem(n, 2, c, seed)
    # The condition number stays below 1e6 here, so that rounding (2e-16) costs at most ~1e-9 of |α|.
    np.testing.assert_allclose(kernel_regression(K, K, y, f0_train=f0, f0_test=f0), y, atol=1e-8)
    columns = [kernel_regression(K, K[:1], y[:, i], 0.1) for i in range(c)]
    np.testing.assert_allclose(kernel_regression(K, K[:1], y, 0.1), np.stack(columns, axis=1), rtol=1e-12, atol=1e-14)


def test_the_scale_of_the_kernel_drops_out_with_its_ridge():
    K, k, y, _, _ = problem()
    np.testing.assert_allclose(kernel_regression(3 * K, 3 * k, y, 0.6), kernel_regression(K, k, y, 0.2), rtol=1e-12)


def test_more_than_one_block(monkeypatch):
    K, k, y, _, _ = problem(n=23)
    monkeypatch.setattr("ntklab.regression.solve._BLOCK", 5)
    np.testing.assert_allclose(kernel_regression(K, k, y), k @ np.linalg.solve(K, y), rtol=1e-9, atol=1e-11)


def test_kind_dtype_and_input_are_kept():
    K, k, y, _, _ = problem()
    K_before = K.copy()
    assert kernel_regression(K, k, y).dtype == np.float64
    np.testing.assert_array_equal(K, K_before)
    single = kernel_regression(*(a.astype(np.float32) for a in (K, k, y)))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, kernel_regression(K, k, y), rtol=1e-3, atol=1e-4)
    tensor = kernel_regression(*map(torch.tensor, (K, k, y)))
    assert isinstance(tensor, torch.Tensor)
    assert tensor.dtype == torch.float64
    np.testing.assert_array_equal(tensor.numpy(), kernel_regression(K, k, y))
    assert kernel_regression(K, k, y[:, 0]).shape == (3,)
    assert kernel_regression(K, k, y[:, :1]).shape == (3, 1)


def test_rank_deficient_at_ridge_zero_names_the_rank():
    x = np.random.default_rng(0).normal(size=(8, 3))
    with pytest.raises(ValueError, match=r"K_train has rank 3 .* 8 rows.*ridge"):
        kernel_regression(x @ x.T, x @ x.T, np.ones(8))
    assert np.isfinite(kernel_regression(x @ x.T, x @ x.T, np.ones(8), ridge=1e-6)).all()


@pytest.mark.parametrize("block", [2, 256])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_repeated_input_is_caught_whatever_the_rounding(dtype, block, monkeypatch):
    # Rounding leaves the last pivot of such a matrix at ±1e-16: Cholesky alone passes half of them.
    monkeypatch.setattr("ntklab.regression.solve._BLOCK", block)
    for seed in range(30):
        x = np.random.default_rng(seed).normal(size=(6, 20)).astype(dtype)
        x = np.vstack([x, x[2]])
        with pytest.raises(ValueError, match="rank 6"):
            kernel_regression(x @ x.T, x @ x.T, np.ones(7, dtype))


def test_a_small_eigenvalue_that_no_pivot_shows_is_found():
    # Kahan's matrix: the pivots of its Gram matrix end at 1e-3, its smallest eigenvalue is 1e-17 of the largest.
    angle, n = 1.2, 50
    R = np.diag(np.sin(angle) ** np.arange(n)) @ (np.eye(n) - np.cos(angle) * np.triu(np.ones((n, n)), 1))
    K = R.T @ R
    assert np.diag(np.linalg.cholesky(K)).min() ** 2 > 9e-4
    with pytest.raises(ValueError, match=r"K_train has rank 49 .* 50 rows"):
        kernel_regression(K, K, np.ones(n))


def test_a_tiny_ridge_on_a_singular_kernel_is_refused_too():
    with pytest.raises(
        ValueError, match=r"K_train \+ 1e-18·I has rank 1 .* raise the ridge on its diagonal \(ridge=1e-07, say\)"
    ):
        kernel_regression(np.ones((3, 3)), np.ones((3, 3)), np.ones(3), ridge=1e-18)


def test_an_ill_conditioned_kernel_is_still_solved():
    K = np.diag([1.0, 1e-12])  # condition 1e12 is no rank deficiency
    np.testing.assert_allclose(kernel_regression(K, K, [1.0, 2.0]), [1.0, 2.0], rtol=1e-12)


K, k, y, f0_train, f0_test = problem()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((K[:5], k, y), r"K_train must be square"),
        ((K + np.triu(np.ones_like(K)), k, y), r"K_train must be symmetric"),
        ((-K, k, y), r"K_train must be positive definite"),
        ((K[0], k, y), r"K_train must have 2 axes"),
        ((K, k.T, y), r"K_test must be test × train, with 7 columns.*pass K_test\.T"),
        ((K, k[:, :4], y), r"K_test must be test × train, with 7 columns.*got shape \(3, 4\)"),
        ((K, k, y[:5]), r"y must have 7 rows like K_train; got 5"),
        ((K, k, y[None]), r"y must have shape \(n,\) or \(n, c\)"),
        ((K, k, y * np.nan), r"y must be finite; got nan at index \(0, 0\)"),
        ((np.full((7, 7), np.inf), k, y), r"K_train must be finite"),
        ((K, k, y, -0.1), r"ridge must be a finite number at least 0; got -0\.1"),
        ((K, k, y, np.nan), r"ridge must be a finite number"),
        ((K, k, y, 0.0, f0_train), r"f0_train came without f0_test"),
        ((K, k, y, 0.0, None, f0_test), r"f0_test came without f0_train"),
        ((K, k, y, 0.0, f0_train[:, 0], f0_test), r"f0_train must have shape \(7, 2\) like y; got \(7,\)"),
        ((K, k, y, 0.0, f0_train, f0_test[:2]), r"f0_test must have shape \(3, 2\) like the answer; got \(2, 2\)"),
        ((np.zeros((0, 0)), k, y), r"at least one row"),
        ((np.zeros((2, 2)), np.ones((1, 2)), np.ones(2)), r"rank 0 .* 2 rows.*ridge=1e\+00"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        kernel_regression(*arguments)


@pytest.mark.parametrize("ridge", ["much", None])
def test_a_ridge_that_is_no_number(ridge):
    with pytest.raises(TypeError, match="ridge must be a number"):
        kernel_regression(K, k, y, ridge)
