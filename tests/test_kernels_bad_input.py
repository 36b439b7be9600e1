"""What the kernels and MLP refuse, and in which words."""

import math

import numpy as np
import pytest
import torch

from ntklab.kernels import (
    MLP,
    arc_cosine,
    gaussian_kernel,
    linear_kernel,
    nngp,
    nngp_and_ntk,
    ntk,
    relu_kappa,
    two_layer_ntk,
)

KERNELS = {
    **{f.__name__: f for f in (arc_cosine, two_layer_ntk, gaussian_kernel, linear_kernel)},
    **{f.__name__: lambda X, Z=None, f=f: f(X, Z, mlp=MLP()) for f in (nngp, ntk, nngp_and_ntk)},
    "nngp of erf": lambda X, Z=None: nngp(X, Z, mlp=MLP(1, "erf")),
}
X = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]])
WITH_NAN, WITH_INF = X.copy(), X.copy()
WITH_NAN[1, 0], WITH_INF[2, 1] = np.nan, -np.inf


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.ones(3),), ValueError, r"X must have 2 axes .*got shape \(3,\)\. Use X\[:, None\]"),
        ((np.ones((2, 2, 2)),), ValueError, r"X must have 2 axes \(rows, columns\); got shape \(2, 2, 2\)"),
        ((np.float64(1.0),), ValueError, r"X must have 2 axes \(rows, columns\); got shape \(\)"),
        ((X, np.ones(2)), ValueError, r"Z must have 2 axes .*got shape \(2,\)\. Use Z\[:, None\]"),
        ((X, np.ones((4, 3))), ValueError, r"Z must have 2 columns like X; got shape \(4, 3\)"),
        ((np.ones((0, 2)),), ValueError, r"X must have at least one row and one column; got shape \(0, 2\)"),
        ((np.ones((2, 0)),), ValueError, r"X must have at least one row and one column; got shape \(2, 0\)"),
        ((X, np.ones((0, 2))), ValueError, r"Z must have at least one row and one column; got shape \(0, 2\)"),
        ((WITH_NAN,), ValueError, r"X must be finite; got nan at index \(1, 0\)\. Remove or impute"),
        ((torch.tensor(WITH_INF),), ValueError, r"X must be finite; got -inf at index \(2, 1\)"),
        ((X, WITH_INF.astype(np.float32)), ValueError, r"Z must be finite; got -inf at index \(2, 1\)"),
        ((X + 1j,), TypeError, r"X must hold real numbers; got dtype complex128"),
        ((torch.ones(2, 2, dtype=torch.complex64),), TypeError, r"X must hold real numbers; got dtype torch.complex64"),
        ((np.array([["a", "b"]]),), TypeError, r"X must hold real numbers; got dtype <U1"),
        (([[1.0, 2.0], [3.0]],), ValueError, r"X must be an array of numbers; its rows differ in length"),
    ],
)
def test_inputs(kernel, arguments, error, message):
    with pytest.raises(error, match=message):
        kernel(*arguments)


@pytest.mark.parametrize("order", [3, -1, True, 1.5, "one"])
def test_order(order):
    with pytest.raises(ValueError, match=r"order must be one of '0', '1', '2'; got"):
        arc_cosine(X, order=order)


def test_cosines():
    for xi in (1.01, -1.01):
        with pytest.raises(
            ValueError, match=r"xi must hold cosines, within \[-1, 1\]; got 1\.01\. Divide by the norms"
        ):
            relu_kappa(np.array([0.2, xi]))
    with pytest.raises(ValueError, match=r"xi must hold cosines"):
        relu_kappa(np.array([1.01], dtype=np.float32))
    with pytest.raises(ValueError, match=r"xi must be finite; got nan at index \(1,\)"):
        relu_kappa(np.array([0.2, np.nan]))


def test_normalization():
    for call in (lambda name: relu_kappa(np.zeros(1), name), lambda name: two_layer_ntk(X, normalization=name)):
        with pytest.raises(
            ValueError, match=r"normalization must be one of 'gaussian', 'he'; got 'gausian'\. Did you mean"
        ):
            call("gausian")
    for sigma in ("erf", "scale_invariant:0,0"):
        with pytest.raises(
            ValueError, match=rf"\"he\" is for ReLU-like activations; '{sigma}' is none\. Use \"gaussian\""
        ):
            two_layer_ntk(X, activation=sigma, normalization="he")


