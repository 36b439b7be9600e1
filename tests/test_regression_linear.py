"""linear_regression against scikit-learn and hand-worked values, and the errata of the book's §10.4 with numbers.

In the errata's tests the printed formula fails and ours holds; see course/errata.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from ntklab.regression import kernel_regression, linear_regression


def features(n: int = 9, p: int = 4, c: int = 2, seed: int = 0):
    """Features with φ₀ = 1, targets, and the features of three test points."""
    rng = np.random.default_rng(seed)
    Phi, Phi_test = rng.normal(size=(n, p)), rng.normal(size=(3, p))
    Phi[:, 0] = Phi_test[:, 0] = 1
    return Phi, rng.normal(size=(n, c)), Phi_test


@pytest.mark.parametrize(
    ("ridge", "expected", "why"),
    [
        (0, [1.0, 2.0], "the line 1 + 2x passes through all three points"),
        (1, [1.0, 5 / 3], "M + I = [[4, 3], [3, 6]], Φᵀy = (9, 13): (6·9 - 3·13, 4·13 - 3·9)/15"),
    ],
)
def test_values_worked_by_hand(ridge, expected, why):
    weights = linear_regression([[1, 0], [1, 1], [1, 2]], [1, 3, 5], ridge)
    np.testing.assert_allclose(weights, expected, rtol=1e-13, err_msg=why)


@pytest.mark.parametrize("ridge", [0.0, 0.7])
def test_agrees_with_scikit_learn_and_the_normal_equations(ridge):
    Phi, y, _ = features()
    weights = linear_regression(Phi, y, ridge)
    direct = np.linalg.solve(Phi.T @ Phi + ridge * np.eye(4), Phi.T @ y)
    np.testing.assert_allclose(weights, direct, rtol=1e-10)
    np.testing.assert_allclose(weights, Ridge(alpha=ridge, fit_intercept=False).fit(Phi, y).coef_.T, rtol=1e-9)
    np.testing.assert_allclose(linear_regression(Phi, y[:, 0], ridge), weights[:, 0], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 10), p=st.integers(1, 10), ridge=st.floats(1e-3, 10), seed=st.integers(0, 2**32 - 1))
def test_primal_equals_dual(n, p, ridge, seed):
    Phi, y, Phi_test = features(n, p, seed=seed)
    dual = kernel_regression(Phi @ Phi.T, Phi_test @ Phi.T, y, ridge)
    np.testing.assert_allclose(Phi_test @ linear_regression(Phi, y, ridge), dual, rtol=1e-8, atol=1e-9)


def test_ill_conditioned_features_keep_their_digits():
    # Condition 1e7: through ΦᵀΦ (1e14) some five digits would be left, by QR about nine.
    Phi = np.vander(np.linspace(0, 1, 20), 10)
    exact = np.arange(1.0, 11)
    assert 1e6 < np.linalg.cond(Phi) < 1e8
    np.testing.assert_allclose(linear_regression(Phi, Phi @ exact), exact, rtol=1e-7)


def test_kind_and_dtype_are_kept():
    Phi, y, _ = features()
    assert linear_regression(Phi.astype(np.float32), y.astype(np.float32)).dtype == np.float32
    tensor = linear_regression(torch.tensor(Phi), torch.tensor(y))
    np.testing.assert_array_equal(tensor.numpy(), linear_regression(Phi, y))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 2.0], [1.0, 2.0]), r"Phi must have 2 axes.*Phi\[:, None\]"),
        ((np.ones((3, 2)), np.ones(2)), r"y must have 3 rows like Phi; got 2"),
        ((np.ones((3, 2)), np.ones(3)), r"Phi has rank 1 .* 2 columns .*ridge"),
        ((np.eye(2, 3), np.ones(2)), r"Phi has rank 2 .* 3 columns \(and 2 rows\)"),
        ((np.ones((3, 2)), np.ones(3), 1e-40), r"Phi has rank 1 .* at ridge=1e-40"),
        ((np.eye(2), np.ones(2), -1.0), r"ridge must be a finite number at least 0"),
        ((np.eye(2) * np.nan, np.ones(2)), r"Phi must be finite"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        linear_regression(*arguments)


def test_erratum_the_ridge_is_twice_the_regulator():
    # (10.120) + a Σ W²: the gradient vanishes at δ = 2a (10.127), not at δ = a; and φ₀'s weight is penalised too.
    Phi, y, _ = features()
    a = 0.35

    def gradient(weights):
        W = torch.tensor(weights, requires_grad=True)
        loss = ((torch.tensor(y) - torch.tensor(Phi) @ W) ** 2).sum() / 2 + a * (W**2).sum()
        return torch.autograd.grad(loss, W)[0].abs().max().item()

    assert gradient(linear_regression(Phi, y, ridge=2 * a)) < 1e-12
    assert gradient(linear_regression(Phi, y, ridge=a)) > 0.1
    spared = Ridge(alpha=2 * a).fit(Phi[:, 1:], y)
    assert abs(spared.intercept_ - linear_regression(Phi, y, ridge=2 * a)[0]).max() > 0.01


def test_erratum_the_linear_kernel_of_a_model_with_bias():
    # (10.132) sums x_i x'_i from i = 1; the model (10.118) has a bias, whose feature φ₀ = 1 adds 1.
    Phi, y, Phi_test = features()
    X, Z, ridge = Phi[:, 1:], Phi_test[:, 1:], 0.5
    primal = Phi_test @ linear_regression(Phi, y, ridge)
    with_bias = kernel_regression(1 + X @ X.T, 1 + Z @ X.T, y, ridge)
    as_printed = kernel_regression(X @ X.T, Z @ X.T, y, ridge)
    np.testing.assert_allclose(with_bias, primal, rtol=1e-10)
    assert np.abs(as_printed - primal).max() > 0.05


@pytest.mark.parametrize(("n", "p", "missing"), [(6, 9, "M"), (9, 6, "k")])
def test_erratum_the_two_inverses_exist_together_only_for_square_features(n, p, missing):
    # (10.129)-(10.131) use M⁻¹ and k⁻¹. With the regulator the right form is k_*(k + 2a)⁻¹, and (10.131) its limit.
    Phi, y, Phi_test = features(n, p)
    primal, dual = (Phi, y), (Phi @ Phi.T, Phi_test @ Phi.T, y)
    solve, arguments = (linear_regression, primal) if missing == "M" else (kernel_regression, dual)
    with pytest.raises(ValueError, match="rank 6"):
        solve(*arguments)
    a = 0.2
    regulated = Phi_test @ linear_regression(Phi, y, 2 * a)
    np.testing.assert_allclose(kernel_regression(*dual, 2 * a), regulated, rtol=1e-10)
    if missing == "M":
        np.testing.assert_allclose(kernel_regression(*dual), Phi_test @ linear_regression(*primal, 1e-8), rtol=1e-5)


def test_erratum_overparameterised_is_not_enough_for_the_kernel_inverse():
    # After (10.128): p ≥ n is necessary. Two equal inputs leave k singular at any p.
    Phi, y, Phi_test = features(5, 30)
    Phi[4] = Phi[0]
    with pytest.raises(ValueError, match="K_train has rank 4"):
        kernel_regression(Phi @ Phi.T, Phi_test @ Phi.T, y)


def test_erratum_the_inverse_tangent_kernel_is_printed_with_lower_indices():
    # (10.34), (10.35), (10.39)-(10.41) print the symbol of Θ itself: literal code multiplies by it.
    Phi, y, _ = features(5, 30)
    Theta, f0 = Phi @ Phi.T, np.ones_like(y)
    as_printed = f0 - Theta @ Theta @ (f0 - y)
    assert np.abs(as_printed - y).max() > 100
    np.testing.assert_allclose(kernel_regression(Theta, Theta, y, f0_train=f0, f0_test=f0), y, atol=1e-10)
