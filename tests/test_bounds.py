"""Rademacher complexity, complexity measure, growth: enumeration, hand values, measured digits, laws, and the errata.

In the errata's tests the printed formula fails and ours holds; see course/errata.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from ntklab.bounds import (
    complexity_measure,
    corrupted_complexity,
    growth_exponent,
    rademacher_bound,
    rademacher_complexity,
    solution_norm,
)
from ntklab.dynamics import gd_limit
from ntklab.kernels import two_layer_ntk


def features(n: int = 8, p: int = 12, seed: int = 0):
    return np.random.default_rng(seed).normal(size=(n, p))


def all_signs(n: int) -> np.ndarray:
    return np.array(list(itertools.product([-1.0, 1.0], repeat=n)))


def supremum(signs: np.ndarray, Phi: np.ndarray, radius: float) -> np.ndarray:
    """sup over the ball of (1/n) Σ σ_i ⟨φ_i, v⟩: attained at v along Φᵀσ."""
    return radius * np.linalg.norm(signs @ Phi, axis=1) / len(Phi)


def digits(n: int, seed: int = 0):
    """Unit-norm digits, odd against even, and their two-layer NTK."""
    X, digit = load_digits(return_X_y=True)
    chosen = np.random.default_rng(seed).permutation(len(X))[:n]
    X = X[chosen] / np.linalg.norm(X[chosen], axis=1, keepdims=True)
    return two_layer_ntk(X), np.where(digit[chosen] % 2 == 1, 1.0, -1.0)


# Rademacher complexity


def test_rademacher_worked_by_hand():
    # φ = (1, 0), (1, 0): |σ₁ + σ₂| is 2 or 0, equally likely; W/n·1 = 3/2·1 on average, and sd W/n·1.
    mean, error = rademacher_complexity(np.ones((2, 2)), 3.0, 10_000, 0)
    assert abs(mean - 1.5) < 5 * 1.5 / 100
    assert error == pytest.approx(1.5 / 100, rel=0.01)
    assert rademacher_bound([[9, 0], [0, 16]], 2.0) == 5.0  # 2·√25/2
    assert rademacher_bound([[9.0]], 2.0) == 6.0


def test_rademacher_agrees_with_enumeration_of_all_signs():
    Phi = features()
    exact = supremum(all_signs(8), Phi, 1.7)
    mean, error = rademacher_complexity(Phi @ Phi.T, 1.7, 3000, 1)  # three blocks of draws
    assert abs(mean - exact.mean()) < 5 * exact.std() / np.sqrt(3000)
    assert error == pytest.approx(exact.std() / np.sqrt(3000), rel=0.1)
    assert mean < rademacher_bound(Phi @ Phi.T, 1.7)


def test_the_supremum_is_one():
    # No vector of the ball beats the closed form, and one reaches it.
    Phi, rng = features(), np.random.default_rng(3)
    signs = rng.choice([-1.0, 1.0], size=8)
    v = rng.normal(size=(5000, 12))
    v *= 1.7 / np.linalg.norm(v, axis=1, keepdims=True)
    best = Phi.T @ signs
    closed = supremum(signs[None], Phi, 1.7)[0]
    assert (v @ best / 8).max() <= closed
    np.testing.assert_allclose(best @ (1.7 * best / np.linalg.norm(best)) / 8, closed, rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 8), p=st.integers(1, 6), seed=st.integers(0, 2**31), radius=st.floats(0.1, 10))
def test_the_bound_holds_and_is_the_smaller_form(n, p, seed, radius):
    Phi = features(n, p, seed)
    bound = rademacher_bound(Phi @ Phi.T, radius)
    assert supremum(all_signs(n), Phi, radius).mean() <= bound * (1 + 1e-12)
    assert bound <= radius * np.linalg.norm(Phi, axis=1).max() / np.sqrt(n) * (1 + 1e-12)
    twice = rademacher_complexity(Phi @ Phi.T, 2 * radius, 20, seed)[0]
    assert twice == pytest.approx(2 * rademacher_complexity(Phi @ Phi.T, radius, 20, seed)[0], rel=1e-12, abs=1e-12)


def test_draws_are_reproducible():
    K = features() @ features().T
    same = rademacher_complexity(K, 1.0, 50, 7)
    assert same == rademacher_complexity(K, 1.0, 50, np.random.default_rng(7))
    assert same == rademacher_complexity(torch.tensor(K), 1.0, 50, 7)
    assert same != rademacher_complexity(K, 1.0, 50, 8)
    assert rademacher_complexity(np.zeros((3, 3)), 1.0, 5, 0) == (0.0, 0.0)


def test_erratum_the_printed_complexity_lacks_its_factor_one_over_n():
    # The slides define E sup Σ σ_i h(x_i), without 1/n, and bound it by W max|φ|/√n: that holds with the 1/n only.
    Phi = features()
    printed_bound = 1.7 * np.linalg.norm(Phi, axis=1).max() / np.sqrt(8)
    as_printed = 8 * supremum(all_signs(8), Phi, 1.7).mean()
    assert as_printed > 5 * printed_bound
    assert rademacher_complexity(Phi @ Phi.T, 1.7, 1000, 0)[0] < printed_bound


# Norm and complexity measure


def test_complexity_worked_by_hand():
    # H⁻¹ = [[2, -1], [-1, 2]]/3: the form of (1, 2) is (2·1 - 2·2 + 2·4)/3 = 2, that of (1, 1) is 2/3.
    H = [[2, 1], [1, 2]]
    assert solution_norm(H, [1, 2]) == pytest.approx(np.sqrt(2), rel=1e-14)
    assert complexity_measure(H, [1, 2]) == pytest.approx(1, rel=1e-14)
    assert complexity_measure(H, [[1, 1], [2, 1]]) == pytest.approx(1 + 1 / 3, rel=1e-14)  # outputs are summed over
    # Coin flips for half: (1/4)·form/n + (3/4)·tr H⁻¹/n with form (2 + 2 + 2)/3 = 2 of (1, -1) and trace 4/3.
    assert corrupted_complexity(H, [1, -1], 0.5) == pytest.approx(0.25 * 1 + 0.75 * 2 / 3, rel=1e-14)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 8), seed=st.integers(0, 2**31), scale=st.floats(0.01, 100))
def test_complexity_laws(n, seed, scale):
    Phi = features(n, n + 4, seed)
    H, y = Phi @ Phi.T, np.random.default_rng(seed).normal(size=n)
    norm = solution_norm(H, y)
    w0, h0 = np.zeros(n + 4), np.random.default_rng(seed + 1).normal(size=n)
    assert norm == pytest.approx(np.linalg.norm(gd_limit(Phi, y, w0, np.zeros(n))), rel=1e-7)
    assert solution_norm(H, y - h0) == pytest.approx(np.linalg.norm(gd_limit(Phi, y, w0, h0)), rel=1e-7)
    assert norm**2 / n == pytest.approx(complexity_measure(H, y), rel=1e-12)
    assert complexity_measure(H, y) == pytest.approx(y @ np.linalg.solve(H, y) / n, rel=1e-6)
    assert complexity_measure(scale * H, y) == pytest.approx(complexity_measure(H, y) / scale, rel=1e-9)


def test_corruption_is_the_mean_of_redrawn_labels():
    rng = np.random.default_rng(0)
    Phi = features(6, 12)
    H, y = Phi @ Phi.T, rng.choice([-1.0, 1.0], size=6)
    for share in (0.3, 1.0):
        redrawn = np.where(rng.random((20_000, 6)) < share, rng.choice([-1.0, 1.0], size=(20_000, 6)), y)
        values = np.einsum("di,di->d", redrawn, np.linalg.solve(H, redrawn.T).T) / 6
        assert abs(values.mean() - corrupted_complexity(H, y, share)) < 5 * values.std() / np.sqrt(20_000)
    assert corrupted_complexity(H, y, 0) == pytest.approx(complexity_measure(H, y), rel=1e-12)


def test_the_measure_tells_true_digits_from_random_labels():
    # Measured on n = 1,000 by independent code, other draws: 1.77 at share 0, then 10.54, 16.81, 20.57, 21.83.
    H, y = digits(1000)
    exact = [corrupted_complexity(H, y, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    np.testing.assert_allclose(exact, [1.77, 10.54, 16.81, 20.57, 21.83], rtol=0.15)
    assert (np.diff(exact) > 0).all()
    # At half the kernel (N(0, 1) weights against the slides' He-normalised κ, erratum 1) it is twice as large.
    assert complexity_measure(H / 2, y) == pytest.approx(2 * exact[0], rel=1e-9)


# Growth


def test_growth_exponent():
    assert growth_exponent([10, 20, 40], [3.0, 6.0, 12.0]) == pytest.approx(1, rel=1e-12)
    # In log₂ the points (0, 0), (1, 1), (2, 3): slope Σ (x - 1) v / Σ (x - 1)² = (0 + 3)/2.
    assert growth_exponent([1, 2, 4], [1, 2, 8]) == pytest.approx(1.5, rel=1e-12)
    rng = np.random.default_rng(0)
    ns, values = np.sort(rng.uniform(10, 1000, 9)), rng.uniform(1, 5, 9)
    assert growth_exponent(ns, values) == pytest.approx(np.polyfit(np.log(ns), np.log(values), 1)[0], rel=1e-9)
    assert growth_exponent(7 * ns, 0.1 * values) == pytest.approx(growth_exponent(ns, values), rel=1e-9)
    assert isinstance(growth_exponent(torch.tensor(ns), torch.tensor(values)), float)


def test_true_labels_grow_slower_than_n_and_random_ones_faster():
    # On digits .87 ± .06 for odd against even, 1.37 ± .03 for random labels (n from 50 to 800, five seeds).
    ns, true, random = (50, 100, 200, 400, 800), [], []
    H, y = digits(800)
    for n in ns:
        true.append(solution_norm(H[:n, :n], y[:n]) ** 2)
        random.append(n * corrupted_complexity(H[:n, :n], y[:n], 1.0))
    assert abs(growth_exponent(ns, true) - 0.87) < 3 * 0.06
    assert abs(growth_exponent(ns, random) - 1.37) < 3 * 0.03


# Bad input

EYE = np.eye(3)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (rademacher_complexity, (np.ones((2, 3)), 1.0, 10, 0), r"K must be square"),
        (rademacher_complexity, (EYE, -1.0, 10, 0), r"radius must be a finite number at least 0"),
        (rademacher_complexity, (EYE, 1.0, 1, 0), r"n_draws must be at least 2; got 1"),
        (rademacher_bound, (np.triu(np.ones((3, 3))), 1.0), r"K must be symmetric"),
        (rademacher_bound, (-EYE, 1.0), r"K must have no negative diagonal entry; got -1"),
        (rademacher_bound, (EYE, np.inf), r"radius must be a finite number"),
        (solution_norm, (EYE, np.ones(2)), r"y must have 3 rows like H; got 2"),
        (solution_norm, (np.ones((3, 3)), np.ones(3)), r"H has rank 1 .* 3 rows.*ridge"),
        (complexity_measure, (np.ones((3, 2)), np.ones(3)), r"H must be square"),
        (complexity_measure, (EYE * np.nan, np.ones(3)), r"H must be finite"),
        (complexity_measure, (-EYE, np.ones(3)), r"H must be positive definite"),
        (corrupted_complexity, (EYE, np.ones(3), 1.5), r"share must be at most 1; got 1\.5"),
        (corrupted_complexity, (EYE, [0, 1, 1], 0.5), r"y must hold the labels -1 and 1 only"),
        (corrupted_complexity, (EYE, [1, 1], 0.5), r"y must have 3 rows like H"),
        (growth_exponent, ([1, 2], [1, 2, 3]), r"values must have length 2 like ns; got 3"),
        (growth_exponent, ([1, 2], [1, 0]), r"values must be greater than 0; got 0"),
        (growth_exponent, ([-1, 2], [1, 1]), r"ns must be greater than 0; got -1"),
        (growth_exponent, ([5, 5], [1, 2]), r"ns must hold at least two different sizes"),
        (growth_exponent, ([[1, 2]], [1, 2]), r"ns must have 1 axis"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_a_missing_seed_is_refused():
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator or an integer seed; got None"):
        rademacher_complexity(EYE, 1.0, 10, None)
