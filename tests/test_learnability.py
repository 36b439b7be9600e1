"""The constant, learnabilities and errors against hand values, bisection, reference and tabulated values, laws."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from ntklab import learnability
from ntklab.kernels import MLP, ntk
from ntklab.learnability import (
    coefficient_covariance,
    initial_slope,
    learnabilities,
    learnability_constant,
    train_mse,
    transfer_statistics,
)
from ntklab.spectra import Spectrum, profile_of, sphere

CUBE = Spectrum([1.4, 0.12, 0.03, 0.01, 0.006, 0.0044, 0.0038, 0.0034, 0.0032], [1, 8, 28, 56, 70, 56, 28, 8, 1])

spectra = st.lists(st.tuples(st.floats(-25, 3).map(np.exp), st.integers(1, 500)), min_size=1, max_size=10).map(
    lambda pairs: Spectrum(*map(list, zip(*pairs, strict=True)))
)


def of_net(d: int, C_W: float, radius: float | None = None):
    mlp = MLP(4, "relu", C_W=C_W, C_b=0.01, readout=(1, 0))
    return profile_of(lambda X, Z: ntk(X, Z, mlp=mlp), d, radius)


# ---- C and L ----


@pytest.mark.parametrize(
    ("spectrum", "n", "ridge", "expected", "why"),
    [
        (Spectrum([2.0], [5]), 3, 0.0, 2 * (5 - 3) / 3, "5·2/(2 + C) = 3"),
        (Spectrum([2.0], [5]), 5, 0.0, 0.0, "every mode learned"),
        (Spectrum([2.0, 0.0], [5, 9]), 5, 0.0, 0.0, "modes of eigenvalue 0 do not count"),
        (Spectrum([3.0, 1.0], [1, 1]), 1, 0.0, 3**0.5, "3/(3 + C) + 1/(1 + C) = 1: C² = 3"),
        (Spectrum([1.0], [1]), 1, 1.0, (1 + 5**0.5) / 2, "1/(1 + C) + 1/C = 1: C² = 1 + C"),
        (Spectrum([1.0], [1]), 4, 6.0, (3 + 105**0.5) / 8, "1/(1 + C) + 6/C = 4: 4C² - 3C - 6 = 0"),
        (Spectrum([1.0], [1], tail=6.0), 4, 0.0, (3 + 105**0.5) / 8, "a tail enters as a ridge does"),
        (Spectrum([0.0], [3]), 4, 2.0, 0.5, "2/C = 4"),
    ],
)
def test_constants_worked_by_hand(spectrum, n, ridge, expected, why):
    np.testing.assert_allclose(learnability_constant(spectrum, n, ridge), expected, rtol=1e-14, err_msg=why)


@settings(max_examples=150, deadline=None)
@given(spectrum=spectra, share=st.floats(1e-6, 1 - 1e-9), ridge=st.sampled_from([0.0, 1e-9, 0.1, 50.0]))
def test_the_constant_is_the_root_and_the_learnabilities_sum_to_n(spectrum, share, ridge):
    modes = spectrum.multiplicities.sum()
    n = share * modes * (3 if ridge else 1)  # with a ridge beyond the modes as well
    C = learnability_constant(spectrum, n, ridge)
    assert C > 0
    total = spectrum.multiplicities @ learnabilities(spectrum, n, ridge)
    # The sum rounds by its terms (modes), and δ/C by itself.
    np.testing.assert_allclose(total + ridge / C, n, rtol=1e-13, atol=1e-14 * modes)

    def excess(log_C):
        return (
            spectrum.multiplicities @ (spectrum.eigenvalues / (spectrum.eigenvalues + np.exp(log_C)))
            + ridge / np.exp(log_C)
            - n
        )

    if 1e-3 < share < 0.999:  # elsewhere plain bisection drowns in rounding
        np.testing.assert_allclose(np.log(C), brentq(excess, -80, 40, xtol=1e-13), atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(spectrum=spectra, ridge=st.sampled_from([0.0, 0.1]), scale=st.floats(-20, 20).map(np.exp))
def test_the_constant_falls_with_n_rises_with_the_ridge_and_scales(spectrum, ridge, scale):
    modes = spectrum.multiplicities.sum()
    ns = modes * np.linspace(0.05, 1.0, 9)
    C = learnability_constant(spectrum, ns, ridge)
    assert (np.diff(C) < 0).all()
    assert (np.diff(learnabilities(spectrum, ns, ridge), axis=0) >= 0).all()
    assert (learnability_constant(spectrum, ns, ridge + 0.01) > C).all()
    scaled = Spectrum(scale * spectrum.eigenvalues, spectrum.multiplicities)
    np.testing.assert_allclose(learnability_constant(scaled, ns, scale * ridge), scale * C, rtol=1e-11, atol=0)
    order = np.argsort(spectrum.eigenvalues)
    assert (np.diff(learnabilities(spectrum, ns[0], ridge)[order]) >= 0).all()  # higher eigenvalues are learned first


def test_near_the_number_of_modes_C_falls_to_zero_linearly():
    # n = M − ε: C Σ m/λ = ε to leading order, down to the last digit of n
    inverse = (CUBE.multiplicities / CUBE.eigenvalues).sum()
    for epsilon in (2.0**-20, 2.0**-40, 2.0**-45):
        np.testing.assert_allclose(learnability_constant(CUBE, 256 - epsilon), epsilon / inverse, rtol=1e-4)
    assert learnability_constant(CUBE, 256) == 0.0
    np.testing.assert_array_equal(learnabilities(CUBE, 256), 1.0)
    np.testing.assert_array_equal(learnabilities(Spectrum([1.0, 0.0], [2, 3]), 2), [1.0, 0.0])
    assert learnability_constant(CUBE, 10_000, ridge=1e-6) == pytest.approx(1e-6 / (10_000 - 256), rel=1e-4)


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1.0, 1e150])
def test_the_constant_is_right_to_rounding_in_any_units(scale):
    # log C = −460 alone would cost 1e-13
    np.testing.assert_allclose(learnability_constant(Spectrum([scale], [7]), 3), scale * 4 / 3, rtol=2e-15)


def test_few_points_give_the_limit_of_C():
    # n → 0: C → (S + δ)/n
    for ridge in (0.0, 0.7):
        C = learnability_constant(CUBE, 1e-9, ridge)
        np.testing.assert_allclose(C * 1e-9, CUBE.trace + ridge, rtol=1e-8)


def test_a_tail_is_many_small_modes():
    many = Spectrum([1.0, 1e-7], [3, 5_000_000])
    tail = Spectrum([1.0], [3], tail=0.5)
    ns = np.array([1.0, 2.5, 10.0, 100.0])
    # λ/(λ + C) is λ/C up to λ/C ~ 2e-5 here
    np.testing.assert_allclose(learnability_constant(tail, ns), learnability_constant(many, ns), rtol=5e-5)
    power, more = np.array([1.0]), np.array([1.0, 0.0])
    np.testing.assert_allclose(
        learnability.test_mse(tail, power, ns, 0.1, 0.2), learnability.test_mse(many, more, ns, 0.1, 0.2), rtol=1e-3
    )
    assert initial_slope(tail, power) == pytest.approx(initial_slope(many, more), rel=1e-6)


def test_without_its_tail_the_sphere_biases_C_at_small_n():
    net = of_net(8, C_W=2.0)
    carried, fine = sphere(net, 8, 12), sphere(net, 8, 300)
    cut = Spectrum(carried.eigenvalues, carried.multiplicities)
    ns = np.array([1.0, 4.0, 16.0])
    exact = learnability_constant(fine, ns)
    np.testing.assert_allclose(learnability_constant(carried, ns), exact, rtol=1e-5)
    assert (learnability_constant(cut, ns) / exact < 0.91).all()


# ---- errors ----


def test_errors_worked_by_hand():
    # Eigenvalues 3, 1 (C = √3 at n = 1): L = 3/(3 + √3), 1/(1 + √3); they add up to 1
    root = 3**0.5
    L = np.array([3 / (3 + root), 1 / (1 + root)])
    E = 1 / (1 - (L**2).sum()) * (((1 - L) ** 2 * [0.64, 0.36]).sum() + 0.25)
    spectrum = Spectrum([3.0, 1.0], [1, 1])
    np.testing.assert_allclose(learnability.test_mse(spectrum, [0.8, 0.6], 1, 0.0, 0.25), E - 0.25, rtol=1e-14)
    np.testing.assert_allclose(
        coefficient_covariance(spectrum, [0.8, 0.6], 1, 0.0, 0.25), np.diag(E * L**2), rtol=1e-14
    )
    assert train_mse(spectrum, [0.8, 0.6], 1, 0.0, 0.25) == 0.0


def test_a_level_of_many_modes_is_that_many_levels():
    grouped, spread = Spectrum([2.0, 0.5], [2, 3]), Spectrum([2.0, 2.0, 0.5, 0.5, 0.5], [1] * 5)
    for n, ridge in ((3, 0.0), (4, 0.3)):
        assert learnability_constant(grouped, n, ridge) == pytest.approx(learnability_constant(spread, n, ridge), 1e-14)
        v = np.array([0.3, 0.4, 0.0, 1.2, 0.5])  # levels hold the roots .5 and 1.3 of their powers
        for error in (learnability.test_mse, train_mse):
            a, b = error(grouped, [0.5, 1.3], n, ridge, 0.1), error(spread, v, n, ridge, 0.1)
            np.testing.assert_allclose(a, b, rtol=1e-13)


def test_at_the_number_of_modes_errors_vanish_or_diverge():
    spectrum = Spectrum([1.0, 0.5, 0.0], [2, 3, 4])
    assert learnability.test_mse(spectrum, [1, 1, 0], 5) == 0.0
    assert learnability.test_mse(spectrum, [1, 1, 0], 5, noise_variance=0.1) == np.inf
    assert learnability.test_mse(spectrum, [1, 1, 0.1], 5) == np.inf
    assert learnability.test_mse(spectrum, [1, 1, 0], 5 - 1e-9) == pytest.approx(0.0, abs=1e-8)
    assert learnability.test_mse(spectrum, [1, 1, 0], 5 - 1e-9, noise_variance=0.1) > 1e7


@pytest.mark.parametrize("ridge", [0.0, 0.4])
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_initial_slope_is_the_derivative(ridge, noise):
    v = np.array([0.5, 0.0, 0.7, 0.1, 0.0, 0.0, 0.2, 0.0, 0.4])
    h = 1e-6
    start = (v**2).sum()
    slope = (learnability.test_mse(CUBE, v, h, ridge, noise) - start) / h
    # The next term of the expansion is of order h; rounding of E at 2e-16/h.
    np.testing.assert_allclose(initial_slope(CUBE, v, ridge, noise), slope, rtol=1e-4)


def test_transfer_statistics_obey_their_exact_relation():
    # λ_j T_ij = λ_i T_ji in every training set, hence the same of the moments
    T = transfer_statistics(CUBE, 40, 0.01)
    ratio = CUBE.eigenvalues[:, None] / CUBE.eigenvalues
    np.testing.assert_allclose(T.exchange, T.variance / ratio, rtol=1e-12)
    np.testing.assert_allclose(T.variance, T.variance.T * ratio**2, rtol=1e-12)
    np.testing.assert_array_equal(T.mean, learnabilities(CUBE, 40, 0.01))
    # Σ_j Var[T_ij] v_j² is the variance of a coefficient the target does not hold
    v = np.eye(9)[2]
    covariance = coefficient_covariance(CUBE, v, 40, 0.01)
    np.testing.assert_allclose(T.variance[:, 2], np.diag(covariance), rtol=1e-12)


def test_a_figure_of_theory_curves_takes_milliseconds():
    ns = np.geomspace(0.1, 255, 60)
    learnabilities(CUBE, ns)
    start = time.perf_counter()
    curves = [(learnability.test_mse(CUBE, np.eye(9)[k], ns), learnabilities(CUBE, ns)[:, k]) for k in (0, 1, 3, 8)]
    assert time.perf_counter() - start < 0.05
    one_by_one = [learnability.test_mse(CUBE, np.eye(9)[3], float(n)) for n in ns]
    np.testing.assert_allclose(curves[2][0], one_by_one, rtol=1e-13)


# ---- kinds and bad input ----


def test_kind_dtype_and_shape_follow_the_spectrum():
    assert isinstance(learnability_constant(CUBE, 3), float)
    assert learnability_constant(CUBE, [3, 4]).shape == (2,)
    assert learnabilities(CUBE, 3).shape == (9,)
    assert learnabilities(CUBE, np.array([3, 4])).shape == (2, 9)
    tensor = Spectrum(torch.tensor(CUBE.eigenvalues), CUBE.multiplicities)
    answers = learnabilities(tensor, [3, 4], 0.1)
    assert isinstance(answers, torch.Tensor)
    np.testing.assert_allclose(answers.numpy(), learnabilities(CUBE, [3, 4], 0.1), rtol=1e-14)
    v = torch.eye(9)[1]
    assert learnability.test_mse(tensor, v, 5) == pytest.approx(learnability.test_mse(CUBE, v.numpy(), 5), rel=1e-14)
    single = Spectrum(CUBE.eigenvalues.astype(np.float32), CUBE.multiplicities)
    assert learnabilities(single, 3).dtype == np.float32
    assert coefficient_covariance(single, np.eye(9)[1], 3).dtype == np.float32
    np.testing.assert_allclose(learnabilities(single, 3), learnabilities(CUBE, 3), rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: learnability_constant([1.0], 1), TypeError, "spectrum must be a Spectrum; got list. ntklab.spectra"),
        (lambda: learnability_constant(CUBE, 0), ValueError, "n must be greater than 0; got 0. At n = 0 nothing is"),
        (lambda: learnability_constant(CUBE, [3, -1]), ValueError, "n must be greater than 0; got -1"),
        (lambda: learnability_constant(CUBE, [[3]]), ValueError, r"n must be a number or have shape \(N,\)"),
        (lambda: learnability_constant(CUBE, np.nan), ValueError, "n must be finite"),
        (lambda: learnability_constant(CUBE, 257), ValueError, "n must be at most 256 at ridge 0.*got 257.*pass a rid"),
        (lambda: learnabilities(Spectrum([1.0, 0.0], [2, 9]), 3), ValueError, "n must be at most 2 at ridge 0"),
        (lambda: learnabilities(CUBE, 3, -0.1), ValueError, "ridge must be a finite number at least 0; got -0.1"),
        (lambda: learnability.test_mse(CUBE, [1.0], 3), ValueError, "coefficients must have length 9 like spectrum"),
        (lambda: learnability.test_mse(CUBE, np.eye(9), 3), ValueError, "coefficients must have 1 axis"),
        (lambda: learnability.test_mse(CUBE, np.full(9, np.nan), 3), ValueError, "coefficients must be finite"),
        (lambda: learnability.test_mse(CUBE, np.eye(9)[0], 3, 0, -1), ValueError, "noise_variance must be a finite"),
        (lambda: train_mse(CUBE, np.eye(9)[0], 257), ValueError, "n must be at most 256 at ridge 0"),
        (lambda: train_mse(CUBE, np.eye(9)[0], 3, "much"), TypeError, "ridge must be a number at least 0; got 'much'"),
        (lambda: initial_slope(CUBE, [1.0]), ValueError, "coefficients must have length 9"),
        (lambda: initial_slope(Spectrum([0.0], [1]), [1.0]), ValueError, "spectrum must have a positive eigenvalue"),
        (lambda: coefficient_covariance(CUBE, np.eye(9)[0], [3, 4]), ValueError, "n must be one number here"),
        (lambda: transfer_statistics(CUBE, 256), ValueError, "n must be below the number of positive modes at ridge 0"),
        (lambda: transfer_statistics(CUBE, 3, np.inf), ValueError, "ridge must be a finite number"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
