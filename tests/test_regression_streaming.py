"""fit_streaming against the dense solution, its preconditioner's laws, and what it says when it cannot finish."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import rbf_kernel

from ntklab.kernels import MLP, ntk
from ntklab.regression import fit_streaming, kernel_regression, streaming


def laplace(A, B):
    """exp(−|a − b|): as slow a spectrum as a ReLU network's, and cheap."""
    return torch.exp(-torch.cdist(torch.as_tensor(A), torch.as_tensor(B), compute_mode="donot_use_mm_for_euclid_dist"))


def dense_solution(kernel, X, Z, y, ridge):
    return kernel_regression(np.asarray(kernel(X, X)), np.asarray(kernel(Z, X)), y, ridge)


def data(n: int = 200, m: int = 20, d: int = 4, c: int = 2, seed: int = 0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=(n, c)), rng.normal(size=(m, d))


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(streaming, "_BLOCK", 64)  # several blocks on both sides of the diagonal
    monkeypatch.setattr(streaming, "_PIVOTS", 8)


def test_values_worked_by_hand():
    # K + I = [[2, 2], [2, 5]] with y = (1, 2): α = (5 - 4, -2 + 4)/6 = (1/6, 1/3).
    model = fit_streaming(lambda A, B: A @ B.T, [[1.0], [2.0]], [1.0, 2.0], ridge=1.0)
    np.testing.assert_allclose(model.coefficients, [1 / 6, 1 / 3], rtol=1e-9)
    np.testing.assert_allclose(model.predict([[6.0]]), [5.0], rtol=1e-9)
    assert model.iterations <= 2


@pytest.mark.parametrize("ridge", [1e-6, 1e-2])
@pytest.mark.parametrize("rank", [1, 40])
@pytest.mark.usefixtures("small_blocks")
def test_agrees_with_the_dense_solution(ridge, rank):
    X, y, Z = data()
    model = fit_streaming(laplace, X, y, ridge, rank=rank)
    assert model.converged
    assert model.residual <= 1e-6
    np.testing.assert_allclose(model.predict(Z), dense_solution(laplace, X, Z, y, ridge), atol=1e-6)  # rms(y) is 1
    left = y - (np.asarray(laplace(X, X)) + ridge * np.eye(200)) @ model.coefficients
    assert np.linalg.norm(left, axis=0).max() < 1.1e-6


def test_a_network_by_way_of_the_library():
    X, y, Z = data()
    network = partial(ntk, mlp=MLP(hidden_layers=2, C_b=0.1))
    model = fit_streaming(network, X, y, 1e-3, rank=100)
    np.testing.assert_allclose(model.predict(Z), dense_solution(network, X, Z, y, 1e-3), atol=1e-6)


@pytest.mark.usefixtures("small_blocks")
def test_the_preconditioner_saves_iterations():
    X, y, _ = data()
    iterations = [fit_streaming(laplace, X, y, 1e-3, rank=rank).iterations for rank in (1, 20, 100, 200)]
    assert iterations[0] > iterations[1] > iterations[2]
    assert iterations[3] <= 3  # a full factor is the inverse


@pytest.mark.usefixtures("small_blocks")
def test_the_partial_factor_stays_below_the_kernel():
    X = torch.tensor(data()[0])
    K = laplace(X, X)
    F, left = streaming._partial_cholesky(laplace, X, 50, np.random.default_rng(0))
    assert F.shape == (200, 50)
    assert torch.linalg.eigvalsh(K - F @ F.mT).min() > -1e-9  # K - F Fᵀ is a Schur complement
    torch.testing.assert_close(left, (K - F @ F.mT).diagonal(), rtol=1e-8, atol=1e-10)
    best = torch.linalg.eigvalsh(K)[:-50].sum()  # no factor of rank 50 leaves less
    assert best <= left.sum() < 3 * best


