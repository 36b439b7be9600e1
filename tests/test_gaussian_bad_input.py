"""What activations and Gaussian expectations refuse, and in which words."""

import math

import numpy as np
import pytest
import torch

from ntklab.gaussian import activation, gaussian_expectations


def square(z):
    return z * z


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rleu", r"activation must be one of 'relu'.*got 'rleu'\. Did you mean 'relu'\?"),
        ("Tanh", r"got 'Tanh'\. Did you mean 'tanh'\?"),
        ("", r"activation must be one of .*got ''"),
        ("relu:3", r"'relu' takes no parameters; got 'relu:3'"),
        ("leaky_relu", r"must be written leaky_relu:s with finite numbers"),
        ("leaky_relu:a", r"must be written leaky_relu:s .*got 'leaky_relu:a'"),
        ("leaky_relu:0.1,0.2", r"must be written leaky_relu:s"),
        ("scale_invariant:1", r"must be written scale_invariant:a_plus,a_minus"),
        ("scale_invariant:1,inf", r"scale_invariant:a_plus,a_minus with finite numbers"),
        ("monomial:0", r"whole number k of at least 1; got 'monomial:0'"),
        ("monomial:1.5", r"whole number k of at least 1; got 'monomial:1\.5'"),
        ("monomial:-2", r"whole number k of at least 1"),
        ("monomial:nan", r"must be written monomial:k with finite numbers"),
    ],
)
def test_names(name, message):
    with pytest.raises(ValueError, match=message):
        activation(name)
    with pytest.raises(ValueError, match=message):
        gaussian_expectations(name, np.ones(1), np.ones((1, 1)), np.ones(1))


@pytest.mark.parametrize("value", [3, None, 0.5, ["relu"]])
def test_what_is_no_activation(value):
    with pytest.raises(TypeError, match=f"must be a name, an Activation or a function; got {type(value).__name__}"):
        activation(value)


def test_a_numpy_function_must_bring_its_derivative():
    for f in (np.arctan, lambda z: np.maximum(z, 0), lambda z: math.tanh(z)):
        with pytest.raises(TypeError, match=r"no torch function.*pass it: activation\(f, derivative=df\)"):
            activation(f)


def test_functions_that_are_not_elementwise():
    with pytest.raises(ValueError, match=r"the activation must be elementwise: 5 numbers in, 5 out; got shape \(\)"):
        activation(torch.sum)
    with pytest.raises(ValueError, match=r"its derivative must be elementwise.*got shape \(2, 5\)"):
        activation(square, derivative=lambda z: torch.stack([z, z]))
    with pytest.raises(TypeError, match="its derivative must take and return NumPy arrays or torch tensors"):
        activation(square, derivative=lambda z: "2z")
    with pytest.raises(TypeError, match="the activation must take and return NumPy arrays or torch tensors"):
        activation(lambda z: None, derivative=square)


@pytest.mark.parametrize("extra", [{"kinks": (0.0,)}, {"derivative": square}])
@pytest.mark.parametrize("own", ["relu", activation("tanh"), torch.relu])
def test_derivative_and_kinks_belong_to_functions_of_ones_own(own, extra):
    with pytest.raises(TypeError, match=r"derivative and kinks go with a function of your own; .* already has its own"):
        activation(own, **extra)


@pytest.mark.parametrize("kinks", [(math.nan,), (0.0, math.inf), ("0",)])
def test_kinks(kinks):
    with pytest.raises(ValueError, match="kinks must be finite numbers; got"):
        activation(square, kinks=kinks)


@pytest.mark.parametrize("q", [0.4, 3.0])
@pytest.mark.parametrize(
    "f", [lambda z: torch.abs(z - 0.3), torch.nn.functional.hardtanh, torch.sign], ids=["shifted", "hard", "sign"]
)
def test_an_undeclared_kink_is_noticed(f, q):
    with pytest.raises(ValueError, match=r"do not settle: .* kink or jump, declare it.*kinks="):
        gaussian_expectations(f, np.array([q]), np.array([[q / 2]]), np.array([q]))


def test_functions_without_finite_integrals():
    for f, message in (
        (torch.log, "must be finite"),
        (lambda z: torch.exp(z * z), "is infinite or too large|do not settle.*variance is too large"),
    ):
        with pytest.raises(ValueError, match=message):
            gaussian_expectations(f, np.array([1.0]), np.array([[0.5]]), np.array([1.0]))


GOOD = {"Kxx": np.array([1.0, 4.0]), "Kxz": np.array([[0.5, 0.0, 1.0], [1.0, 2.0, 0.0]]), "Kzz": np.array([1.0, 2, 1])}


@pytest.mark.parametrize("sigma", ["relu", "tanh", "gelu"])
@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"Kxx": np.ones((2, 1))}, ValueError, r"Kxx must have 1 axis; got shape \(2, 1\)"),
        ({"Kxx": np.ones(3)}, ValueError, r"Kxx must have length 2 like the rows of Kxz; got 3"),
        ({"Kzz": np.ones(2)}, ValueError, r"Kzz must have length 3 like the columns of Kxz; got 2"),
        ({"Kxz": np.ones(3)}, ValueError, r"Kxz must have 2 axes \(rows, columns\); got shape \(3,\)"),
        (
            {"Kxz": np.ones((0, 3)), "Kxx": np.ones(0)},
            ValueError,
            r"at least one row and one column; got shape \(0, 3\)",
        ),
        ({"Kxx": np.array([1.0, -0.5])}, ValueError, r"Kxx holds variances, which are at least 0; got -0\.5"),
        ({"Kzz": np.array([1.0, -2.0, 1])}, ValueError, r"Kzz holds variances, which are at least 0; got -2"),
        ({"Kxx": np.array([1.0, 0.9])}, ValueError, r"Kxz must satisfy Kxz² ≤ Kxx Kzz; it does not"),
        ({"Kxx": np.array([0.0, 4.0])}, ValueError, r"Kxz must satisfy Kxz² ≤ Kxx Kzz"),
        ({"Kxx": np.array([1.0, np.nan])}, ValueError, r"Kxx must be finite; got nan at index \(1,\)"),
        ({"Kzz": np.array([1.0, 2.0, np.inf])}, ValueError, r"Kzz must be finite; got inf at index \(2,\)"),
        ({"Kxz": np.full((2, 3), -np.inf)}, ValueError, r"Kxz must be finite; got -inf at index \(0, 0\)"),
        ({"Kxz": np.ones((2, 3)) * 1j}, TypeError, r"Kxz must hold real numbers; got dtype complex128"),
        ({"Kxx": ["a", "b"]}, TypeError, r"Kxx must hold real numbers; got dtype <U1"),
        ({"Kxz": [[1.0, 2.0], [1.0]]}, ValueError, r"Kxz must be an array of numbers; its rows differ in length"),
    ],
)
def test_covariances(sigma, changes, error, message):
    gaussian_expectations(sigma, **GOOD)
    with pytest.raises(error, match=message):
        gaussian_expectations(sigma, **{**GOOD, **changes})
