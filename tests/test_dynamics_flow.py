"""Prediction and posterior at any time: reference values, an ODE solver, sampled networks, small steps and laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ntklab.dynamics import gradient_descent, posterior_at_time, predict_at_time, train_outputs
from ntklab.regression import bayesian_posterior, kernel_regression, posterior

REFERENCE = json.loads((Path(__file__).parent / "reference" / "reference_kernels.json").read_text())


def blocks(n: int = 5, m: int = 3, c: int = 2, seed: int = 0):
    """An NTK and an NNGP kernel on the same n + m points, and targets: Theta, Theta*, K, K*, K**, y."""
    rng = np.random.default_rng(seed)
    A, B = rng.normal(size=(2, n + m, n + m + 4)) / np.sqrt(n + m + 4)
    K = A @ A.T
    Theta = K + B @ B.T
    return Theta[:n, :n], Theta[n:, :n], K[:n, :n], K[n:, :n], K[n:, n:], rng.normal(size=(n, c))


def test_values_worked_by_hand():
    # Modes (1, 1)/√2 with rate 4 and (1, -1)/√2 with rate 2; targets 2, 0 put √2 on each; t = ½ ln 2 learns ¾ and ½.
    t = 0.5 * np.log(2)
    Theta = [[3, 1], [1, 3]]
    np.testing.assert_allclose(predict_at_time(Theta, Theta, [2, 0], t), [0.75 + 0.5, 0.75 - 0.5], rtol=1e-14)
    # With ridge 2 the rates are 6 and 4: of each mode 4/6·(1 - 1/8) and 2/4·(1 - 1/4) is reached.
    np.testing.assert_allclose(predict_at_time(Theta, Theta, [2, 0], t, ridge=2), [7 / 12 + 3 / 8, 7 / 12 - 3 / 8])
    # From f0 = (1, 1) the residual (1, -1) lies along the second mode alone.
    ends = predict_at_time(Theta, Theta, [2, 0], t, [1, 1], [1, 1])
    np.testing.assert_allclose(ends, [1.5, 0.5], rtol=1e-14)
    # One point, e^{-4t} = 1/4: A = 2·(3/4)/4 = 3/8, mean 3, variance 1 - 2·(3/8)·(1/2) + 9/64.
    mean, covariance = posterior_at_time([[4]], [[2]], [[1]], [[0.5]], [[1]], [8], t)
    np.testing.assert_allclose(mean, [3], rtol=1e-14)
    np.testing.assert_allclose(covariance, [[49 / 64]], rtol=1e-14)


# Reference values


def relu_kernels(X, hidden_layers, W_variance, b_variance):
    """NNGP and NTK by the recursion of the reference file, written out once more and plainly."""
    K = W_variance * X @ X.T / X.shape[1] + b_variance
    Theta = K
    for _ in range(hidden_layers):
        norm = np.sqrt(np.outer(np.diag(K), np.diag(K)))
        cos = np.clip(K / norm, -1, 1)
        angle = np.arccos(cos)
        derivative = (np.pi - angle) / (2 * np.pi)
        K = W_variance * norm * (np.sin(angle) + (np.pi - angle) * cos) / (2 * np.pi) + b_variance
        Theta = K + W_variance * derivative * Theta
    return K, Theta


@pytest.mark.parametrize("entry", REFERENCE["predictions"])
def test_predictions_of_the_reference_file(entry):
    x_train, x_test, y = (np.array(REFERENCE["inputs"][name]) for name in ("x_train", "x_test", "y_train"))
    y = y if entry["y"] == "y" else y[:, :1]
    n, X = len(x_train), np.vstack([x_train, x_test])
    K, Theta = relu_kernels(X, entry["hidden_layers"], entry["W_std"] ** 2, entry["b_std"] ** 2)
    # Its relative ridge is in units of the mean diagonal; ours is absolute.
    scales = (1, 1) if entry["diag_reg_absolute_scale"] else (np.diag(K)[:n].mean(), np.diag(Theta)[:n].mean())
    ridge_K, ridge_Theta = (entry["diag_reg"] * scale for scale in scales)
    noisy = K[:n, :n] + ridge_K * np.eye(n)
    close = {"rtol": 1e-8, "atol": 1e-9}
    for result in entry["results"]:
        t = np.inf if result["t"] is None else result["t"] / y.size  # its exponent is λt/(n·C)
        nngp_blocks = (K[:n, :n], K[n:, :n], K[n:, n:])
        mean, covariance = posterior_at_time(Theta[:n, :n], Theta[n:, :n], *nngp_blocks, y, t, ridge_Theta)
        np.testing.assert_allclose(mean, result["ntk_mean"], **close)
        np.testing.assert_allclose(covariance, result["ntk_cov"], **close)
        mean = predict_at_time(Theta[:n, :n], Theta[n:, :n], y, t, ridge=ridge_Theta)
        np.testing.assert_allclose(mean, result["ntk_mean"], **close)
        # Its NNGP posterior learns from noisy data: the ridge stands in the NNGP kernel too.
        mean, covariance = posterior_at_time(noisy, K[n:, :n], noisy, K[n:, :n], K[n:, n:], y, t)
        np.testing.assert_allclose(mean, result["nngp_mean"], **close)
        np.testing.assert_allclose(covariance, result["nngp_cov"], **close)
    for kernel, ridge, name in [(Theta, ridge_Theta, "ntk_mean"), (K, ridge_K, "nngp_mean")]:
        ours = predict_at_time(kernel[:n, :n], kernel[:n, :n], y, 1 / y.size, ridge=ridge)
        np.testing.assert_allclose(ours, entry["train_set_t1"][name], **close)


# Independent computations


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_agrees_with_an_ode_solver(ridge):
    # The flow of the weights: dw/dt = -Φᵀ(f - y) - δ (w - w0).
    rng = np.random.default_rng(1)
    Phi, Phi_s, y, f0, f0_s = (rng.normal(size=size) for size in [(5, 8), (3, 8), 5, 5, 3])
    for t in (0.1, 1.0, 5.0):
        flow = solve_ivp(
            lambda _, w: -Phi.T @ (f0 + Phi @ w - y) - ridge * w, (0, t), np.zeros(8), rtol=1e-10, atol=1e-12
        )
        ours = predict_at_time(Phi @ Phi.T, Phi_s @ Phi.T, y, t, f0, f0_s, ridge)
        np.testing.assert_allclose(ours, f0_s + Phi_s @ flow.y[:, -1], atol=1e-7)


@pytest.mark.parametrize("ridge", [0.0, 0.4])
def test_mean_and_covariance_are_those_of_sampled_networks(ridge):
    Theta, Theta_s, K, K_s, K_ss, y = blocks(c=1)
    n, m, draws, t = len(K), len(K_s), 40_000, 0.7
    start = np.random.default_rng(1).multivariate_normal(np.zeros(n + m), np.block([[K, K_s.T], [K_s, K_ss]]), draws)
    f0_train, f0_test = start[:, :n].T, start[:, n:].T
    ends = predict_at_time(Theta, Theta_s, np.repeat(y, draws, axis=1), t, f0_train, f0_test, ridge)
    mean, covariance = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y[:, 0], t, ridge)
    variance = np.diag(covariance)
    assert (np.abs(ends.mean(axis=1) - mean) < 5 * np.sqrt(variance / draws)).all()
    five_sigma = 5 * np.sqrt((np.outer(variance, variance) + covariance**2) / draws)
    assert (np.abs(np.cov(ends) - covariance) < five_sigma).all()


def test_the_clocks_of_the_three_losses():
    rng = np.random.default_rng(1)
    Phi, Phi_s, y = (rng.normal(size=size) for size in [(5, 8), (3, 8), 5])
    Theta, Theta_s, steps = Phi @ Phi.T, Phi_s @ Phi.T, 4000
    flow = predict_at_time(Theta, Theta_s, y, 0.5)
    # Sum loss: t = η·steps. First order in η: at 4,000 steps the gap is below λ²t²/(2·steps)·|f| ~ 1e-2.
    gaps = []
    for count in (steps, 2 * steps):
        gaps.append(np.abs(train_outputs(Theta, Theta_s, y, None, None, 0.5 / count, count)[1] - flow).max())
    assert gaps[0] < 1e-2
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=0.05)
    # 1/(2n): t = η·steps/n. The mean square without ½ steps twice as far: t = 2η·steps/n.
    w, _ = gradient_descent(Phi, y, np.zeros(8), np.zeros(5), 0.5 * 5 / steps, steps)
    np.testing.assert_allclose(np.abs(Phi_s @ w - flow).max(), gaps[0], rtol=1e-6)
    mean_square = torch.zeros(8, dtype=torch.float64, requires_grad=True)
    ((torch.tensor(Phi) @ mean_square - torch.tensor(y)) ** 2).mean().backward()
    first = gradient_descent(Phi, y, np.zeros(8), np.zeros(5), 2 * 0.1, 1)[0]
    np.testing.assert_allclose(-0.1 * mean_square.grad.numpy(), first, rtol=1e-12)


# Laws


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 6), t=st.floats(1e-6, 50), ridge=st.sampled_from([0.0, 0.2]), seed=st.integers(0, 2**31))
def test_laws(n, t, ridge, seed):
    Theta, Theta_s, K, K_s, K_ss, y = blocks(n, 3, 2, seed)
    rng = np.random.default_rng(seed + 1)
    f0, f0_s = rng.normal(size=(n, 2)), rng.normal(size=(3, 2))
    np.testing.assert_array_equal(predict_at_time(Theta, Theta_s, y, 0.0, f0, f0_s, ridge), f0_s)
    ends = kernel_regression(Theta, Theta_s, y, ridge, f0, f0_s)
    np.testing.assert_allclose(predict_at_time(Theta, Theta_s, y, np.inf, f0, f0_s, ridge), ends, rtol=1e-12)
    mean, covariance = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y, t, ridge)
    np.testing.assert_allclose(mean, predict_at_time(Theta, Theta_s, y, t, ridge=ridge), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > -1e-9
    # Twice the kernel is twice the clock (so the He-normalised NTK, twice the Gaussian one, trains twice as fast).
    fast = predict_at_time(2 * Theta, 2 * Theta_s, y, t, ridge=2 * ridge)
    np.testing.assert_allclose(fast, predict_at_time(Theta, Theta_s, y, 2 * t, ridge=ridge), rtol=1e-9, atol=1e-11)


@settings(max_examples=20, deadline=None)
@given(n=st.integers(1, 6), t=st.floats(1e-6, 50), seed=st.integers(0, 2**31))
def test_training_on_is_training_through(n, t, seed):
    Theta, Theta_s, _, _, _, y = blocks(n, 3, 2, seed)
    rng = np.random.default_rng(seed + 1)
    f0, f0_s = rng.normal(size=(n, 2)), rng.normal(size=(3, 2))
    half_way = predict_at_time(Theta, Theta, y, t / 3, f0, f0), predict_at_time(Theta, Theta_s, y, t / 3, f0, f0_s)
    through = predict_at_time(Theta, Theta_s, y, t, f0, f0_s)
    np.testing.assert_allclose(predict_at_time(Theta, Theta_s, y, 2 * t / 3, *half_way), through, atol=1e-9)


def test_start_and_end_of_the_posterior():
    Theta, Theta_s, K, K_s, K_ss, y = blocks()
    mean, covariance = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y, 0)
    np.testing.assert_array_equal(mean, np.zeros((3, 2)))
    np.testing.assert_allclose(covariance, K_ss, rtol=1e-15)
    for late in (np.inf, 1e6):
        ends = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y, late, 0.1)
        for ours, theirs in zip(ends, posterior(Theta, Theta_s, K, K_s, K_ss, y, 0.1), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    noisy = K + 0.1 * np.eye(5)
    bayes = bayesian_posterior(K, K_s, K_ss, y, 0.1)
    np.testing.assert_allclose(posterior_at_time(noisy, K_s, noisy, K_s, K_ss, y, np.inf)[1], bayes[1], rtol=1e-9)


def test_many_times_at_once():
    Theta, Theta_s, K, K_s, K_ss, y = blocks()
    times = [0, 0.3, np.inf]
    means = predict_at_time(Theta, Theta_s, y, times)
    all_means, covariances = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y, np.array(times))
    assert (means.shape, covariances.shape) == ((3, 3, 2), (3, 3, 3))
    for i, t in enumerate(times):
        mean, covariance = posterior_at_time(Theta, Theta_s, K, K_s, K_ss, y, t)
        np.testing.assert_allclose(means[i], mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(all_means[i], mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(covariances[i], covariance, rtol=1e-9, atol=1e-12)


def test_singular_kernels_flow_until_rounding_decides():
    x = np.random.default_rng(0).normal(size=(6, 2))
    Theta = x @ x.T  # rank 2: four modes never move, and nobody needs to know them
    y = x @ [1.0, -2.0]
    np.testing.assert_allclose(predict_at_time(Theta, Theta, y, 1e6), y, atol=1e-8)
    assert np.isfinite(predict_at_time(Theta, Theta, y, np.inf, ridge=1e-3)).all()
    for late in (np.inf, 1e20, [1.0, np.inf]):
        with pytest.raises(ValueError, match=r"Theta_train has rank 2 .* 6 rows.*ridge"):
            predict_at_time(Theta, Theta, y, late)
    with pytest.raises(ValueError, match=r"Theta_train has rank 0"):
        predict_at_time(np.zeros((2, 2)), np.zeros((1, 2)), [1, 1], [np.inf])
    # Unequal rates across 12 decades, long after the first has settled and long before the last has moved.
    slow = predict_at_time(np.diag([1.0, 1e-12]), np.diag([1.0, 1e-12]), [1, 1], 1e3)
    np.testing.assert_allclose(slow, [1.0, 1e-9], rtol=1e-8)


def test_kind_and_dtype_are_kept():
    Theta, Theta_s, K, K_s, K_ss, y = blocks()
    single = [a.astype(np.float32) for a in (Theta, Theta_s, K, K_s, K_ss, y)]
    mean, covariance = posterior_at_time(*single, 0.5)
    assert mean.dtype == covariance.dtype == predict_at_time(*single[:2], single[-1], 0.5).dtype == np.float32
    tensors = [torch.tensor(a) for a in (Theta, Theta_s, y)]
    ours = predict_at_time(*tensors, 0.5)
    assert isinstance(ours, torch.Tensor)
    np.testing.assert_array_equal(ours.numpy(), predict_at_time(Theta, Theta_s, y, 0.5))
    assert predict_at_time(Theta, Theta_s, y[:, 0], 0.5).shape == (3,)


THETA, THETA_S, K, K_S, K_SS, Y = blocks()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"t": -1.0}, ValueError, r"t must be at least 0 \(infinity is allowed\); got -1\.0"),
        ({"t": np.nan}, ValueError, r"t must be at least 0"),
        ({"t": "late"}, TypeError, r"t must be a time at least 0, or a sequence of them; got 'late'"),
        ({"t": []}, ValueError, r"t must not be empty"),
        ({"t": [1.0, -2.0]}, ValueError, r"t must be at least 0"),
        ({"ridge": -1.0}, ValueError, r"ridge must be a finite number at least 0"),
        ({"y": Y[:3]}, ValueError, r"y must have 5 rows like Theta_train; got 3"),
        ({"Theta_train": THETA - 3 * np.eye(5)}, ValueError, r"Theta_train must be positive semi-definite"),
        ({"Theta_train": THETA[:3]}, ValueError, r"Theta_train must be square"),
        ({"Theta_test": THETA_S.T}, ValueError, r"Theta_test must be test × train.*pass Theta_test\.T"),
        ({"Theta_test": np.full((3, 5), np.nan)}, ValueError, r"Theta_test must be finite"),
    ],
)
def test_bad_input_is_named(options, error, message):
    given = {"Theta_train": THETA, "Theta_test": THETA_S, "y": Y, "t": 1.0} | options
    with pytest.raises(error, match=message):
        predict_at_time(**given)
    with pytest.raises(error, match=message):
        posterior_at_time(**given, K_train=K, K_test=K_S, K_test_test=K_SS)


@pytest.mark.parametrize("late", [1.0, np.inf])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"f0_train": Y}, r"f0_train came without f0_test"),
        ({"f0_train": Y[:, 0], "f0_test": Y[:3]}, r"f0_train must have shape \(5, 2\) like y; got \(5,\)"),
        ({"f0_train": Y, "f0_test": Y}, r"f0_test must have shape \(3, 2\) like the answer; got \(5, 2\)"),
    ],
)
def test_bad_initial_outputs_are_named(late, options, message):
    with pytest.raises(ValueError, match=message):
        predict_at_time(THETA, THETA_S, Y, late, **options)


@pytest.mark.parametrize("late", [1.0, np.inf])
def test_bad_nngp_blocks_are_named(late):
    with pytest.raises(ValueError, match=r"K_test must have 3 rows like Theta_test"):
        posterior_at_time(THETA, THETA_S, K, K_S[:2], K_SS, Y, late)
    with pytest.raises(ValueError, match=r"K_test_test must be test × test"):
        posterior_at_time(THETA, THETA_S, K, K_S, K, Y, late)
