"""The bounds on the probability of error: hand values, scale, soundness by simulation, and the errata of the slides.

In the errata's tests the printed statement fails and ours holds; see course/errata.
"""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.bounds import (
    complexity_measure,
    generalization_bound,
    rademacher_bound,
    solution_norm,
    union_bound,
    union_bound_radius,
)
from ntklab.kernels import two_layer_ntk
from ntklab.regression import kernel_regression


def sphere(n: int, d: int, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def problem(n: int = 30, seed: int = 0):
    """The two-layer NTK, κ(1) = 1, on the sphere and labels ±1."""
    X = sphere(n, 4, seed)
    return two_layer_ntk(X), np.where(X[:, 0] > 0, 1.0, -1.0)


# The slides' theorem


def test_bound_worked_by_hand():
    # H = diag(4, 1), y = (2, 1): form 2, n = 2, λ = 1; 0.1·√1 + 0.2·√(log(2/0.5)/2).
    bound = generalization_bound(np.diag([4.0, 1.0]), [2, 1], 0.5, c=0.1, c_prime=0.2)
    assert bound.complexity_term == pytest.approx(0.1, rel=1e-14)
    assert bound.confidence_term == pytest.approx(0.2 * math.sqrt(math.log(4) / 2), rel=1e-14)
    assert float(bound) == pytest.approx(0.1 + 0.2 * math.sqrt(math.log(4) / 2), rel=1e-14)
    # The scale-free constant is 2·√4, and λ is measured in units of 4: log(2/(0.25·0.5)).
    free = generalization_bound(np.diag([4.0, 1.0]), [2, 1], 0.5)
    assert free.complexity_term == pytest.approx(4.0, rel=1e-14)
    assert free.confidence_term == pytest.approx(3 * math.sqrt(math.log(16) / 2), rel=1e-14)


def test_an_eigenvalue_above_n_leaves_one_radius():
    # λ = 1000 > n: with a number for c, log(n/(λδ)) would be negative; one radius is left and costs log(1/δ).
    bound = generalization_bound(1000 * np.eye(3), [1, -1, 1], 0.05, c=2.0)
    assert bound.confidence_term == pytest.approx(3 * math.sqrt(math.log(20) / 3), rel=1e-12)


def test_clipping_keeps_the_unclipped_value():
    H, y = problem()
    large = generalization_bound(H, y, 0.05, c=2.0)
    assert float(large) == 1.0
    assert large.vacuous
    assert large.unclipped == large.complexity_term + large.confidence_term > 1
    small = generalization_bound(H, y, 0.05, c=0.01, c_prime=0.1)
    assert float(small) == small.unclipped < 1
    assert not small.vacuous
    again = pickle.loads(pickle.dumps(large))
    assert (float(again), again.unclipped) == (1.0, large.unclipped)
    assert isinstance(small, float)
    assert generalization_bound(torch.tensor(H), torch.tensor(y), 0.05).unclipped == pytest.approx(
        generalization_bound(H, y, 0.05).unclipped
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**31), delta=st.floats(1e-4, 0.4))
def test_bound_laws(seed, delta):
    H, y = problem(12, seed)
    bound = generalization_bound(H, y, delta, c=2.0)
    smallest = np.linalg.eigvalsh(H)[0]
    expected = 2 * np.sqrt(complexity_measure(H, y)) + 3 * np.sqrt(np.log(12 / (smallest * delta)) / 12)
    assert bound.unclipped == pytest.approx(expected, rel=1e-7)
    # κ(1) = 1 on unit inputs: c = 2 is the scale-free choice.
    assert generalization_bound(H, y, delta).unclipped == pytest.approx(bound.unclipped, rel=1e-9)
    assert generalization_bound(H, y, delta / 2, c=2.0).unclipped > bound.unclipped
    random = np.random.default_rng(seed).permutation(y)
    measures = complexity_measure(H, random), complexity_measure(H, y)
    if measures != pytest.approx(measures[::-1], rel=1e-9):  # the same labels again may differ in their last digit
        assert (generalization_bound(H, random, delta).unclipped > bound.unclipped) == (measures[0] > measures[1])


