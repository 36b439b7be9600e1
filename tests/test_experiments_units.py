"""Units of work against hand-worked cases, other packages and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from ntklab import datasets
from ntklab.experiments import (
    angles,
    depth_exponents,
    ensemble_band,
    fig2,
    kernel_drift,
    learning_curves,
    one_limit,
    random_labels,
    spectra,
    star_polation,
)
from ntklab.kernels import two_layer_ntk


def test_all_points_of_the_circle_teach_every_mode_fully():
    shared = {"seed": 0, "width": 128, "stop_mse": 1e-7, "max_steps": 20_000, "device": "cpu"}
    found = fig2.trial_of_modes("tanh, 1 hidden", 10, 0, eta=0.4, **shared)
    np.testing.assert_allclose(found["kernel"], 1, atol=1e-9)
    # at most a root mean square of √1e-7 away from a mode of mean square 1
    np.testing.assert_allclose(found["net"], 1, atol=3.2e-4)


def test_modes_of_one_training_point_by_hand():
    # K_D is one number: φ̂ = K(·, x)/K(x, x) φ(x), so that L = λ φ(x)²/K(x, x) for every mode of the circle
    found = fig2.trial_of_modes("ReLU, 1 hidden", 1, 3, 0, 32, 0.1, 1e-3, 100, "cpu")
    modes, frequencies = datasets.circle_modes(10)
    K = fig2.ntk(datasets.circle(10), mlp=fig2.NETS["ReLU, 1 hidden"])
    power = np.fft.fft(K[0]).real / 10
    x = fig2.training_set(0, 3, 1)[0]
    np.testing.assert_allclose(found["kernel"], power[frequencies] * modes[x] ** 2 / K[0, 0], atol=1e-12)


def test_trained_ensemble_goes_through_its_data_and_theory_does_too():
    settings = ensemble_band.EXPERIMENT.settings("small", nets=8, nets_per_unit=8, width=256, points=12)
    (unit,) = ensemble_band.units(settings)
    data = ensemble_band.gather(settings, {unit.name: unit.work(device="cpu", **unit.arguments)})
    at_data = [int(np.abs(data["fine"] - angle).argmin()) for angle in data["train"]]
    # the fine grid steps by 2π/240: slope times half a step away from a training point
    np.testing.assert_allclose(data["fine_mean"][at_data], data["y"], atol=0.03)
    assert (data["fine_variance"][at_data] < 1e-3).all()
    assert data["fine_variance"].max() > 0.05
    assert (data["fine_bayes_variance"] <= data["fine_variance"] + 1e-12).all()  # Bayes is the least variance


def test_networks_that_take_no_step_do_not_change():
    found = kernel_drift.trained("tanh", 64, seeds=3, steps=0, seed=0, device="cpu")
    np.testing.assert_array_equal(found["drift"], 0)
    np.testing.assert_array_equal(found["change"], 0)


def test_training_halves_the_change_at_four_times_the_width():
    narrow, wide = (kernel_drift.trained("tanh", width, 6, 100, 0, "cpu") for width in (256, 1024))
    ratio = np.sqrt((narrow["change"] ** 2).mean() / (wide["change"] ** 2).mean())
    assert abs(ratio - 2) < 0.2
    assert (wide["loss"] < 0.5).all()


def test_newton_is_there_at_once_and_descent_after_as_many_steps_as_its_eigenvalues_say():
    marks = [1, 10, 1000]
    newton = one_limit.outputs_by_step("Newton", marks, 0, "cpu")
    assert newton["gap"].max() < 1e-12
    descent = one_limit.outputs_by_step("gradient descent", marks, 0, "cpu")
    assert descent["gap"][0] > descent["gap"][1] > 1e-3
    assert descent["gap"][2] < 1e-9


@pytest.mark.parametrize(("p", "settles"), [(4, False), (7, False), (20, True)])
def test_constant_step_sgd_settles_only_where_it_interpolates(p, settles):
    gap = one_limit.sgd_on_features(p, [5_000], 1, "cpu")["gap"][-1]
    assert (gap < 1e-9) if settles else (gap > 0.05)


def test_fully_random_labels_have_the_trace_of_the_inverse():
    n, draws = 120, 60
    found = random_labels.redrawn(n, [0.0, 1.0], [0, draws], 0, "cpu")
    X, _, y, _ = datasets.split(*datasets.digits(labels="odd_even"), n, rng=0)
    inverse = np.linalg.inv(two_layer_ntk(X))
    np.testing.assert_allclose(found["measure"][:, 0], y @ inverse @ y / n, rtol=1e-8)
    five_sigma = 5 * found["measure"][:, 1].std(ddof=1) / math.sqrt(draws)
    assert abs(found["measure"][:, 1].mean() - np.trace(inverse) / n) < five_sigma
    assert abs(found["error"][:, 1].mean() - 0.5) < 0.1
    assert found["error"][0, 0] < 0.1


def test_bound_of_the_sphere_is_above_the_error():
    found = random_labels.on_sphere(200, delta=0.05, seed=0, device="cpu")
    assert found["true_error"] < 0.1 < found["true_bound"] < found["random_bound"]
    assert abs(found["random_error"] - 0.5) < 5 * 0.5 / math.sqrt(2000)


@pytest.mark.parametrize("task", list(learning_curves.TASKS))
def test_measured_learning_curve_against_scikit_learn(task, monkeypatch):
    few = np.random.default_rng(0).permutation(1797)[:200]
    K, y, ridge = learning_curves.task_of(task, 0)
    K, y = K[np.ix_(few, few)], y[few]
    monkeypatch.setattr(learning_curves, "task_of", lambda *_: (K, y, ridge))
    found = learning_curves.measured(task, [20, 50], [0, 2], 7, "cpu")["error"]
    assert found.shape == (2, 2)
    order = np.random.default_rng([7, 1, 1]).permutation(200)
    train, test = order[:50], order[50:]
    fit = KernelRidge(alpha=ridge or 1e-12, kernel="precomputed").fit(K[np.ix_(train, train)], y[train])
    error = ((fit.predict(K[np.ix_(test, train)]) - y[test]).reshape(150, -1) ** 2).sum(1).mean()
    assert found[1, 1] == pytest.approx(error, rel=1e-6)


def test_a_fifth_of_the_labels_is_random():
    clean, noisy = (learning_curves.task_of(name, 0)[1] for name in list(learning_curves.TASKS)[:2])
    share = (clean != noisy).mean()  # half of a fifth ends up wrong
    assert abs(share - 0.1) < 5 * math.sqrt(0.09 / 1797)


def test_exponent_of_the_shifted_tanh_by_hand():
    t2 = math.tanh(0.35) ** 2
    found = depth_exponents.smooth_class("shifted tanh, 0.35", 50, 1e-3, "cpu")
    assert float(found["p"]) == pytest.approx((2 - 10 * t2) / (2 - 9 * t2), abs=1e-10)
    assert found["spread"][0] == 1e-3
    assert found["spread"].shape == found["measure"].shape == (50,)


def test_one_relu_layer_on_orthogonal_inputs_by_hand():
    # Cho and Saul's cos ψ = 1/π after one layer, and cos ζ = (0 + 1/π)/2
    found = angles.recursion("relu", math.pi / 2, 2, "cpu")
    np.testing.assert_allclose(found["cos_zeta"], [0, 1 / (2 * math.pi)], atol=1e-12)
    np.testing.assert_allclose(angles.kernel(math.pi / 2, [2], "cpu")["cos_zeta"], 1 / (2 * math.pi), atol=1e-12)


def test_spectrum_of_the_circle_against_a_fourier_transform():
    found = spectra.on_circle("4 hidden", 16, "cpu")
    row = spectra.ntk(datasets.circle(16), mlp=spectra.NETS["4 hidden"])[0]
    np.testing.assert_allclose(found["formula"], np.fft.rfft(row).real / 16, atol=1e-14)
    np.testing.assert_allclose(found["found"], found["formula"], atol=1e-13)
    assert (found["se"] == 0).all()


def test_networks_without_bias_have_no_odd_levels_from_three_on():
    found = spectra.on_cube("1 hidden, no bias", 6, "cpu")
    np.testing.assert_array_equal(found["formula"][[3, 5]], 0)
    assert (np.abs(found["found"][[3, 5]]) < 1e-14).all()
    assert (found["formula"][[0, 1, 2, 4, 6]] > 1e-4).all()


def test_error_bar_of_a_root_mean_square_against_a_jackknife():
    settings = kernel_drift.EXPERIMENT.settings(activations=["tanh"], widths=[8, 16], seeds=2000)
    rng = np.random.default_rng(0)
    draws = {f"tanh-{width}": {"drift": rng.normal(3, 1, 2000), "change": rng.normal(3, 1, 2000)} for width in (8, 16)}
    data = kernel_drift.gather(settings, draws)
    values = draws["tanh-8"]["drift"]
    left_out = np.sqrt(((values**2).sum() - values**2) / (len(values) - 1))
    jackknife = np.sqrt((len(values) - 1) / len(values) * ((left_out - left_out.mean()) ** 2).sum())
    assert data["drift_se"][0, 0] == pytest.approx(jackknife, rel=1e-3)
    assert data["drift"][0, 0] == pytest.approx(np.sqrt((values**2).mean()))


def test_descent_of_the_test_outputs_in_eigenmodes():
    steps, rng = 10, np.random.default_rng(0)
    X = datasets.sphere(one_limit.N + one_limit.M, one_limit.D, rng=rng, radius=math.sqrt(one_limit.D))
    y = rng.choice([-1.0, 1.0], size=one_limit.N)
    f0 = rng.multivariate_normal(np.zeros(len(X)), one_limit.nngp(X, mlp=one_limit.NET), method="cholesky")
    Theta = one_limit.ntk(X, mlp=one_limit.NET)
    train, test = Theta[:8, :8], Theta[8:, :8]
    values, Q = np.linalg.eigh(train)
    left = Q @ np.diag((1 - values / values[-1]) ** steps / values) @ Q.T @ (f0[:8] - y)
    expected = np.abs(test @ left).max()
    found = one_limit.outputs_by_step("gradient descent", [steps], 0, "cpu")
    assert found["gap"][0] == pytest.approx(expected, rel=1e-9)
    limit = f0[8:] - test @ np.linalg.solve(train, f0[:8] - y)
    assert found["size"] == pytest.approx(np.abs(limit).max(), rel=1e-9)


def test_robustness_of_the_first_layer_by_hand():
    # layer 1 of tanh at K = 1, λ_b = λ_W = 1: Θ₀₀ = 2 and δδΘ₂ = δδK₂ = 1e-3, so that 2 δδΘ₂/Θ₀₀ = 1e-3
    assert depth_exponents.smooth_class("tanh", 5, 1e-3, "cpu")["measure"][0] == pytest.approx(1e-3, rel=1e-12)
    # orthogonal inputs: δδK₂ = (1 − 0)/2, and 1 − cos ζ = 1
    kinked = depth_exponents.kinked_class("relu", 5, math.pi / 2, "cpu")
    np.testing.assert_allclose([kinked["spread"][0], kinked["measure"][0]], [0.5, 1.0], atol=1e-12)


def test_curvature_lies_below_both_laws_alike():
    found = star_polation.curves("erf", 2.0, [0.1], [0.2, 0.1], "cpu")
    assert (found["to_law"] < 1).all()
    # the same remainder seen at s = 0.5 and at s = 0.3, over coefficients 1 and 4
    np.testing.assert_allclose(1 - 4 * found["to_book"], 1 - found["to_law"], rtol=0.3)
    assert found["mean"][80] == pytest.approx(1)  # s = 1
    assert found["mean"][40] == pytest.approx(-1)  # s = 0
    assert found["sd"][[40, 80]].max() < 1e-6
