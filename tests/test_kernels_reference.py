"""NNGP and NTK against values from 40-digit closed forms (ReLU, erf) and a converged trapezoid rule (tanh).

The six inputs hold every degenerate pair: a, b, a again, 2.5 a, −a, and a vector of length 1e-8.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from ntklab.kernels import MLP, nngp, nngp_and_ntk, ntk

REFERENCE = json.loads((Path(__file__).parent / "reference" / "reference_kernels.json").read_text())
X = np.array(REFERENCE["inputs"]["X"])
PARALLEL = np.isin(np.arange(6), [0, 2, 3, 4])
DEGENERATE = np.outer(PARALLEL, PARALLEL) | np.eye(6, dtype=bool)
DEGENERATE[5, :] = DEGENERATE[:, 5] = True


def network(case: dict) -> MLP:
    readout = None if case["last_layer"].startswith("same") else (1.0, 0.0)
    return MLP(
        case["hidden_layers"], case["activation"], C_W=case["W_std"] ** 2, C_b=case["b_std"] ** 2, readout=readout
    )


def name(case: dict) -> str:
    return (
        f"{case['activation']}-{case['hidden_layers']}-{case['W_std']:.3g}-{case['b_std']:g}-{case['last_layer'][:7]}"
    )


@pytest.mark.parametrize("case", REFERENCE["kernels"], ids=name)
def test_reference_values(case):
    for ours, key in zip(nngp_and_ntk(X, mlp=network(case)), ("nngp", "ntk"), strict=True):
        reference = np.array(case[key])
        generic = ~DEGENERATE
        np.testing.assert_allclose(ours[generic], reference[generic], rtol=1e-12, atol=0)
        # entries of a degenerate pair may vanish (−a at zero bias): relative to the kernel's own scale, not to them
        scale = np.sqrt(np.outer(np.diag(reference), np.diag(reference)))
        assert (np.abs(ours - reference) <= 1e-9 * scale).all()


def test_each_kernel_alone_is_the_same():
    mlp = network(REFERENCE["kernels"][0])
    K, Theta = nngp_and_ntk(X, mlp=mlp)
    np.testing.assert_array_equal(nngp(X, mlp=mlp), K)
    np.testing.assert_allclose(ntk(X, mlp=mlp), Theta, rtol=1e-14, atol=1e-18)


@pytest.mark.parametrize("xi", [1 + 1e-15, -1 - 1e-15])
def test_cosines_just_outside_the_unit_interval(xi):
    from ntklab.kernels import relu_kappa

    at_end = 2.0 if xi > 0 else 0.0  # κ(1) = 2 and κ(−1) = 0 by hand, in the printed normalisation
    np.testing.assert_allclose(relu_kappa(np.array([xi]), "he"), [at_end], atol=1e-9)