@pytest.mark.usefixtures("small_blocks")
def test_low_rank_and_repeated_inputs():
    X, y, Z = data(d=3)
    X[100:] = X[:100]  # rank 3, every row twice

    def linear(A, B):
        return A @ B.T

    F, left = streaming._partial_cholesky(linear, torch.tensor(X), 40, np.random.default_rng(0))
    assert F.shape[1] < 40  # it stops where nothing is left
    assert left.max() < 1e-9
    dense = kernel_regression(X @ X.T, Z @ X.T, y, 0.1)
    np.testing.assert_allclose(fit_streaming(linear, X, y, 0.1).predict(Z), dense, atol=1e-7)


@pytest.mark.usefixtures("small_blocks")
def test_a_solved_output_does_not_disturb_the_others():
    X, y, Z = data()
    y[:, 0] = 0
    model = fit_streaming(laplace, X, y, 1e-2)
    np.testing.assert_array_equal(model.predict(Z)[:, 0], 0)
    np.testing.assert_allclose(model.predict(Z)[:, 1], dense_solution(laplace, X, Z, y[:, 1], 1e-2), atol=1e-6)
    assert fit_streaming(laplace, X, np.zeros(200), 1e-2).iterations == 0


@pytest.mark.usefixtures("small_blocks")
def test_kinds_and_other_peoples_kernels():
    X, y, Z = data(c=1)
    arrays = fit_streaming(rbf_kernel, X, y[:, 0], 0.1)  # scikit-learn's: NumPy in, NumPy out
    assert isinstance(arrays.predict(Z), np.ndarray)
    assert arrays.predict(Z).shape == (20,)
    np.testing.assert_allclose(arrays.predict(Z), dense_solution(rbf_kernel, X, Z, y[:, 0], 0.1), atol=1e-6)
    tensors = fit_streaming(laplace, torch.tensor(X), torch.tensor(y), 0.1)
    assert isinstance(tensors.predict(torch.tensor(Z)), torch.Tensor)
    single = fit_streaming(laplace, X.astype(np.float32), y.astype(np.float32), 0.1, tolerance=1e-3)
    assert single.coefficients.dtype == np.float32
    same = [fit_streaming(laplace, X, y, 0.1, rank=20, rng=seed).coefficients for seed in (3, 3, 4)]
    np.testing.assert_array_equal(same[0], same[1])
    assert np.abs(same[0] - same[2]).max() > 0  # other pivots, another way
    np.testing.assert_allclose(same[0], same[2], atol=1e-4)  # to the same end


def test_it_says_when_it_has_not_converged():
    X, y, _ = data()
    with pytest.warns(
        UserWarning, match=r"not converged after 2 iterations: residual .* Raise ridge, rank or max_iter"
    ):
        model = fit_streaming(laplace, X, y, 1e-6, rank=5, max_iterations=2)
    assert not model.converged
    assert model.residual > 1e-6


X, Y, Z = data()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"X": X[0]}, ValueError, r"X must have 2 axes"),
        ({"X": X * np.nan}, ValueError, r"X must be finite"),
        ({"y": Y[:5]}, ValueError, r"y must have 200 rows like X; got 5"),
        ({"ridge": 0}, ValueError, r"ridge must be a finite number greater than 0"),
        ({"rank": 0}, ValueError, r"rank must be at least 1"),
        ({"tolerance": 0}, ValueError, r"tolerance must be a finite number greater than 0"),
        ({"max_iterations": 0.5}, TypeError, r"max_iterations must be a whole number"),
        ({"rng": None}, TypeError, r"rng must be a numpy\.random\.Generator"),
        ({"kernel": lambda A, B: A @ A.T}, ValueError, r"kernel\(A, B\) must have shape \(200, 64\), rows × rows"),
    ],
)
def test_bad_input_is_named(options, error, message):
    with pytest.raises(error, match=message):
        fit_streaming(**{"kernel": laplace, "X": X, "y": Y, "ridge": 0.1, **options})


def test_bad_test_inputs_are_named():
    model = fit_streaming(laplace, X[:20], Y[:20], 0.1)
    with pytest.raises(ValueError, match=r"Z must have 4 columns like X"):
        model.predict(Z[:, :2])