def test_activation():
    for call in (lambda: two_layer_ntk(X, activation="rleu"), lambda: MLP(1, "rleu")):
        with pytest.raises(ValueError, match=r"activation must be one of .*got 'rleu'\. Did you mean 'relu'\?"):
            call()
    with pytest.raises(TypeError, match=r"no torch function.*derivative=df"):
        MLP(1, np.arctan)
    with pytest.raises(ValueError, match=r"do not settle: .*declare it"):
        ntk(X, mlp=MLP(1, lambda z: torch.abs(z - 0.3)))


def test_length_scale():
    for value in (0, -2.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="length_scale must be a finite number greater than 0; got"):
            gaussian_kernel(X, length_scale=value)
    with pytest.raises(TypeError, match="length_scale must be a number greater than 0; got 'wide'"):
        gaussian_kernel(X, length_scale="wide")


@pytest.mark.parametrize("kernel", [nngp, ntk, nngp_and_ntk])
def test_mlp_and_overflow(kernel):
    for value, name in (("relu", "str"), (None, "NoneType"), (MLP, "type")):
        with pytest.raises(TypeError, match=rf"mlp must be an MLP, for example MLP\(hidden_layers=3\); got {name}"):
            kernel(X, mlp=value)
    for sigma in ("relu", "monomial:2"):
        with pytest.raises(ValueError, match=r"K\(x, x\) overflows: the rows of X or Z.*rescale the inputs"):
            kernel(X * 1e200, mlp=MLP(1, sigma))
    with pytest.raises(ValueError, match=r"K\(x, x\) overflows.*rescale the inputs"):
        kernel(X.astype(np.float32) * np.float32(1e25), mlp=MLP())


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"hidden_layers": -1}, ValueError, r"hidden_layers must be at least 0; got -1"),
        ({"hidden_layers": 1.5}, TypeError, r"hidden_layers must be a whole number; got 1\.5"),
        ({"hidden_layers": True}, TypeError, r"hidden_layers must be a whole number; got True"),
        ({"C_W": -1}, ValueError, r"C_W must be a finite number at least 0; got -1"),
        ({"C_W": math.inf}, ValueError, r"C_W must be a finite number at least 0; got inf"),
        ({"C_W": None}, TypeError, r"C_W must be a number at least 0; got None"),
        ({"C_b": "0.1x"}, TypeError, r"C_b must be a number at least 0; got '0\.1x'"),
        ({"C_b": (0.0, -0.1)}, ValueError, r"C_b\[1\] must be a finite number at least 0; got -0\.1"),
        ({"C_W": (1, 2, 3)}, ValueError, r"C_W must be a number or a tuple of hidden_layers \+ 1 = 2.*got 3"),
        ({"hidden_layers": 2, "lambda_b": (1, 2)}, ValueError, r"lambda_b must be .*hidden_layers \+ 1 = 3.*got 2"),
        ({"lambda_W": (1, math.nan)}, ValueError, r"lambda_W\[1\] must be a finite number at least 0; got nan"),
        ({"lambda_b": -0.5}, ValueError, r"lambda_b must be a finite number at least 0; got -0\.5"),
        ({"readout": 3}, ValueError, r"readout must be a pair \(C_W, C_b\); got 3"),
        ({"readout": (1, 2, 3)}, ValueError, r"readout must be a pair \(C_W, C_b\); got \(1, 2, 3\)"),
        ({"readout": "ab"}, ValueError, r"readout must be a pair \(C_W, C_b\); got 'ab'"),
        ({"readout": (-1, 0)}, ValueError, r"readout's C_W must be a finite number at least 0; got -1"),
        ({"readout": (1, -1)}, ValueError, r"readout's C_b must be a finite number at least 0; got -1"),
        ({"readout": (1, 0), "C_W": (1, 1)}, ValueError, r"readout and a tuple for C_W both set the last layer"),
        ({"readout": (1, 0), "C_b": (1, 1)}, ValueError, r"readout and a tuple for C_b both set the last layer"),
    ],
)
def test_networks(fields, error, message):
    with pytest.raises(error, match=message):
        MLP(**fields)


def test_a_network_is_frozen():
    with pytest.raises(AttributeError, match="cannot assign"):
        MLP().C_W = 1.0
