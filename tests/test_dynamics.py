"""Gradient descent, SGD, their limit, stable steps and modes: hand values, autograd, laws, and the errata.

In the errata's tests the printed statement fails and ours holds; see course/errata.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.dynamics import gd_limit, gradient_descent, max_stable_step, residual_after, sgd
from ntklab.regression import kernel_regression


def problem(n: int = 6, p: int = 15, c: int = 2, seed: int = 0):
    """Features, targets, weights and outputs at the start: Phi, y, w0, h0."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)), rng.normal(size=(n, c)), rng.normal(size=(p, c)), rng.normal(size=(n, c))


def outputs(w, Phi, w0, h0):
    return h0 + Phi @ (w - w0)


def metric_and_rates(n: int, p: int, seed: int = 5):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, n))
    return A @ A.T / n + np.eye(n), rng.uniform(0.5, 2.0, size=p)


# Gradient descent


def test_values_worked_by_hand():
    # Residuals (-1, -4), n = 2, η = 1/2: w₁ gains ½/2·1·1, w₂ gains ½/2·2·4; losses (1 + 16)/4, (9/16 + 0)/4.
    w, losses = gradient_descent([[1, 0], [0, 2]], [1, 4], [10, 20], [0, 0], eta=0.5, steps=1)
    np.testing.assert_allclose(w, [10.25, 22.0], rtol=1e-15)
    np.testing.assert_allclose(losses, [4.25, 0.140625], rtol=1e-15)
    # κ doubles the first sample's weight, λ = (1, ½): gains ½/2·2·1 and ½/2·2·4·½; residuals (-1/2, -2).
    w, losses = gradient_descent([[1, 0], [0, 2]], [1, 4], [10, 20], [0, 0], 0.5, 1, np.diag([2, 1]), [1, 0.5])
    np.testing.assert_allclose(w, [10.5, 21.0], rtol=1e-15)
    np.testing.assert_allclose(losses, [(2 + 16) / 4, (0.5 + 4) / 4], rtol=1e-15)


@pytest.mark.parametrize("general", [False, True])
def test_agrees_with_autograd(general):
    Phi, y, w0, h0 = problem()
    kappa, _ = metric_and_rates(6, 15)
    metric = kappa if general else None
    w = torch.tensor(w0, requires_grad=True)
    losses = []
    for _ in range(21):
        residual = torch.tensor(h0) + torch.tensor(Phi) @ (w - torch.tensor(w0)) - torch.tensor(y)
        loss = (residual * (torch.tensor(kappa) @ residual if general else residual)).sum() / (2 * 6)
        losses.append(loss.item())
        last, w = w, (w - 0.1 * torch.autograd.grad(loss, w)[0]).detach().requires_grad_()
    ours, our_losses = gradient_descent(Phi, y, w0, h0, 0.1, 20, metric)
    np.testing.assert_allclose(ours, last.detach().numpy(), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(our_losses, losses, rtol=1e-11)


def test_rates_are_a_rescaling_of_the_features():
    # With w = √λ u, plain descent in u on Φ√λ is descent in w with rates λ: (10.17) acts as a metric on parameters.
    Phi, y, w0, h0 = problem()
    _, rates = metric_and_rates(6, 15)
    root = np.sqrt(rates)
    w, losses = gradient_descent(Phi, y, w0, h0, 0.1, 30, rates=rates)
    u, same = gradient_descent(Phi * root, y, w0 / root[:, None], h0, 0.1, 30)
    np.testing.assert_allclose(w, root[:, None] * u, rtol=1e-11)
    np.testing.assert_allclose(losses, same, rtol=1e-11)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 6), extra=st.integers(0, 5), share=st.floats(0.1, 0.99), seed=st.integers(0, 2**32 - 1))
def test_below_the_stable_step_the_loss_falls_and_weights_stay_in_the_span(n, extra, share, seed):
    Phi, y, w0, h0 = problem(n, n + extra, 1, seed)
    w, losses = gradient_descent(Phi, y, w0, h0, share * max_stable_step(Phi @ Phi.T, n), 20)
    assert len(losses) == 21
    np.testing.assert_allclose(losses[0], ((h0 - y) ** 2).sum() / (2 * n), rtol=1e-12)
    assert (np.diff(losses) <= 1e-12 * losses[0]).all()
    outside = np.linalg.svd(Phi)[2][n:]  # directions that no feature vector has
    np.testing.assert_allclose(outside @ (w - w0), 0, atol=1e-10)


