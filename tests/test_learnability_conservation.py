"""No free lunch: sums over any basis, ranks, ridges; mode_learnabilities and measured_learnability; bad input."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.kernels import MLP, ntk
from ntklab.learnability import (
    learnability_constant,
    measured_learnability,
    mode_learnabilities,
    no_free_lunch_sum,
)
from ntklab.spectra import circle, profile_of


def ring(M: int = 10, mlp: MLP | None = None) -> np.ndarray:
    """The kernel of M points on the unit circle: Fig. 2's domain."""
    angles = 2 * np.pi * np.arange(M) / M
    return ntk(np.column_stack([np.cos(angles), np.sin(angles)]), mlp=mlp or MLP(4, "relu", C_b=0.01, readout=(1, 0)))


def fourier(M: int = 10) -> np.ndarray:
    """All M Fourier modes, one a column, of mean square 1."""
    x = 2 * np.pi * np.arange(M) / M
    modes = [np.ones(M)]
    for k in range(1, (M + 1) // 2):
        modes += [np.sqrt(2) * np.cos(k * x), np.sqrt(2) * np.sin(k * x)]
    return np.column_stack([*modes, np.cos(M // 2 * x)] if M % 2 == 0 else modes)


def test_worked_by_hand():
    K = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]
    assert no_free_lunch_sum(K, [0, 2], ridge=2.0) == 1.0  # two lone eigenvalues 2: 2/4 each
    assert no_free_lunch_sum(K, [0, 1], ridge=1.0) == 1.25  # eigenvalues 3 and 1
    # From point 0: K(., 0)/2 · φ(0) = (1, ½, 0) φ(0), and with ridge 2 half of it
    modes = np.array([[1.0, 1.0], [1.0, -2.0], [1.0, 1.0]])
    np.testing.assert_allclose(mode_learnabilities(K, [0], modes), [0.5, 0.0], atol=1e-15)
    np.testing.assert_allclose(mode_learnabilities(K, [0], modes, ridge=2.0), [0.25, 0.0], atol=1e-15)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("hidden_layers", [1, 4])
@pytest.mark.parametrize("n", [3, 6])
def test_the_kernels_of_figure_2_sum_to_n(activation, hidden_layers, n):
    C_W = 2.0 if activation == "relu" else 2.25
    K = ring(mlp=MLP(hidden_layers, activation, C_W=C_W, C_b=0.01, readout=(1, 0)))
    train = np.random.default_rng(n).choice(10, n, replace=False)
    bars = mode_learnabilities(K, train, fourier())
    # K_DD has condition below 1e5 here, so that a solve keeps 11 digits.
    np.testing.assert_allclose(bars.sum(), n, atol=1e-10)
    assert no_free_lunch_sum(K, train) == n
    assert bars.std() > 0.05  # a budget shared out unevenly


@settings(max_examples=40, deadline=None)
@given(M=st.integers(2, 9), data=st.data(), ridge=st.sampled_from([0.01, 0.5, 20.0]), seed=st.integers(0, 2**32 - 1))
def test_the_sum_is_the_same_in_every_basis_with_a_ridge_too(M, data, ridge, seed):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(M, M + 1))
    K = features @ features.T
    train = rng.choice(M, data.draw(st.integers(1, 2 * M)), replace=True)  # repeats are allowed with a ridge
    basis, _ = np.linalg.qr(rng.normal(size=(M, M)))
    K_D = K[:, train]
    predict = K_D @ np.linalg.inv(K_D[train] + ridge * np.eye(len(train)))
    direct = sum(basis[:, i] @ predict @ basis[train, i] for i in range(M))
    total = no_free_lunch_sum(K, train, ridge)
    np.testing.assert_allclose(total, direct, rtol=1e-9)
    np.testing.assert_allclose(mode_learnabilities(K, train, basis, ridge).sum(), direct, rtol=1e-9)
    assert total < min(len(train), M)
    assert no_free_lunch_sum(K, train) == len(set(train.tolist()))  # rank of K_DD: its distinct points


def test_the_average_over_training_sets_is_n_less_ridge_over_C():
    # The theory's own sum, n − δ/C, for sets drawn with replacement from 40 points: a mean over 2,000 of them.
    M, n, ridge = 40, 12, 0.5
    net = profile_of(lambda X, Z: ntk(X, Z, mlp=MLP(1, "relu", C_b=0.1)), 2, radius=1.0)
    spectrum = circle(lambda angle: net(np.cos(angle)), M)
    K = ring(M, MLP(1, "relu", C_b=0.1))
    rng = np.random.default_rng(0)
    sums = np.array([no_free_lunch_sum(K, rng.integers(0, M, n), ridge) for _ in range(2000)])
    expected = n - ridge / learnability_constant(spectrum, n, ridge)
    five_sigma = 5 * sums.std() / np.sqrt(len(sums))
    assert abs(sums.mean() - expected) < five_sigma + 0.01 * n  # the theory is a large-n one: 1 % here
    assert expected < n - 4  # far from n: the ridge form is what is tested


def test_measured_learnability_is_no_correlation():
    f = np.array([1.0, -1.0, 2.0])
    assert measured_learnability(f, 2 * f) == 2.0
    assert measured_learnability(3 * f, f) == pytest.approx(1 / 3, rel=1e-15)
    assert measured_learnability(f, -f) == -1.0
    columns = measured_learnability(np.column_stack([f, f]), np.column_stack([f, [2.0, 2.0, 0.0]]))
    np.testing.assert_array_equal(columns, [1.0, 0.0])


def test_kinds():
    K, modes = ring(), fourier()
    assert isinstance(no_free_lunch_sum(torch.tensor(K), torch.tensor([1, 4]), 0.1), float)
    assert no_free_lunch_sum(K.astype(np.float32), [1, 4, 7]) == 3
    tensor = mode_learnabilities(torch.tensor(K), [1, 4], torch.tensor(modes))
    assert isinstance(tensor, torch.Tensor)
    np.testing.assert_allclose(tensor.numpy(), mode_learnabilities(K, [1, 4], modes), rtol=1e-12, atol=1e-14)
    assert isinstance(measured_learnability(torch.ones(3), torch.ones(3)), float)
    assert isinstance(measured_learnability(torch.ones(3, 2), torch.ones(3, 2)), torch.Tensor)


K = np.eye(4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: no_free_lunch_sum(K[:3], [0]), ValueError, "K must be square"),
        (lambda: no_free_lunch_sum(np.triu(np.ones((4, 4))), [0]), ValueError, "K must be symmetric"),
        (lambda: no_free_lunch_sum(K * np.nan, [0]), ValueError, "K must be finite"),
        (lambda: no_free_lunch_sum(-K, [0, 1]), ValueError, "K must be positive semi-definite"),
        (lambda: no_free_lunch_sum(K, []), ValueError, "train must be a non-empty list of indices"),
        (lambda: no_free_lunch_sum(K, [[0]]), ValueError, "train must be a non-empty list of indices"),
        (lambda: no_free_lunch_sum(K, [0, 4]), ValueError, "train must hold indices from 0 to 3; got 0 to 4"),
        (lambda: no_free_lunch_sum(K, [-1]), ValueError, "train must hold indices from 0 to 3; got -1 to -1"),
        (lambda: no_free_lunch_sum(K, [0.5]), TypeError, "train must hold whole numbers"),
        (lambda: no_free_lunch_sum(K, [True, False, True, True]), TypeError, r"For a mask use np.flatnonzero\(mask\)"),
        (lambda: no_free_lunch_sum(K, [0], -1.0), ValueError, "ridge must be a finite number at least 0"),
        (lambda: mode_learnabilities(K, [0], np.ones(4)), ValueError, "modes must have 2 axes"),
        (lambda: mode_learnabilities(K, [0], np.ones((3, 1))), ValueError, "modes must have 4 rows like K"),
        (lambda: mode_learnabilities(K, [0], np.zeros((4, 1))), ValueError, "modes must not be 0 everywhere"),
        (lambda: mode_learnabilities(K, [0, 0], K), ValueError, "has rank 1 .* but 2 rows.*ridge"),
        (
            lambda: measured_learnability([1.0, 2.0], [1.0]),
            ValueError,
            r"f_hat must have shape \(2,\) like f; got \(1,\)",
        ),
        (lambda: measured_learnability([0.0, 0.0], [1.0, 1.0]), ValueError, "f must not be 0 everywhere"),
        (lambda: measured_learnability(1.0, 1.0), ValueError, r"f must have shape \(n,\) or \(n, c\)"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
