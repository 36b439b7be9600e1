"""<g(z)>_K by panels, and derivatives of an activation beyond the first."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import erf

from ntklab.depth import GaussianAverage
from ntklab.depth.derivatives import second_derivative, third_derivative
from ntklab.gaussian import activation

ACCURACY = 1e-12  # relative, what the module promises


def by_scipy(g, K):
    value, _ = quad(lambda u: g(math.sqrt(K) * u) * math.exp(-u * u / 2), -14, 14, epsabs=0, epsrel=1e-13, limit=2000)
    return value / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("K", [1e-6, 0.3, 1.0, 7.0, 40.0, 1e4])
@pytest.mark.parametrize(
    ("integrand", "closed_form", "why"),
    [
        (lambda z: torch.sin(z) ** 2, lambda K: -math.expm1(-2 * K) / 2, "<(1 - cos 2z)/2>"),
        (
            lambda z: torch.erf(z) ** 2,
            lambda K: 2 / math.pi * math.atan2(2 * K, math.sqrt(1 + 4 * K)),
            "arcsine law: sin = 2K/(1 + 2K)",
        ),
        (lambda z: z**4 * torch.relu(z) ** 2, lambda K: 15 * K**3 / 2, "half of <z^6>"),
        (lambda z: torch.exp(-(z**2)), lambda K: 1 / math.sqrt(1 + 2 * K), "a Gaussian integral"),
    ],
)
def test_closed_forms(integrand, closed_form, why, K):
    value = float(GaussianAverage(integrand)(K))
    np.testing.assert_allclose(value, closed_form(K), rtol=ACCURACY, err_msg=why)


@pytest.mark.parametrize("K", [0.02, 1.0, 25.0])
def test_matches_an_independent_adaptive_quadrature(K):
    value = float(GaussianAverage(lambda z: torch.tanh(z) ** 2)(K))
    np.testing.assert_allclose(value, by_scipy(lambda z: math.tanh(z) ** 2, K), rtol=ACCURACY)


@pytest.mark.parametrize("K", [0.05, 1.0, 90.0])
def test_a_declared_kink_off_the_origin(K):
    # <relu(z - c)^2> = (K + c^2) Phi(-c/sqrt K) - c sqrt K phi(c/sqrt K)
    c = 0.3
    t = c / math.sqrt(K)
    upper, density = (1 - erf(t / math.sqrt(2))) / 2, math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    value = float(GaussianAverage(lambda z: torch.relu(z - c) ** 2, kinks=[c])(K))
    np.testing.assert_allclose(
        value, (K + c * c) * upper - c * math.sqrt(K) * density, rtol=1e-11
    )  # it cancels at small K


def test_a_growing_integrand_widens_the_interval():
    value = float(GaussianAverage(lambda z: torch.sinh(z) ** 2)(9.0))
    np.testing.assert_allclose(value, math.expm1(2 * 9.0) / 2, rtol=ACCURACY)


@given(large=st.floats(0.5, 60.0), fraction=st.floats(1e-4, 1.0))
@settings(max_examples=30, deadline=None)
def test_a_grid_found_for_one_variance_serves_every_smaller_one(large, fraction):
    average = GaussianAverage(lambda z: torch.tanh(z) ** 2)
    average(large)
    fresh = GaussianAverage(lambda z: torch.tanh(z) ** 2)
    np.testing.assert_allclose(float(average(fraction * large)), float(fresh(fraction * large)), rtol=ACCURACY)


def test_several_averages_over_the_same_nodes():
    values = GaussianAverage(lambda z: torch.stack([z**2, z**4, torch.ones_like(z)]))(2.0)
    np.testing.assert_allclose(values.numpy(), [2.0, 12.0, 1.0], rtol=ACCURACY)


def test_an_undeclared_jump_is_an_error():
    with pytest.raises(ValueError, match="kink or a jump that it does not declare"):
        GaussianAverage(lambda z: (z > 0.3).double())(1.0)


def test_an_integrand_without_average_is_an_error():
    with pytest.raises(ValueError, match="grows too fast to average over a pre-activation of variance 1"):
        GaussianAverage(lambda z: torch.exp(z**2))(1.0)


POINTS = torch.tensor([-2.0, -0.7, 0.0, 0.4, 3.0], dtype=torch.float64)


@pytest.mark.parametrize(
    ("name", "second", "third"),
    [
        ("sin", lambda z: -np.sin(z), lambda z: -np.cos(z)),
        (
            "tanh",
            lambda z: -2 * np.tanh(z) / np.cosh(z) ** 2,
            lambda z: (6 * np.tanh(z) ** 2 - 2) / np.cosh(z) ** 2,
        ),
        (
            "erf",
            lambda z: -4 * z / math.sqrt(math.pi) * np.exp(-z * z),
            lambda z: (8 * z * z - 4) / math.sqrt(math.pi) * np.exp(-z * z),
        ),
        (
            "gelu",
            lambda z: (2 - z * z) * np.exp(-z * z / 2) / math.sqrt(2 * math.pi),
            lambda z: (z**3 - 4 * z) * np.exp(-z * z / 2) / math.sqrt(2 * math.pi),
        ),
        ("linear", np.zeros_like, np.zeros_like),
        ("monomial:3", lambda z: 6 * z, lambda z: np.full_like(z, 6.0)),
    ],
)
def test_higher_derivatives_by_autograd(name, second, third):
    sigma, z = activation(name), POINTS.numpy()
    np.testing.assert_allclose(second_derivative(sigma)(POINTS).numpy(), second(z), atol=1e-13)
    np.testing.assert_allclose(third_derivative(sigma)(POINTS).numpy(), third(z), atol=1e-12)
