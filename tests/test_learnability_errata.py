"""Where the eigenlearning article and its first published code are wrong: their formula fails, ours holds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import brentq

from ntklab import learnability
from ntklab.datasets import circle as points_of_circle
from ntklab.datasets import circle_modes
from ntklab.kernels import MLP, linear_kernel, nngp, ntk
from ntklab.learnability import learnabilities, learnability_constant, no_free_lunch_sum
from ntklab.networks import NTKNet, train_ensemble
from ntklab.regression import kernel_regression
from ntklab.spectra import Spectrum, circle, from_matrix, hypercube, profile_of, sphere

NET = MLP(4, "relu", C_b=0.01, readout=(1, 0))


def cube8() -> tuple[np.ndarray, np.ndarray, Spectrum]:
    X = np.array(list(itertools.product([-1.0, 1.0], repeat=8)))
    values = profile_of(lambda A, B: ntk(A, B, mlp=NET), 8)(1 - np.arange(9) / 4)
    return X, values[np.rint((8 - X @ X.T) / 2).astype(int)], hypercube(values, 8)


# ---- the first published code ----


BIASED = MLP(1, "relu", C_b=1.0, readout=(1, 0))


def sphere_learnability(radius: float, n: int, trials: int) -> tuple[float, float]:
    """Measured learnability of x₁x₂ on S⁷, of degree 2, by regression on n points, and its standard error."""
    rng, measured = np.random.default_rng(0), np.empty(trials)
    for t in range(trials):
        X = rng.normal(size=(n + 400, 8))
        X *= radius / np.linalg.norm(X, axis=1, keepdims=True)
        K = ntk(X, X[:n], mlp=BIASED)
        f = X[:, 0] * X[:, 1]
        f_hat = K[n:] @ np.linalg.solve(K[:n], f[:n])
        measured[t] = f_hat @ f[n:] / (f[n:] @ f[n:])
    return measured.mean(), measured.std() / np.sqrt(trials)


def test_erratum_5_inputs_of_unit_norm_do_not_have_the_spectrum_at_root_d():
    # The first version draws |x| = 1 and takes the eigenvalues at |x| = √d; with a bias these differ.
    n, trials = 64, 150
    predicted, measured, error = {}, {}, {}
    for radius in (8**0.5, 1.0):
        spectrum = sphere(profile_of(lambda A, B: ntk(A, B, mlp=BIASED), 8, radius), 8, 30)
        predicted[radius] = learnabilities(spectrum, n)[2]
        measured[radius], error[radius] = sphere_learnability(radius, n, trials)
        band = 5 * error[radius] + 0.01  # 0.01: the theory's own error, as on the cube
        assert abs(measured[radius] - predicted[radius]) < band  # one radius for both: right, whichever it is
        assert band < 0.05
    assert abs(measured[1.0] - predicted[8**0.5]) > 0.1  # mixed, as first published: wrong


def test_erratum_5_a_stale_index_spoils_the_error_of_multi_mode_targets():
    X, K, spectrum = cube8()
    n, trials = 32, 200
    v = np.zeros(9)
    v[[1, 3]] = 0.8, 0.6
    f = 0.8 * X[:, 0] + 0.6 * X[:, :3].prod(axis=1)
    rng, mse = np.random.default_rng(1), np.empty(trials)
    for t in range(trials):
        train = rng.choice(256, n, replace=False)
        mse[t] = ((K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train]) - f) ** 2).mean()
    L = learnabilities(spectrum, n)
    amplification = n / (n - spectrum.multiplicities @ L**2)
    stale = amplification * sum((1 - L[3]) ** 2 * v[i] ** 2 for i in (1, 3))  # the last mode's L for every mode
    band = 5 * mse.std() / np.sqrt(trials) + 0.05 * mse.mean()  # 5 %: the theory's own error
    assert abs(learnability.test_mse(spectrum, v, n) - mse.mean()) < band
    assert abs(stale - mse.mean()) > 5 * band
    one = np.eye(9)[3]  # with a single mode the two agree, which is why the figures came out right
    assert learnability.test_mse(spectrum, one, n) == pytest.approx(amplification * (1 - L[3]) ** 2, rel=1e-12)


def test_erratum_5_an_absolute_tolerance_is_coarse_for_small_constants():
    # Learnabilities do not depend on the kernel's units; a root found to 2e-12 in C does, once C is that small.
    _, _, spectrum = cube8()
    scale = 1e-9
    small = Spectrum(scale * spectrum.eigenvalues, spectrum.multiplicities)
    n = 250

    def excess(C):
        return small.multiplicities @ (small.eigenvalues / (small.eigenvalues + C)) - n

    absolute = brentq(excess, 1e-15, 1e10)  # SciPy's default xtol = 2e-12
    right = learnabilities(spectrum, n)[8]
    assert abs(small.eigenvalues[8] / (small.eigenvalues[8] + absolute) - right) > 0.01
    np.testing.assert_allclose(learnabilities(small, n)[8], right, rtol=1e-13)


# ---- the article ----


def test_erratum_E28_one_network_keeps_a_part_of_its_start():
    # Forty networks on one mode of ten points: each ends away from the printed formula, at (10.39); their mean at it.
    X, (modes, _), mlp = points_of_circle(10), circle_modes(10), MLP(1, "tanh", C_W=2.25, C_b=0.01, readout=(1, 0))
    K, D = ntk(X, mlp=mlp), [0, 3, 7]
    printed = kernel_regression(K[D][:, D], K[:, D], modes[D, 1])
    nets = [NTKNet.from_mlp(mlp, 2, 1024, seed=seed) for seed in range(40)]
    start = np.stack([net(X)[:, 0] for net in nets])
    gaps = []
    for centred in (False, True):
        ensemble = train_ensemble(lambda i: nets[i], range(40), X[D], modes[D, 1], 1.8, 300, centered=centred)
        gaps.append(ensemble.outputs(X)[:, :, 0] - printed)
    alone, centred = gaps
    kept = start - kernel_regression(K[D][:, D], K[:, D], start[:, D].T).T
    rms = np.sqrt(np.mean(alone**2))
    assert rms > 0.1
    assert np.sqrt(np.mean((alone - kept) ** 2)) < rms / 4  # what separates them is (10.39)'s own term
    assert np.sqrt(np.mean(centred**2)) < rms / 4
    assert np.sqrt(np.mean(alone.mean(0) ** 2)) < 2 * rms / np.sqrt(40)  # two standard errors of a mean of 40


def test_erratum_E29_the_eigenvalue_integral_needs_its_density():
    # ∫ K(x, x') φ(x') dx' sums over the 256 points; the mean is meant. The factor cancels at ridge 0 only.
    X, K, spectrum = cube8()
    summed = Spectrum(256 * spectrum.eigenvalues, spectrum.multiplicities)
    n, ridge, trials = 32, 0.5, 200
    np.testing.assert_allclose(learnabilities(summed, n), learnabilities(spectrum, n), rtol=1e-13)
    right, printed = learnabilities(spectrum, n, ridge)[1], learnabilities(summed, n, ridge)[1]
    assert printed - right == pytest.approx(0.055, abs=0.0005)
    f, rng, measured = X[:, 0], np.random.default_rng(2), np.empty(trials)
    for t in range(trials):
        train = rng.choice(256, n, replace=False)
        measured[t] = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)] + ridge * np.eye(n), f[train]) @ f / 256
    five_sigma = 5 * measured.std() / np.sqrt(trials)
    assert abs(measured.mean() - right) < five_sigma + 0.005
    assert abs(measured.mean() - printed) > five_sigma + 0.02
    dense = from_matrix(K)  # and it is K/M that has these eigenvalues
    np.testing.assert_allclose(dense.eigenvalues[0], spectrum.eigenvalues[0], rtol=1e-12)


def test_erratum_E30_the_sum_is_n_only_without_ridge_for_distinct_points_and_a_regular_kernel():
    _, K, spectrum = cube8()
    train = np.random.default_rng(0).choice(256, 20, replace=False)
    assert no_free_lunch_sum(K, train) == 20  # the printed law, in its case
    assert no_free_lunch_sum(K, train, ridge=0.5) < 18  # a ridge
    assert no_free_lunch_sum(K, [*train[:19], train[0]]) == 19  # a repeated point
    # "a special case: linear regression": p features hold p units at most
    features = np.random.default_rng(1).normal(size=(40, 5))
    for n, expected in ((3, 3), (5, 5), (8, 5)):
        chosen = np.random.default_rng(n).choice(40, n, replace=False)
        assert no_free_lunch_sum(linear_kernel(features), chosen) == expected  # not n
        predict = features @ np.linalg.pinv(features[chosen])
        np.testing.assert_allclose(np.trace(predict[chosen]), expected, rtol=1e-12)  # least squares itself
    assert no_free_lunch_sum(linear_kernel(features), chosen, ridge=1.0) < 5
    # the two roads to the ridge form meet on average
    ridge, rng = 0.5, np.random.default_rng(4)
    sums = [no_free_lunch_sum(K, rng.choice(256, 20, replace=False), ridge) for _ in range(100)]
    expected = 20 - ridge / learnability_constant(spectrum, 20, ridge)
    assert abs(np.mean(sums) - expected) < 5 * np.std(sums) / 10 + 0.01 * expected


def test_erratum_E31_the_constant_reaches_zero_at_the_number_of_positive_modes_or_never():
    values = profile_of(lambda A, B: ntk(A, B, mlp=MLP(1, "relu")), 8)(1 - np.arange(9) / 4)
    spectrum = hypercube(values, 8)  # bias-free and shallow: odd levels k ≥ 3 are empty
    assert spectrum.positive_modes == 136
    assert learnability_constant(spectrum, 136) == 0.0
    L = learnabilities(spectrum, 136)
    np.testing.assert_array_equal(L, spectrum.eigenvalues > 0)  # C = 0, yet "each learnability rises to 1" fails
    with pytest.raises(ValueError, match="n must be at most 136 at ridge 0"):
        learnability_constant(spectrum, 137)
    # with a ridge, or infinitely many modes, only as n grows
    assert learnability_constant(spectrum, 10_000, ridge=0.01) == pytest.approx(0.01 / (10_000 - 136), rel=1e-3)
    ball = sphere(profile_of(lambda A, B: ntk(A, B, mlp=NET), 8), 8, 30)
    constants = learnability_constant(ball, np.geomspace(1, 1e4, 9))
    assert (constants > 0).all()
    assert (np.diff(constants) < 0).all()
    ring = circle(lambda angle: np.exp(np.cos(angle)), 9)
    assert learnability_constant(ring, 9) == 0.0


# ---- what one network learns ----


def test_erratum_E28_one_network_keeps_what_the_data_do_not_reach():
    # Read of one network K K⁻¹ f is off by O(1); read of the mean over networks it holds.
    X, theta, _ = cube8()
    f, D, trials = X[:, 0], np.arange(0, 256, 16), 400
    printed = theta[:, D] @ np.linalg.solve(theta[np.ix_(D, D)], f[D])
    before = np.random.default_rng(0).multivariate_normal(np.zeros(256), nngp(X, mlp=NET), trials).T
    single = kernel_regression(
        theta[np.ix_(D, D)], theta[:, D], np.repeat(f[D, None], trials, axis=1), 0.0, before[D], before
    )
    np.testing.assert_allclose(single[D], np.repeat(f[D, None], trials, axis=1), atol=1e-9)  # each fits the data
    kept = np.sqrt(((single - printed[:, None]) ** 2).mean(axis=0))
    assert kept.min() > 0.1
    others = np.setdiff1d(np.arange(256), D)
    error = single[others].std(axis=1, ddof=1) / np.sqrt(trials)
    assert (np.abs(single[others].mean(axis=1) - printed[others]) < 5 * error).all()