def test_a_linear_target_on_the_sphere_is_not_vacuous():
    # n = 1,000 on the sphere in d = 5 at δ = 0.05: .56 for the linear target, 11.9 for random labels.
    X = sphere(1000, 5)
    H, linear = two_layer_ntk(X), np.sqrt(5) * X[:, 0]
    bound = generalization_bound(H, linear, 0.05, c=2.0)
    assert not bound.vacuous
    assert float(bound) == pytest.approx(0.56, abs=0.01)
    labels = np.random.default_rng(1).choice([-1.0, 1.0], size=1000)
    assert generalization_bound(H, labels, 0.05, c=2.0).unclipped == pytest.approx(11.9, rel=0.05)


def test_erratum_the_printed_constant_hides_the_scale_of_the_kernel():
    # A hundred times the kernel leaves every prediction as it is, and the "bound" with a fixed c falls tenfold.
    H, y = problem()
    fixed = [generalization_bound(a * H, y, 0.05, c=2.0).complexity_term for a in (1, 100)]
    assert fixed[0] / fixed[1] == pytest.approx(10, rel=1e-9)
    np.testing.assert_allclose(kernel_regression(100 * H, 100 * H[:3], y), kernel_regression(H, H[:3], y), rtol=1e-9)
    free = [generalization_bound(a * H, y, 0.05).unclipped for a in (1, 100, 1e-4)]
    np.testing.assert_allclose(free, free[0], rtol=1e-9)


def test_erratum_the_two_failures_add_up():
    # "λ_min > λ with probability 1 − δ, then with probability 1 − δ …": two events with failure δ may fail apart.
    # Of 20 equally likely data sets, one breaks the eigenvalue's condition and another one the bound: δ = 1/20 each.
    eigenvalue_holds, bound_holds = np.ones(20, bool), np.ones(20, bool)
    eigenvalue_holds[0] = bound_holds[1] = False
    assert eigenvalue_holds.mean() == bound_holds.mean() == 0.95
    assert (eigenvalue_holds & bound_holds).mean() == pytest.approx(1 - 2 / 20)
    # Halving δ pays for it, at a small price: log 2 under the root.
    H, y = problem()
    whole, half = (generalization_bound(H, y, delta, c=2.0, c_prime=1.0).confidence_term for delta in (0.05, 0.025))
    assert half**2 - whole**2 == pytest.approx(math.log(2) / 30, rel=1e-9)


def test_erratum_the_measure_is_below_n_over_lambda_for_small_targets_only():
    # "Yᵀ H⁻¹ Y ≤ n/λ" needs |y_i| ≤ 1, which the slides do not say.
    H, _ = problem()
    eigenvalues, Q = np.linalg.eigh(H)
    worst = Q[:, 0] / np.abs(Q[:, 0]).max()  # |y_i| ≤ 1, along the smallest eigenvalue
    limit = 30 / eigenvalues[0]
    assert solution_norm(H, worst) ** 2 <= limit
    assert solution_norm(H, 10 * worst) ** 2 > limit


# The union over radii


