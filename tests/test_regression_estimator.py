"""KernelRegressor: scikit-learn's own checks in full, its tools for model selection, and the matrix functions."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, make_regression
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import ntklab.regression
from ntklab.kernels import MLP, gaussian_kernel, nngp, nngp_and_ntk, ntk
from ntklab.regression import KernelRegressor, bayesian_posterior, kernel_regression, posterior

REFERENCE = json.loads((Path(__file__).parent / "reference" / "reference_kernels.json").read_text())
INDEFINITE = "scikit-learn fits a matrix that is no kernel matrix: its eigenvalues are of both signs"


def expected_to_fail(estimator):
    if estimator.kernel != "precomputed":
        return {}
    return dict.fromkeys(["check_positive_only_tag_during_fit", "check_estimators_dtypes"], INDEFINITE)


class Gaussian:
    """A user's kernel whose printed name, and so the tests' names, are the same in every process."""

    def __call__(self, X, Z=None):
        return gaussian_kernel(X, Z)

    def __repr__(self):
        return "Gaussian()"


@parametrize_with_checks(
    [KernelRegressor(), KernelRegressor(Gaussian()), KernelRegressor("precomputed", ridge=0.1)],
    expected_failed_checks=expected_to_fail,
)
def test_scikit_learn_compatibility(estimator, check):
    check(estimator)


def data(n: int = 40, d: int = 3, m: int = 7, c: int | None = None, seed: int = 0):
    rng = np.random.default_rng(seed)
    size = n if c is None else (n, c)
    return rng.normal(size=(n, d)), rng.normal(size=size), rng.normal(size=(m, d))


# Against the matrix functions


@pytest.mark.parametrize("c", [None, 2])
@pytest.mark.parametrize("kernel", ["ntk", "nngp"])
def test_it_is_kernel_regression_and_its_posterior(kernel, c, monkeypatch):
    monkeypatch.setattr("ntklab.regression.estimator._BLOCK", 3)  # several blocks of test rows
    mlp = MLP(hidden_layers=2, activation="erf", C_W=1.5, C_b=0.2, lambda_W=1.0, lambda_b=0.3)
    X, y, Z = data(c=c)
    model = KernelRegressor(kernel, mlp, ridge=0.01).fit(X, y)
    K, Theta = nngp_and_ntk(X, mlp=mlp)
    K_s, Theta_s = nngp_and_ntk(Z, X, mlp=mlp)
    K_ss = nngp(Z, mlp=mlp)
    if kernel == "ntk":
        mean, covariance = posterior(Theta, Theta_s, K, K_s, K_ss, y, 0.01)
    else:
        mean, covariance = bayesian_posterior(K, K_s, K_ss, y, 0.01)
    close = {"rtol": 1e-8, "atol": 1e-10}
    np.testing.assert_allclose(model.predict(Z), mean, **close)
    ours, std = model.predict(Z, return_std=True)
    np.testing.assert_allclose(ours, mean, **close)
    assert std.shape == mean.shape
    np.testing.assert_allclose(
        std.reshape(7, -1), np.sqrt(np.diag(covariance))[:, None] * np.ones((1, c or 1)), **close
    )
    ours, full = model.predict(Z, return_cov=True)
    np.testing.assert_allclose(ours, mean, **close)
    assert full.shape == ((7, 7) if c is None else (7, 7, 2))
    np.testing.assert_allclose(full if c is None else full[..., 1], covariance, **close)


def test_a_function_as_kernel_agrees_with_scikit_learn():
    X, y, Z = data(c=2)
    model = KernelRegressor(partial(gaussian_kernel, length_scale=0.7), ridge=0.1).fit(X, y)
    ridge = KernelRidge(alpha=0.1, kernel="rbf", gamma=1 / (2 * 0.7**2)).fit(X, y)
    np.testing.assert_allclose(model.predict(Z), ridge.predict(Z), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.dual_coef_, ridge.dual_coef_, rtol=1e-9, atol=1e-12)
    process = GaussianProcessRegressor(RBF(0.7), alpha=0.1, optimizer=None).fit(X, y)
    for option in ("return_std", "return_cov"):
        for ours, theirs in zip(model.predict(Z, **{option: True}), process.predict(Z, **{option: True}), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-11)


def test_a_precomputed_kernel_is_the_same_model():
    X, y, Z = data()
    mlp = MLP(C_b=0.1)
    direct = KernelRegressor(ridge=0.01).fit(X, y)
    K = ntk(X, mlp=mlp)
    before = K.copy()
    given = KernelRegressor("precomputed", ridge=0.01).fit(K, y)
    np.testing.assert_array_equal(K, before)
    np.testing.assert_allclose(given.predict(ntk(Z, X, mlp=mlp)), direct.predict(Z), rtol=1e-12)
    assert given.X_fit_ is None
    np.testing.assert_allclose(
        cross_val_score(KernelRegressor("precomputed", ridge=0.01), K, y, cv=4),
        cross_val_score(KernelRegressor(ridge=0.01), X, y, cv=4),
        rtol=1e-9,
    )


def test_the_default_network_is_one_hidden_relu_layer_with_biases():
    X, y, Z = data()
    mlp = MLP(hidden_layers=1, activation="relu", C_W=2.0, C_b=0.1)
    expected = kernel_regression(ntk(X, mlp=mlp), ntk(Z, X, mlp=mlp), y, 1e-6)
    np.testing.assert_allclose(KernelRegressor().fit(X, y).predict(Z), expected, rtol=1e-8)


@pytest.mark.parametrize("entry", REFERENCE["predictions"])
def test_predictions_of_the_reference_file(entry):
    # neural-tangents' parameterisation is λ = C. Here the kernels come from the library too.
    X, Z, y = (np.array(REFERENCE["inputs"][name]) for name in ("x_train", "x_test", "y_train"))
    y = y if entry["y"] == "y" else y[:, :1]
    mlp = MLP(entry["hidden_layers"], "relu", C_W=entry["W_std"] ** 2, C_b=entry["b_std"] ** 2)
    trained = next(result for result in entry["results"] if result["t"] is None)
    for kernel, function in (("ntk", ntk), ("nngp", nngp)):
        scale = 1.0 if entry["diag_reg_absolute_scale"] else np.diag(function(X, mlp=mlp)).mean()
        model = KernelRegressor(kernel, mlp, ridge=entry["diag_reg"] * scale).fit(X, y)
        mean, covariance = model.predict(Z, return_cov=True)
        np.testing.assert_allclose(mean.reshape(4, -1), trained[f"{kernel}_mean"], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(covariance.reshape(4, 4, -1)[..., 0], trained[f"{kernel}_cov"], rtol=1e-8, atol=1e-9)


# Laws


def test_the_spread_vanishes_at_training_points_and_stays_real():
    X, y, Z = data(n=15)
    model = KernelRegressor(ridge=1e-10).fit(X, y)
    mean, std = model.predict(X, return_std=True)
    np.testing.assert_allclose(mean, y, atol=1e-6)
    assert (std < 1e-4).all()
    assert (model.predict(Z, return_std=True)[1] > 1e-2).all()


def test_repeated_inputs_are_averaged_by_the_default_ridge():
    model = KernelRegressor().fit([[0.0], [0.0], [1.0]], [1.0, 3.0, 5.0])
    np.testing.assert_allclose(model.predict([[0.0], [1.0]]), [2.0, 5.0], atol=1e-4)


def test_the_fitted_model_owns_its_data():
    X, y, Z = data()
    model = KernelRegressor().fit(X, y)
    before = model.predict(Z)
    X[:], y[:] = 0, 0
    np.testing.assert_array_equal(model.predict(Z), before)
    # Nor is a kernel that hands out an array of its own factorised in place.
    kept = np.diag([2.0, 3.0])
    KernelRegressor(lambda X, Z: kept, ridge=1.0).fit([[0.0], [1.0]], [1.0, 2.0])
    np.testing.assert_array_equal(kept, np.diag([2.0, 3.0]))


def test_float32_stays_float32():
    X, y, Z = (a.astype(np.float32) for a in data())
    model = KernelRegressor(ridge=1e-2).fit(X, y)
    assert model.predict(Z).dtype == model.dual_coef_.dtype == np.float32
    np.testing.assert_allclose(
        model.predict(Z), KernelRegressor(ridge=1e-2).fit(*data()[:2]).predict(data()[2]), atol=1e-3
    )


# In scikit-learn's tools


def test_it_works_in_a_pipeline_and_a_grid_search():
    X, y = make_regression(80, 5, noise=1.0, random_state=0)
    y = y / y.std()
    pipeline = make_pipeline(StandardScaler(), KernelRegressor())
    assert cross_val_score(pipeline, X, y, cv=4).min() > 0.8
    grid = {
        "kernelregressor__ridge": [1e-6, 1e-2, 1e2],
        "kernelregressor__mlp": [None, MLP(hidden_layers=3)],
        "kernelregressor__kernel": ["ntk", "nngp"],
    }
    search = GridSearchCV(pipeline, grid, cv=3).fit(X, y)
    assert search.best_params_["kernelregressor__ridge"] < 1e2
    assert search.best_estimator_.score(X, y) > 0.9


def test_it_learns_digits():
    X, digit = load_digits(return_X_y=True)
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    order = np.random.default_rng(0).permutation(len(X))
    train, test = order[:300], order[300:800]
    model = KernelRegressor(ridge=1e-3).fit(X[train], np.eye(10)[digit[train]] - 0.1)
    # Independent code found an error of .027 over five splits of 300; one split of 500 test images scatters by .007.
    error = np.mean(model.predict(X[test]).argmax(axis=1) != digit[test])
    assert abs(error - 0.027) < 5 * np.sqrt(0.027 / 500)


def test_it_pickles_and_clones():
    X, y, Z = data()
    model = KernelRegressor("nngp", MLP(hidden_layers=2), ridge=0.1).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    for ours, theirs in zip(again.predict(Z, return_std=True), model.predict(Z, return_std=True), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "dual_coef_")


def test_the_matrix_functions_do_without_scikit_learn():
    code = "import sys, ntklab.regression, ntklab.dynamics, ntklab.bounds; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    with pytest.raises(AttributeError, match=r"module 'ntklab\.regression' has no attribute 'KernelRegresor'"):
        ntklab.regression.KernelRegresor  # noqa: B018


# Bad input


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kernel": "nkt"}, r"kernel must be one of 'ntk', 'nngp', 'precomputed'; got 'nkt'\. Did you mean 'ntk'\?"),
        ({"ridge": -1.0}, r"ridge must be a finite number at least 0; got -1\.0"),
        ({"kernel": lambda X, Z: X @ Z.T, "ridge": 0}, r"the kernel matrix has rank 3 .* 40 rows.*ridge"),
        ({"kernel": lambda X, Z: X[:3] @ Z.T}, r"kernel\(X, Z\) must have 40 rows"),
        ({"kernel": lambda X, Z: np.full((len(X), len(Z)), np.nan)}, r"kernel\(X, X\) must be finite; got nan"),
        ({"kernel": lambda X, Z: X @ Z[::-1].T}, r"kernel\(X, X\) must be symmetric"),
        ({"kernel": "precomputed"}, r"X, the precomputed kernel, must be square"),
    ],
)
def test_bad_settings_are_named(settings, message):
    X, y, _ = data()
    with pytest.raises(ValueError, match=message):
        KernelRegressor(**settings).fit(X, y)


def test_bad_requests_are_named():
    X, y, Z = data()
    with pytest.raises(ValueError, match=r"return_std and return_cov exclude each other"):
        KernelRegressor().fit(X, y).predict(Z, return_std=True, return_cov=True)
    K = X @ X.T + np.eye(40)
    with pytest.raises(ValueError, match=r"a precomputed kernel says nothing of test × test inputs"):
        KernelRegressor("precomputed").fit(K, y).predict(K, return_std=True)
    with pytest.raises(TypeError, match=r"mlp must be an MLP"):
        KernelRegressor(mlp="deep").fit(X, y)