def test_zero_steps_and_kinds():
    Phi, y, w0, h0 = problem()
    w, losses = gradient_descent(Phi, y, w0, h0, 0.1, 0)
    np.testing.assert_array_equal(w, w0)
    assert losses.shape == (1,)
    before = w0.copy()
    gradient_descent(Phi, y, w0, h0, 0.1, 3)
    np.testing.assert_array_equal(w0, before)
    w, losses = gradient_descent(*(a[..., 0] if a.shape[-1] == 2 else a for a in (Phi, y, w0, h0)), 0.1, 3)
    assert (w.shape, losses.shape) == ((15,), (4,))
    single = gradient_descent(*(a.astype(np.float32) for a in (Phi, y, w0, h0)), 0.1, 3)
    assert single[0].dtype == single[1].dtype == np.float32
    tensors = gradient_descent(*map(torch.tensor, (Phi, y, w0, h0)), 0.1, 3)
    np.testing.assert_array_equal(tensors[0].numpy(), gradient_descent(Phi, y, w0, h0, 0.1, 3)[0])


# Its limit


def test_limit_worked_by_hand():
    # H = 2, (y - h0)/H = 1: both weights move by 1. With λ = (3, 1): H = 4, moves (3, 1)·½.
    np.testing.assert_allclose(gd_limit([[1, 1]], [4], [0, 1], [2]), [1, 2], rtol=1e-14)
    np.testing.assert_allclose(gd_limit([[1, 1]], [4], [0, 1], [2], rates=[3, 1]), [1.5, 1.5], rtol=1e-14)


@pytest.mark.parametrize("general", [False, True])
def test_gradient_descent_arrives_at_its_limit(general):
    Phi, y, w0, h0 = problem()
    kappa, rates = metric_and_rates(6, 15) if general else (np.eye(6), np.ones(15))
    H = (Phi * rates) @ Phi.T
    eta = 6 / np.linalg.eigvals(H @ kappa).real.max()
    w, losses = gradient_descent(Phi, y, w0, h0, eta, 4000, kappa, rates)
    limit = gd_limit(Phi, y, w0, h0, rates if general else None)
    np.testing.assert_allclose(w, limit, atol=1e-9)
    assert losses[-1] < 1e-18
    if not general:
        np.testing.assert_allclose(limit, w0 + np.linalg.pinv(Phi) @ (y - h0), rtol=1e-10)


def test_limit_predicts_as_kernel_regression_does():
    Phi, y, w0, h0 = problem()
    rng = np.random.default_rng(9)
    Phi_test, h0_test = rng.normal(size=(4, 15)), rng.normal(size=(4, 2))
    by_weights = outputs(gd_limit(Phi, y, w0, h0), Phi_test, w0, h0_test)
    by_kernel = kernel_regression(Phi @ Phi.T, Phi_test @ Phi.T, y, f0_train=h0, f0_test=h0_test)
    np.testing.assert_allclose(by_weights, by_kernel, rtol=1e-9)


def test_a_frozen_weight_stays():
    Phi, y, w0, h0 = problem()
    rates = np.where(np.arange(15) < 8, 0.0, 1.0)
    limit = gd_limit(Phi, y, w0, h0, rates)
    np.testing.assert_array_equal(limit[:8], w0[:8])
    np.testing.assert_allclose(outputs(limit, Phi, w0, h0), y, atol=1e-11)


def test_limit_of_rank_deficient_features_names_the_rank():
    Phi, y, w0, h0 = problem()
    Phi[5] = Phi[0]
    with pytest.raises(ValueError, match=r"Phi has rank 5 .* 6 rows.*ridge"):
        gd_limit(Phi, y, w0, h0)
    with pytest.raises(ValueError, match=r"Phi has rank 4 .* 6 rows"):
        gd_limit(problem(6, 4)[0], y, w0[:4], h0)
    with pytest.raises(ValueError, match=r"Phi has rank 2 .* 6 rows"):
        gd_limit(problem()[0], y, w0, h0, rates=np.where(np.arange(15) < 2, 1.0, 0.0))


# SGD


def test_sgd_on_whole_batches_is_gradient_descent():
    Phi, y, w0, h0 = problem()
    w, losses = sgd(Phi, y, w0, h0, 0.1, 10, batch_size=6, rng=0)
    full = gradient_descent(Phi, y, w0, h0, 0.1, 10)
    np.testing.assert_allclose(w, full[0], rtol=1e-12)
    np.testing.assert_allclose(losses, full[1], rtol=1e-12)


