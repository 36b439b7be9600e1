"""Losses, their error factors and where the cross-entropy ends: autograd, SciPy, hand values, laws, and the errata.

In the errata's tests the printed statement fails and ours holds; see course/errata.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.dynamics import (
    cross_entropy_limit,
    error_factor,
    newton_step,
    soft_labels,
    softmax,
    train_outputs,
    training_loss,
)


def arrays(n: int = 4, c: int = 3, seed: int = 0):
    """Outputs, squared-error targets, target distributions and a metric."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, n))
    return rng.normal(size=(n, c)), rng.normal(size=(n, c)), rng.dirichlet(np.ones(c), size=n), A @ A.T + np.eye(n)


def kernel(n: int = 4, m: int = 2, seed: int = 3):
    """A well-conditioned NTK: train × train and test × train."""
    Phi = np.random.default_rng(seed).normal(size=(n + m, n + m + 8)) / np.sqrt(n + m + 8)
    return Phi[:n] @ Phi[:n].T, Phi[n:] @ Phi[:n].T


def test_values_worked_by_hand():
    assert training_loss([1.0, 2.0], [0.0, 4.0]) == 2.5  # ½ (1 + 4)
    assert training_loss([1.0, 2.0], [0.0, 4.0], metric=[[2, 1], [1, 3]]) == 5.0  # ½ (2·1 - 2·2 + 3·4)
    np.testing.assert_array_equal(error_factor([1, 2], [0, 4], metric=[[2, 1], [1, 3]]), [0, -5])
    z, p = [[0, np.log(3)]], [[0.5, 0.5]]  # q = (1/4, 3/4)
    np.testing.assert_allclose(softmax(z), [[0.25, 0.75]], rtol=1e-14)
    np.testing.assert_allclose(training_loss(z, p, "cross_entropy"), np.log(4) - 0.5 * np.log(3), rtol=1e-14)
    np.testing.assert_allclose(error_factor(z, p, "cross_entropy"), [[-0.25, 0.25]], rtol=1e-14)
    np.testing.assert_allclose(error_factor(z, [[1, 1]], "cross_entropy"), [[-0.5, 0.5]], rtol=1e-14)  # mass 2
    np.testing.assert_allclose(soft_labels([2, 0], 3, 0.1), [[0.05, 0.05, 0.9], [0.9, 0.05, 0.05]], rtol=1e-14)
    np.testing.assert_array_equal(soft_labels([1], 2, 0), [[0, 1]])


@pytest.mark.parametrize("which", ["mse", "generalised", "cross_entropy", "heavy"])
def test_error_factor_is_the_derivative_by_autograd(which):
    z, y, p, kappa = arrays()
    y = {"cross_entropy": p, "heavy": 2.5 * p}.get(which, y)
    loss = "cross_entropy" if which in ("cross_entropy", "heavy") else "mse"
    metric = kappa if which == "generalised" else None
    zt, yt = torch.tensor(z, requires_grad=True), torch.tensor(y)
    if loss == "mse":
        r = zt - yt
        value = 0.5 * torch.einsum("ai,ab,bi->", r, torch.eye(4).double() if metric is None else torch.tensor(kappa), r)
    else:
        value = -(yt * torch.log(torch.exp(zt) / torch.exp(zt).sum(dim=1, keepdim=True))).sum()
    value.backward()
    np.testing.assert_allclose(training_loss(z, y, loss, metric), value.item(), rtol=1e-12)
    np.testing.assert_allclose(error_factor(z, y, loss, metric), zt.grad.numpy(), rtol=1e-11, atol=1e-13)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 5), c=st.integers(2, 5), shift=st.floats(-50, 50), seed=st.integers(0, 2**31))
