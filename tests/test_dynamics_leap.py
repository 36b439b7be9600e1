"""One small step, the giant leap, training in the space of outputs: finite nets, hand values, algorithm independence.

In the errata's tests the printed formula fails and ours holds; see course/errata.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.dynamics import (
    error_factor,
    gd_limit,
    gradient_descent,
    newton_step,
    newton_tensor,
    sgd,
    small_step,
    train_outputs,
)


def problem(n: int = 5, m: int = 3, c: int = 2, seed: int = 0):
    """Features of train and test points, targets and starting outputs on both."""
    rng = np.random.default_rng(seed)
    sizes = [(n, n + 9), (m, n + 9), (n, c), (n, c), (m, c)]
    return tuple(rng.normal(size=size) for size in sizes)


def test_values_worked_by_hand():
    np.testing.assert_array_equal(small_step([[2, 1], [1, 2], [0, 3]], [1, -1], 0.5), [-0.5, 0.5, 1.5])
    np.testing.assert_array_equal(small_step([[2, 1]], [1, -1], 0.5, [[1, 0], [0, 2]]), [0.0])
    np.testing.assert_allclose(newton_tensor([[2, 1], [1, 2]], eta=0.5), np.array([[4, -2], [-2, 4]]) / 3, rtol=1e-14)
    # Residual y - f0 = (2, 1); α = [[2, -1], [-1, 2]]/3·(2, 1) = (1, 0); f0_test + (1, 5)·α.
    np.testing.assert_allclose(newton_step([[2, 1], [1, 2]], [[1, 5]], [3, 3], [1, 2], [7]), [8], rtol=1e-14)


def test_a_small_step_is_what_a_wide_net_does():
    # A linear model with p weights is the infinitely wide net: its outputs move by -η Φ Φᵀ ε, exactly.
    Phi, Phi_s, y, f0, _ = problem()
    w = torch.zeros(14, 2, dtype=torch.float64, requires_grad=True)
    loss = (((torch.tensor(f0) + torch.tensor(Phi) @ w - torch.tensor(y)) ** 2).sum()) / 2
    step = -0.01 * torch.autograd.grad(loss, w)[0].numpy()
    everything = np.vstack([Phi, Phi_s])
    change = small_step(everything @ Phi.T, error_factor(f0, y), 0.01)
    np.testing.assert_allclose(change, everything @ step, rtol=1e-11)


def test_a_hidden_width_changes_it_at_order_eta_squared_only():
    # One step of a finite net in the NTK parameterisation against (10.3) with its own tangent kernel.
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(4, 3)), rng.normal(size=4)
    a, B = torch.tensor(rng.normal(size=50)), torch.tensor(rng.normal(size=(50, 3)))

    def f(a, B):
        return torch.tanh(torch.tensor(X) @ B.T) @ a / 50**0.5

    jacobians = torch.func.jacrev(f, argnums=(0, 1))(a, B)
    J = np.hstack([j.reshape(4, -1).numpy() for j in jacobians])
    epsilon = error_factor(f(a, B).numpy(), y)
    gaps = []
    for eta in (1e-3, 5e-4):
        move = torch.tensor(-eta * J.T @ epsilon)
        after = f(a + move[:50], B + move[50:].reshape(50, 3))
        gaps.append(np.abs(after.numpy() - f(a, B).numpy() - small_step(J @ J.T, epsilon, eta)).max())
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.05)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 7), c=st.integers(1, 3), seed=st.integers(0, 2**31))
def test_the_leap_is_one_step_with_the_newton_tensor(n, c, seed):
    Phi, Phi_s, y, f0, f0_s = problem(n, 3, c, seed)
    Theta, Theta_s = Phi @ Phi.T, Phi_s @ Phi.T
    kappa = newton_tensor(Theta, eta=0.3)
    np.testing.assert_array_equal(kappa, kappa.T)
    np.testing.assert_allclose(0.3 * Theta @ kappa, np.eye(n), atol=1e-9)  # (10.24)
    leap = f0_s + small_step(Theta_s, error_factor(f0, y), 0.3, kappa)
    np.testing.assert_allclose(newton_step(Theta, Theta_s, y, f0, f0_s), leap, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(newton_step(Theta, Theta, y, f0, f0), y, atol=1e-9)  # fully trained (10.14)
    # The same step with the generalised squared error, whose error factor carries κ: (10.22), (10.23).
    general = f0_s + small_step(Theta_s, error_factor(f0, y, metric=kappa), 0.3)
    np.testing.assert_allclose(general, leap, rtol=1e-9, atol=1e-9)


def test_algorithm_independence():
    # (10.35): whatever steps came before, with any step sizes, tensors and losses, one Newton step ends at (10.28).
    Phi, Phi_s, y, f0, f0_s = problem()
    Theta, Theta_s = Phi @ Phi.T, Phi_s @ Phi.T
    rng = np.random.default_rng(4)
    z, z_s = f0, f0_s
    for _ in range(10):
        A = rng.normal(size=(5, 5))
        factor = rng.normal(size=(5, 2))  # not even the gradient of a loss
        eta, kappa = rng.uniform(0.001, 0.01), A @ A.T
        z, z_s = z + small_step(Theta, factor, eta, kappa), z_s + small_step(Theta_s, factor, eta, kappa)
    assert np.abs(z - f0).max() > 0.1
    leap = newton_step(Theta, Theta_s, y, f0, f0_s)
    np.testing.assert_allclose(newton_step(Theta, Theta_s, y, z, z_s), leap, rtol=1e-9)


def test_every_algorithm_arrives_at_the_leap():
    Phi, Phi_s, y, f0, f0_s = problem()
    Theta, Theta_s, w0 = Phi @ Phi.T, Phi_s @ Phi.T, np.zeros((14, 2))
    leap = newton_step(Theta, Theta_s, y, f0, f0_s)
    largest = np.linalg.eigvalsh(Theta)[-1]
    kappa = newton_tensor(Theta) + 0.5 / largest * np.eye(5)
    metric_step = 1 / np.linalg.eigvals(Theta @ kappa).real.max()
    single = 1 / np.diag(Theta).max()
    ends = {
        "limit of the weights": gd_limit(Phi, y, w0, f0),
        "gradient descent": gradient_descent(Phi, y, w0, f0, 5 / largest, 1500)[0],
        "generalised squared error": gradient_descent(Phi, y, w0, f0, 5 * metric_step, 600, kappa)[0],
        "SGD, constant step": sgd(Phi, y, w0, f0, single, 3000, rng=0)[0],
        "SGD, falling step": sgd(Phi, y, w0, f0, lambda k: single / (1 + k / 5000), 4000, rng=0)[0],
    }
    for name, w in ends.items():
        np.testing.assert_allclose(f0_s + Phi_s @ w, leap, atol=1e-7, err_msg=name)
    by_outputs = {
        "outputs": {"eta": 1 / largest, "steps": 1500},
        "outputs, generalised": {"eta": metric_step, "steps": 600, "metric": kappa},
        "outputs, SGD": {"eta": single, "steps": 2000, "batch_size": 2, "rng": 0},
    }
    for name, options in by_outputs.items():
        np.testing.assert_allclose(
            train_outputs(Theta, Theta_s, y, f0, f0_s, **options)[1], leap, atol=1e-7, err_msg=name
        )


def test_training_outputs_is_training_weights():
    Phi, Phi_s, y, f0, f0_s = problem()
    kappa = newton_tensor(Phi @ Phi.T) + 0.1 * np.eye(5)
    w, mean_losses = gradient_descent(Phi, y, np.zeros((14, 2)), f0, 5 * 0.01, 7, kappa)
    z, z_s, losses = train_outputs(Phi @ Phi.T, Phi_s @ Phi.T, y, f0, f0_s, 0.01, 7, metric=kappa)
    np.testing.assert_allclose(z, f0 + Phi @ w, rtol=1e-10)
    np.testing.assert_allclose(z_s, f0_s + Phi_s @ w, rtol=1e-10)
    np.testing.assert_allclose(losses, 5 * mean_losses, rtol=1e-10)  # sums against means over n = 5
    batch = train_outputs(Phi @ Phi.T, Phi_s @ Phi.T, y, f0, f0_s, 0.01, 7, batch_size=2, rng=1)[1]
    np.testing.assert_allclose(batch, f0_s + Phi_s @ sgd(Phi, y, np.zeros((14, 2)), f0, 0.02, 7, 2, rng=1)[0])


def test_cross_entropy_is_trained_by_its_gradient():
    Phi, Phi_s, _, f0, f0_s = problem()
    p = np.random.default_rng(1).dirichlet([1, 1], size=5)
    w = torch.zeros(14, 2, dtype=torch.float64, requires_grad=True)
    for _ in range(15):
        logits = torch.tensor(f0) + torch.tensor(Phi) @ w
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(p), reduction="sum")
        w = (w - 0.05 * torch.autograd.grad(loss, w)[0]).detach().requires_grad_()
    z_s = train_outputs(Phi @ Phi.T, Phi_s @ Phi.T, p, f0, f0_s, 0.05, 15, "cross_entropy")[1]
    np.testing.assert_allclose(z_s, f0_s + Phi_s @ w.detach().numpy(), rtol=1e-10)


def test_erratum_the_newton_step_is_printed_without_its_inverse():
    # (10.34) and (10.35) print Θ with lower indices where (10.26) has its inverse, raised. In the middle line of
    # (10.35) both occur: the factor inside the brackets, α₂α₃, is Θ itself; it cancels the inverse outside.
    Phi, Phi_s, y, f0, f0_s = problem()
    Theta, Theta_s = Phi @ Phi.T, Phi_s @ Phi.T
    as_printed = f0 - Theta @ Theta @ (f0 - y)
    assert np.abs(as_printed - y).max() > 100
    np.testing.assert_allclose(newton_step(Theta, Theta, y, f0, f0), y, atol=1e-11)
    epsilon = 0.01 * error_factor(f0, y)  # η ε of one step taken before
    leap = newton_step(Theta, Theta_s, y, f0, f0_s)
    for outside, lands in [(newton_tensor(Theta), True), (Theta, False)]:
        end = f0_s - Theta_s @ epsilon - Theta_s @ outside @ (f0 - Theta @ epsilon - y)
        assert np.allclose(end, leap, atol=1e-9) == lands


def test_kinds_and_dtypes_are_kept():
    Phi, Phi_s, y, f0, f0_s = problem()
    blocks = Phi @ Phi.T, Phi_s @ Phi.T
    ours = newton_step(*map(torch.tensor, (*blocks, y, f0, f0_s)))
    np.testing.assert_array_equal(ours.numpy(), newton_step(*blocks, y, f0, f0_s))
    single = [a.astype(np.float32) for a in (*blocks, y, f0, f0_s)]
    assert {a.dtype for a in train_outputs(*single, 0.01, 2)} == {np.dtype(np.float32)}
    assert newton_tensor(single[0]).dtype == np.float32
    assert small_step(torch.tensor(blocks[0]), torch.tensor(y), 0.1).dtype == torch.float64
    zeros = train_outputs(*blocks, y, np.zeros_like(y), np.zeros_like(f0_s), 0.01, 2)
    for explicit, implied in zip(zeros, train_outputs(*blocks, y, None, None, 0.01, 2), strict=True):
        np.testing.assert_array_equal(explicit, implied)


THETA = np.array([[2.0, 1.0], [1.0, 2.0]])


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (small_step, (THETA[0], [1, 1], 0.1), r"Theta must have 2 axes"),
        (small_step, (THETA, [1, 1, 1], 0.1), r"error_factor must have 2 rows like the columns of Theta; got 3"),
        (small_step, (THETA, [1, 1], 0.0), r"eta must be a finite number greater than 0"),
        (small_step, (THETA, [1, 1], 0.1, np.eye(3)), r"newton_tensor must have 2 rows like error_factor"),
        (small_step, (THETA, [1, 1], 0.1, [[1, 2], [0, 1]]), r"newton_tensor must be symmetric"),
        (newton_tensor, (np.ones((2, 2)),), r"Theta_train has rank 1 .* 2 rows"),
        (newton_tensor, (np.ones((2, 3)),), r"Theta_train must be square"),
        (newton_tensor, (THETA, -1.0), r"eta must be a finite number greater than 0"),
        (newton_step, (np.ones((2, 2)), THETA, [1, 1], [0, 0], [0, 0]), r"Theta_train has rank 1"),
        (newton_step, (THETA, THETA[:, :1].T, [1, 1], [0, 0], [0, 0]), r"f0_test must have shape \(1,\)|Theta_test"),
        (newton_step, (THETA, THETA, [1, 1], [0, 0], None), r"f0_train came without f0_test"),
        (train_outputs, (THETA, THETA, [1, 1, 1], None, None, 0.1, 2), r"y must have 2 rows like Theta_train; got 3"),
        (train_outputs, (THETA, THETA, [1, 1], [0, 0], None, 0.1, 2), r"f0_train came without f0_test"),
        (train_outputs, (THETA, THETA, [1, 1], None, None, 0.1, -2), r"steps must be at least 0"),
        (train_outputs, (THETA, THETA, [1, 1], None, None, 0.1, 2, "mae"), r"loss must be one of"),
        (train_outputs, (THETA, THETA, [1, 1], None, None, 0.1, 2, "mse", np.eye(3)), r"metric must have 2 rows"),
        (train_outputs, (THETA, THETA, [1, 1], None, None, 0.1, 2, "mse", None, 3, 0), r"batch_size must be at most"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_batches_need_a_seed():
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator or an integer seed; got None"):
        train_outputs(THETA, THETA, [1, 1], None, None, 0.1, 2, batch_size=1)