def test_radius_worked_by_hand():
    H = np.diag([4.0, 1.0])  # norm of (2, 2): √(1 + 4)
    assert union_bound_radius(H, [2, 2], [1, 2, 3, 4]) == 3
    assert union_bound_radius(H, [2, 2], [4, 3, 1]) == 3  # any order
    assert union_bound_radius(H, [2, 0], [1, 2]) == 1  # reached exactly
    # Default: units of 1/2 up to √(2/1): 0.5, 1, 1.5; (1, 1) has norm √1.25 = 1.118.
    assert union_bound_radius(H, [1, 1]) == 1.5
    # Two points, j = 1: 2·(1/2)·√5/2 and log(2π²/(6·0.1)).
    bound = union_bound(np.diag([4.0, 4.0]), [1, -1], 0.1)  # norm √(1/2) = 0.707: j = 2, W = 1
    assert bound.complexity_term == pytest.approx(2 * 1 * math.sqrt(8) / 2, rel=1e-12)
    assert bound.confidence_term == pytest.approx(3 * math.sqrt(math.log(2 * math.pi**2 * 4 / 0.6) / 4), rel=1e-12)
    bound = union_bound(np.diag([4.0, 4.0]), [1, -1], 0.1, grid=[0.5, 0.75, 1.0])
    assert bound.complexity_term == pytest.approx(2 * 0.75 * math.sqrt(8) / 2, rel=1e-12)
    assert bound.confidence_term == pytest.approx(3 * math.sqrt(math.log(2 * 3 / 0.1) / 4), rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(n=st.integers(1, 12), seed=st.integers(0, 2**31), scale=st.floats(0.01, 100))
def test_union_laws(n, seed, scale):
    H, y = problem(n, seed)
    norm = solution_norm(H, y)
    radius = union_bound_radius(H, y)
    assert norm <= radius < norm + 1 + 1e-9  # κ(1) = 1: the grid's step is 1
    bound = union_bound(H, y, 0.05)
    assert bound.complexity_term >= 2 * rademacher_bound(H, norm) * (1 - 1e-12)
    assert union_bound(scale * H, y, 0.05).unclipped == pytest.approx(bound.unclipped, rel=0.3)
    assert union_bound(4 * H, y, 0.05).unclipped == pytest.approx(bound.unclipped, rel=1e-9)
    # The parts of δ: Σ 6/(π²j²) = 1.
    assert sum(6 / (math.pi * j) ** 2 for j in range(1, 10_000)) == pytest.approx(1, abs=1e-4)


def clusters(n: int, seed: int):
    """Two clusters around ±e₁ on the sphere and their labels."""
    rng = np.random.default_rng(seed)
    y = rng.choice([-1.0, 1.0], size=n)
    X = np.column_stack([y, 0.1 * rng.normal(size=(n, 4))])
    return X / np.linalg.norm(X, axis=1, keepdims=True), y


def test_the_union_bound_holds_and_says_something():
    # It must hold on fresh points for all but a share δ of the training sets, and it is below 1 for true labels only.
    test, truth = clusters(2000, 99)
    for seed in range(4):
        X, y = clusters(300, seed)
        H = two_layer_ntk(X)
        error = np.mean(np.sign(kernel_regression(H, two_layer_ntk(test, X), y)) != truth)
        bound = union_bound(H, y, 0.05)
        assert error <= bound.unclipped < 0.8
        assert union_bound(H, np.random.default_rng(seed).permutation(y), 0.05).vacuous


def test_erratum_the_printed_grid_is_random_and_too_short():
    # The slides' grid runs over [0, YᵀH⁻¹Y]: below 1 the norm √(YᵀH⁻¹Y) lies beyond its end. It must reach √(n/λ).
    H, y = 100 * np.eye(25), np.ones(25)
    form = y @ np.linalg.solve(H, y)  # 1/4, so the norm is 1/2
    with pytest.raises(ValueError, match=r"grid must reach the solution's norm 0\.5, but ends at 0\.25"):
        union_bound_radius(H, y, np.linspace(0, form, 26))
    assert union_bound_radius(H, y, np.linspace(0, math.sqrt(25 / 100), 26)) == pytest.approx(0.5)
    assert union_bound_radius(H, y) == pytest.approx(0.5)
    # and it depends on the labels, where a union bound needs a grid that does not
    H, y = problem()
    grids = [solution_norm(H, labels) ** 2 for labels in (y, np.roll(y, 1))]
    assert abs(grids[0] - grids[1]) > 1


# Bad input

EYE = np.eye(3)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (generalization_bound, (EYE, np.ones(3), 0.0), r"delta must be a finite number greater than 0"),
        (generalization_bound, (EYE, np.ones(3), 1.0), r"delta must be below 1; got 1"),
        (generalization_bound, (EYE, np.ones(3), 0.1, -1.0), r"c must be a finite number at least 0"),
        (generalization_bound, (EYE, np.ones(3), 0.1, 1.0, -1.0), r"c_prime must be a finite number at least 0"),
        (generalization_bound, (np.ones((3, 3)), np.ones(3), 0.1), r"H has rank 1 .* 3 rows"),
        (generalization_bound, (EYE, np.ones(2), 0.1), r"y must have 3 rows like H; got 2"),
        (union_bound_radius, (EYE, np.ones(3), []), r"grid must hold at least one radius"),
        (union_bound_radius, (EYE, np.ones(3), [-1.0]), r"grid must be a finite number at least 0"),
        (union_bound_radius, (EYE, 10 * np.ones(3)), r"grid must reach .* suffices for targets in \[-1, 1\]"),
        (union_bound_radius, (np.ones((3, 3)), np.ones(3)), r"H has rank 1"),
        (union_bound, (EYE, [1, -1, 0.5], 0.1), r"y must hold the labels -1 and 1 only"),
        (union_bound, (EYE, np.ones((3, 1)), 0.1), r"y must have 1 axis"),
        (union_bound, (EYE, np.ones(3), 2.0), r"delta must be below 1; got 2"),
        (union_bound, (EYE, np.ones(4), 0.1), r"y must have 3 rows like H"),
        (union_bound, (np.zeros((3, 3)), np.ones(3), 0.1), r"H has rank 0"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