def test_softmax_and_cross_entropy_laws(n, c, shift, seed):
    z, _, p, _ = arrays(n, c, seed)
    np.testing.assert_allclose(softmax(z), scipy.special.softmax(z, axis=1), rtol=1e-12)
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-10)
    np.testing.assert_allclose(error_factor(z, p, "cross_entropy").sum(axis=1), 0, atol=1e-14)
    # Gibbs: the loss is least, the entropy of p, where softmax(z) = p.
    entropy = -(p * np.log(p)).sum()
    assert training_loss(z, p, "cross_entropy") >= entropy - 1e-12
    np.testing.assert_allclose(training_loss(np.log(p) + shift, p, "cross_entropy"), entropy, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(error_factor(np.log(p) + shift, p, "cross_entropy"), 0, atol=1e-12)


def test_large_logits_do_not_overflow():
    assert np.isfinite(softmax([[1000.0, 0.0]])).all()
    assert training_loss([[1000.0, 0.0]], [[0.0, 1.0]], "cross_entropy") == 1000.0


def test_erratum_a_generalisation_error_compares_sums():
    # (10.50) subtracts two sums: with twice the samples both double, so losses compare per sample only.
    z, y, p, _ = arrays()
    for targets, loss in [(y, "mse"), (p, "cross_entropy")]:
        twice = training_loss(np.vstack([z, z]), np.vstack([targets, targets]), loss)
        np.testing.assert_allclose(twice, 2 * training_loss(z, targets, loss), rtol=1e-14)


def test_erratum_cross_entropy_wires_the_outputs_during_training():
    # Footnote 2 of the book: "no correlation between output components". q_i holds every output of its sample.
    Theta, Theta_s = kernel()
    f0, y, p, _ = arrays()
    f0_s = np.zeros((2, 3))
    moved = f0 + np.eye(3)[1]  # logit 1 starts one higher, the others where they were
    for loss, targets, reach in [("mse", y, 0.0), ("cross_entropy", p, None)]:
        ends = [train_outputs(Theta, Theta_s, targets, f, f0_s, 0.5, 20, loss)[1] for f in (f0, moved)]
        change = np.abs(ends[1] - ends[0])[:, 0].max()  # of logit 0, at the test inputs
        assert change == reach if reach is not None else change > 0.02


def test_erratum_the_final_logits_of_cross_entropy_are_not_y():
    # §10.2.3 with (10.35): z = y = log p. The sum over outputs never moves, so z is y shifted to the starting mean.
    Theta, Theta_s = kernel()
    f0, _, p, _ = arrays()
    p = 0.8 * p + 0.2 / 3
    f0_s = np.random.default_rng(8).normal(size=(2, 3))
    z, z_s, losses = train_outputs(Theta, Theta_s, p, f0, f0_s, 1.0, 6000, "cross_entropy")
    np.testing.assert_allclose(z.sum(axis=1), f0.sum(axis=1), atol=1e-10)
    np.testing.assert_allclose(z_s.sum(axis=1), f0_s.sum(axis=1), atol=1e-10)
    np.testing.assert_allclose(softmax(z), p, atol=1e-9)
    assert np.abs(z - np.log(p)).max() > 0.5  # the printed statement
    np.testing.assert_allclose(cross_entropy_limit(Theta, Theta, p, f0, f0), z, atol=1e-8)
    np.testing.assert_allclose(cross_entropy_limit(Theta, Theta_s, p, f0, f0_s), z_s, atol=1e-8)
    # The softmax is the printed one all the same, at the test inputs too: the giant leap to log p has it.
    leap = newton_step(Theta, Theta_s, np.log(p), f0, f0_s)
    np.testing.assert_allclose(softmax(leap), softmax(z_s), atol=1e-8)
    assert np.abs(leap - z_s).max() > 0.1
    assert (np.diff(losses) <= 1e-12).all()


def test_one_hot_labels_have_no_limit():
    # §10.2.3: their minimum is at infinity; the loss falls for ever and the logits grow.
    Theta, Theta_s = kernel()
    p = soft_labels([0, 1, 2, 0], 3, 0)
    with pytest.raises(ValueError, match=r"p must be greater than 0 everywhere.*soft_labels"):
        cross_entropy_limit(Theta, Theta_s, p, np.zeros((4, 3)), np.zeros((2, 3)))
    zeros = np.zeros((4, 3)), np.zeros((2, 3))
    early, late = (train_outputs(Theta, Theta_s, p, *zeros, 1.0, steps, "cross_entropy")[0] for steps in (500, 5000))
    assert np.abs(late).max() > np.abs(early).max() + 1


def test_limit_worked_by_hand_and_kinds():
    # p = (1/4, 3/4): log p is (0, ln 3) up to a shift; start (1, 1) has mean 1, so the end is 1 ∓ ½ ln 3.
    half = 0.5 * np.log(3)
    ends = cross_entropy_limit([[2]], [[2], [1]], [[0.25, 0.75]], [[1, 1]], [[1, 1], [0, 0]])
    np.testing.assert_allclose(ends, [[1 - half, 1 + half], [-half / 2, half / 2]], rtol=1e-13)
    Theta, Theta_s = (torch.tensor(a) for a in kernel())
    f0, _, p, _ = (torch.tensor(a) for a in arrays())
    assert isinstance(cross_entropy_limit(Theta, Theta_s, p, f0, torch.zeros(2, 3)), torch.Tensor)
    assert isinstance(error_factor(f0, p, "cross_entropy"), torch.Tensor)
    assert isinstance(training_loss(f0, p), float)
    assert softmax(np.zeros((1, 2), np.float32)).dtype == np.float32


Z, Y, P, KAPPA = arrays()


@pytest.mark.parametrize("function", [training_loss, error_factor])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Z, Y[:2]), r"y must have shape \(4, 3\) like z; got \(2, 3\)"),
        ((Z[0], Y), r"y must have shape \(3,\) like z"),
        ((Z * np.nan, Y), r"z must be finite"),
        ((Z, Y, "cross_entropi"), r"loss must be one of .*Did you mean 'cross_entropy'"),
        ((Z, Y, "cross_entropy"), r"y must hold probabilities"),
        ((Z[:, 0], P[:, 0], "cross_entropy"), r"y must have shape \(n, c\), one column per class"),
        ((Z, P, "cross_entropy", KAPPA), r"metric belongs to the squared error"),
        ((Z, Y, "mse", KAPPA[:2, :2]), r"metric must have 4 rows like z"),
        ((Z, Y, "mse", np.triu(KAPPA)), r"metric must be symmetric"),
    ],
)
def test_bad_losses_are_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_bad_labels_and_logits_are_named():
    with pytest.raises(ValueError, match=r"labels must be whole numbers from 0 to 2"):
        soft_labels([0, 3], 3, 0.1)
    with pytest.raises(ValueError, match=r"labels must be whole numbers"):
        soft_labels([0.5], 3, 0.1)
    with pytest.raises(ValueError, match=r"labels must have 1 axis"):
        soft_labels([[0]], 3, 0.1)
    with pytest.raises(ValueError, match=r"smoothing must be below 1; got 1"):
        soft_labels([0], 3, 1)
    with pytest.raises(ValueError, match=r"n_classes must be at least 2"):
        soft_labels([0], 1, 0.1)
    with pytest.raises(ValueError, match=r"z must have 2 axes"):
        softmax([0.0, 1.0])


@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (0, np.ones((4, 4)), r"Theta_train has rank 1"),
        (1, np.ones((4, 2)), r"Theta_test must be test × train.*pass Theta_test\.T"),
        (2, 2 * P, r"p must hold distributions; its rows sum to 1 only within 1"),
        (2, P[0], r"p must have 2 axes"),
        (3, np.zeros(4), r"f0_train must have shape \(4, 3\) like p; got \(4,\)"),
        (4, np.zeros((4, 3)), r"f0_test must have shape \(2, 3\) like the answer; got \(4, 3\)"),
    ],
)
def test_bad_input_to_the_limit_is_named(position, value, message):
    arguments = [*kernel(), P, np.zeros((4, 3)), np.zeros((2, 3))]
    arguments[position] = value
    with pytest.raises(ValueError, match=message):
        cross_entropy_limit(*arguments)