def test_one_step_of_sgd_is_that_of_gradient_descent_on_average():
    Phi, y, w0, h0 = problem(4, 6, 1)
    moves = np.array([sgd(Phi, y, w0, h0, 0.1, 1, 2, rng=seed)[0] - w0 for seed in range(2000)])
    five_sigma = 5 * moves.std(axis=0) / np.sqrt(2000)
    full = gradient_descent(Phi, y, w0, h0, 0.1, 1)[0] - w0
    assert (np.abs(moves.mean(axis=0) - full) < five_sigma).all()
    assert (five_sigma < 0.15 * np.abs(full).max()).all()


def test_schedules_and_seeds():
    Phi, y, w0, h0 = problem()
    one = sgd(Phi, y, w0, h0, lambda step: 0.1 / (1 + step), 20, rng=3)[0]
    np.testing.assert_array_equal(one, sgd(Phi, y, w0, h0, 0.1 / (1 + np.arange(20)), 20, rng=3)[0])
    np.testing.assert_array_equal(
        one, sgd(Phi, y, w0, h0, 0.1 / (1 + np.arange(99)), 20, rng=np.random.default_rng(3))[0]
    )
    assert np.abs(one - sgd(Phi, y, w0, h0, 0.1, 20, rng=3)[0]).max() > 1e-3
    assert np.abs(one - sgd(Phi, y, w0, h0, lambda step: 0.1 / (1 + step), 20, rng=4)[0]).max() > 1e-3


def test_erratum_constant_step_sgd_arrives_where_it_interpolates():
    # Footnote 15 of the book: SGD needs a falling step or never reaches the minimum. True only for rank Φ < n.
    Phi, y, w0, h0 = problem(8, 40, 1)
    eta = 1 / (Phi**2).sum(axis=1).max()  # half of 2/max|φ|²: no step leads away from the solution
    limit = gd_limit(Phi, y, w0, h0)
    gaps, w = [], w0
    for _ in range(4):
        w, losses = sgd(Phi, y, w, outputs(w, Phi, w0, h0), eta, 400, rng=len(gaps))
        gaps.append(np.linalg.norm(w - limit) / np.linalg.norm(w0 - limit))
    rounding = 1e-13  # what the solution itself is good to; below it nothing falls any more
    assert all(later < earlier or later < rounding for earlier, later in itertools.pairwise(gaps))
    assert gaps[-1] < 1e-8
    assert losses[-1] < 1e-15

    Phi, y, w0, h0 = problem(8, 4, 1)  # cannot interpolate
    eta = 1 / (Phi**2).sum(axis=1).max()
    best = w0 + np.linalg.lstsq(Phi, y - h0, rcond=None)[0]
    least = ((outputs(best, Phi, w0, h0) - y) ** 2).sum() / 16
    constant = sgd(Phi, y, w0, h0, eta, 4000, rng=0)[1][-1000:] - least
    falling = sgd(Phi, y, w0, h0, lambda step: eta / (1 + step / 50), 4000, rng=0)[1][-1000:] - least
    assert constant.mean() > 0.05  # fluctuates for ever
    assert falling.mean() < constant.mean() / 20


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_single_samples_never_lead_away_from_the_solution(seed):
    Phi, y, w0, h0 = problem(5, 9, 1, seed)
    limit, eta = gd_limit(Phi, y, w0, h0), 2 / (Phi**2).sum(axis=1).max()
    distances, w = [np.linalg.norm(w0 - limit)], w0
    for step in range(10):
        w, _ = sgd(Phi, y, w, outputs(w, Phi, w0, h0), eta, 1, rng=step)
        distances.append(np.linalg.norm(w - limit))
    assert (np.diff(distances) <= 1e-9 * distances[0]).all()


# Stable steps and modes


def test_stable_step_and_residual_worked_by_hand():
    assert max_stable_step(np.diag([2.0, 8.0, 4.0]), n=3) == 0.75
    assert max_stable_step(np.diag([2.0, 8.0]), n=1) == 0.25  # the sum loss: 2/λ_max
    assert max_stable_step(np.zeros((2, 2)), n=2) == np.inf
    # H = [[3, 1], [1, 3]]: modes (1, 1)/√2 with 4, (1, -1)/√2 with 2. n = 2, η = ¼: factors ½ and ¾.
    after = residual_after([[3, 1], [1, 3]], [3, 1], eta=0.25, n=2, steps=2)
    np.testing.assert_allclose(after, [2 / 4 + 9 / 16, 2 / 4 - 9 / 16], rtol=1e-14)


