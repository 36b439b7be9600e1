"""Activations against SciPy and autograd; the tables of functions that other tests integrate."""

import math
import pickle

import numpy as np
import pytest
import torch
from scipy import special

from ntklab.gaussian import activation

SQRT_PI, SQRT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)
# σ and σ′ written anew, in NumPy and SciPy
SMOOTH = {
    "erf": (special.erf, lambda z: 2 / SQRT_PI * np.exp(-z * z)),
    "tanh": (np.tanh, lambda z: 4 / (np.exp(np.minimum(z, 300)) + np.exp(-np.maximum(z, -300))) ** 2),
    "sin": (np.sin, np.cos),
    "gelu": (lambda z: z * special.ndtr(z), lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / SQRT_2PI),
    "linear": (lambda z: z, np.ones_like),
    "monomial:2": (lambda z: z * z, lambda z: 2 * z),
    "monomial:5": (lambda z: z**5, lambda z: 5 * z**4),
}
SLOPES = {"relu": (1, 0), "leaky_relu:0.2": (1, 0.2), "leaky_relu:1": (1, 1), "scale_invariant:0.7,-1.6": (0.7, -1.6)}
KINKED = {
    name: (lambda z, p=p, m=m: np.where(z > 0, p * z, m * z), lambda z, p=p, m=m: np.where(z > 0, p + 0.0, m + 0.0))
    for name, (p, m) in SLOPES.items()
}
# a user's functions: SiLU (torch, derivative by autograd), and a NumPy one that is neither odd nor even
USER = {
    "silu": (activation(lambda z: z * torch.sigmoid(z)), lambda z: z * special.expit(z), None),
    "bump": (activation(lambda z: np.exp(-z * z) + z, derivative=lambda z: 1 - 2 * z * np.exp(-z * z)), None, None),
}
USER["silu"] = (*USER["silu"][:2], lambda z: special.expit(z) * (1 + z * special.expit(-z)))
USER["bump"] = (USER["bump"][0], lambda z: np.exp(-z * z) + z, lambda z: 1 - 2 * z * np.exp(-z * z))


POINTS = np.array([-30.0, -2.3, -0.6, -1e-3, 0.0, 1e-3, 0.4, 1.7, 30.0])


@pytest.mark.parametrize("name", [*SMOOTH, *KINKED])
def test_functions_and_derivatives_against_scipy_and_autograd(name):
    a, (f, df) = activation(name), {**SMOOTH, **KINKED}[name]
    np.testing.assert_allclose(a(POINTS), f(POINTS), rtol=1e-12, atol=1e-300)  # Φ(−30) has condition 900
    np.testing.assert_allclose(a.derivative(POINTS), df(POINTS), rtol=1e-13, atol=1e-15)  # σ′ is O(1): 1 − tanh²
    z = torch.tensor(POINTS, requires_grad=True)
    (slope,) = torch.autograd.grad(a(z).sum(), z)
    np.testing.assert_allclose(a.derivative(POINTS), slope.numpy(), rtol=1e-13, atol=1e-15)
    assert activation(a.name) == a
    assert activation(a) is a
    assert pickle.loads(pickle.dumps(a)) == a


def test_values_by_hand_and_the_kind_that_came_in():
    leaky = activation("leaky_relu:0.2")
    np.testing.assert_array_equal(leaky(np.array([-5, 3])), [-1.0, 3.0])  # integers become float64
    np.testing.assert_array_equal(leaky.derivative(np.array([0.0])), [0.2])  # the left value at the kink
    assert activation("gelu")(np.float64(1.0)) == pytest.approx(0.8413447460685429, rel=1e-15)  # Φ(1)
    assert activation("monomial:3").derivative(np.float64(-2.0)) == 12
    for dtype in (torch.float32, torch.float64):
        assert leaky(torch.ones(2, dtype=dtype)).dtype == dtype
        assert leaky(torch.ones(2, dtype=dtype).numpy()).dtype == str(dtype).removeprefix("torch.")
    read_only = np.array([[-1.0, 2.0, 3.0, 4.0]])[:, ::-2]
    read_only.flags.writeable = False
    np.testing.assert_array_equal(leaky(read_only), [[4.0, 2.0]])


def test_functions_of_the_table_are_recognised():
    for f, name in ((torch.tanh, "tanh"), (np.sin, "sin"), (torch.nn.ReLU(), "relu"), (torch.special.erf, "erf")):
        assert activation(f) == activation(name)
    assert activation(torch.nn.LeakyReLU(0.3)).parameters == (1.0, 0.3)
    assert activation(torch.nn.GELU(approximate="tanh")).family == "user"


@pytest.mark.parametrize("name", USER)
def test_user_functions_answer_both_kinds(name):
    a, f, df = USER[name]
    for kind in (lambda z: z, torch.tensor):
        np.testing.assert_allclose(a.f(kind(POINTS)), f(POINTS), rtol=1e-14, atol=1e-300)
        np.testing.assert_allclose(a.derivative(kind(POINTS)), df(POINTS), rtol=1e-13, atol=1e-300)