def test_erratum_the_limit_needs_a_stable_step():
    # The slides' theorem states no condition on the step; at 1.01 of the limit gradient descent runs away.
    Phi, y, w0, h0 = problem()
    limit = max_stable_step(Phi @ Phi.T, 6)
    assert limit == pytest.approx(12 / np.linalg.norm(Phi, 2) ** 2, rel=1e-12)
    # The top mode's squared residual is multiplied by (1 - 2·share)² at each step: 1.0404 and 0.9604.
    above, below = (gradient_descent(Phi, y, w0, h0, share * limit, 2000)[1] for share in (1.01, 0.99))
    assert above[-1] / above[-2] == pytest.approx(1.0404, rel=1e-6)
    assert below[1000] / below[999] < 1
    assert above[-1] > 1e6 * above[0]
    assert below[-1] < 1e-6 * below[0]


def test_erratum_the_kernelised_limit_keeps_the_initial_outputs():
    # The slides' last kernelised formula is Σ k(x, x_i)(H⁻¹Y)_i: h(w0) is gone from both places it belongs to.
    Phi, y, w0, h0 = problem()
    eta = max_stable_step(Phi @ Phi.T, 6) / 2
    w, _ = gradient_descent(Phi, y, w0, h0, eta, 4000)
    rng = np.random.default_rng(9)
    Phi_test, h0_test = rng.normal(size=(4, 15)), rng.normal(size=(4, 2))
    reached = outputs(w, Phi_test, w0, h0_test)
    H, k = Phi @ Phi.T, Phi_test @ Phi.T
    np.testing.assert_allclose(kernel_regression(H, k, y, f0_train=h0, f0_test=h0_test), reached, atol=1e-8)
    assert np.abs(k @ np.linalg.solve(H, y) - reached).max() > 0.5
    # and the length of the way is that of H⁻¹(Y - h(w0)), not of H⁻¹Y
    way = ((w - w0) ** 2).sum()
    assert np.trace((y - h0).T @ np.linalg.solve(H, y - h0)) == pytest.approx(way, rel=1e-8)
    assert abs(np.trace(y.T @ np.linalg.solve(H, y)) - way) > 0.1 * way


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(1, 6),
    p=st.integers(1, 8),
    c=st.integers(1, 2),
    steps=st.integers(0, 30),
    seed=st.integers(0, 2**32 - 1),
)
def test_modes_say_what_the_steps_do(n, p, c, steps, seed):
    Phi, y, w0, h0 = problem(n, p, c, seed)
    eta = 0.8 * max_stable_step(Phi @ Phi.T, n)
    w, _ = gradient_descent(Phi, y, w0, h0, eta, steps)
    predicted = residual_after(Phi @ Phi.T, h0 - y, eta, n, steps)
    np.testing.assert_allclose(outputs(w, Phi, w0, h0) - y, predicted, atol=1e-9)
    power = np.linalg.matrix_power(np.eye(n) - eta / n * Phi @ Phi.T, steps) @ (h0 - y)
    np.testing.assert_allclose(predicted, power, atol=1e-9)


def test_small_steps_tend_to_the_flow():
    Phi, y, _, h0 = problem(c=1)
    H, r0 = Phi @ Phi.T, h0 - y
    eigenvalues, Q = np.linalg.eigh(H)
    flow = Q @ (np.exp(-eigenvalues * 0.6 / 6)[:, None] * (Q.T @ r0))  # t = η·steps/n with η·steps = 0.6
    gaps = [np.abs(residual_after(H, r0, 0.6 / steps, 6, steps) - flow).max() for steps in (200, 400)]
    assert gaps[0] < 0.01
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.02)  # first order in the step


def test_modes_keep_kind_and_shape():
    H, r0 = np.diag([1.0, 2.0]), np.ones((2, 3))
    assert residual_after(H, r0, 0.1, 2, 3).shape == (2, 3)
    assert residual_after(H.astype(np.float32), r0.astype(np.float32), 0.1, 2, 3).dtype == np.float32
    assert isinstance(residual_after(torch.tensor(H), torch.tensor(r0), 0.1, 2, 3), torch.Tensor)
    assert isinstance(max_stable_step(torch.tensor(H), 2), float)
