"""circle, hypercube and sphere together: reference values, the sum over modes, kinds of arrays, bad input."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.kernels import MLP, ntk
from ntklab.spectra import circle, hypercube, krawtchouk, profile_of, sphere

REFERENCE = json.loads((Path(__file__).parent / "reference" / "reference_spectra.json").read_text())["Wstd_1.4"]


def of_net(d: int, radius: float | None = None):
    mlp = MLP(4, "relu", C_W=1.4**2, C_b=0.01, readout=(1, 0))
    return profile_of(lambda X, Z: ntk(X, Z, mlp=mlp), d, radius)


def test_reference_values():
    cube = hypercube(of_net(8), 8)
    np.testing.assert_allclose(cube.eigenvalues, REFERENCE["hypercube8"]["lam"], rtol=0, atol=1e-10)
    np.testing.assert_array_equal(cube.multiplicities, REFERENCE["hypercube8"]["mult"])
    net = of_net(2, radius=1.0)
    ring = circle(lambda angle: net(np.cos(angle)), 256)
    np.testing.assert_allclose(ring.eigenvalues[:13], REFERENCE["circle256"]["lam_0_12"], rtol=0, atol=1e-10)
    ball = sphere(of_net(8), 8, 12)
    np.testing.assert_allclose(ball.eigenvalues, REFERENCE["sphere8"]["lam_0_12"], rtol=0, atol=1e-10)
    np.testing.assert_array_equal(ball.multiplicities, REFERENCE["sphere8"]["mult_0_12"])


@settings(max_examples=30, deadline=None)
@given(weights=st.lists(st.floats(0, 3), min_size=1, max_size=5), d=st.integers(2, 12))
def test_the_sum_over_modes_is_the_diagonal(weights, d):
    # Σ a_j cos^j with a_j ≥ 0 is a kernel on every sphere and cube
    def profile(cosine):
        return np.polynomial.polynomial.polyval(cosine, [*weights, 0.1])

    diagonal = profile(1.0)
    for spectrum in (
        hypercube(profile, d),
        sphere(profile, d, 3),
        circle(lambda angle: profile(np.cos(angle)), d),
    ):
        np.testing.assert_allclose(spectrum.trace, diagonal, rtol=1e-12)


@pytest.mark.parametrize(
    "make", [lambda p: hypercube(p, 5), lambda p: sphere(p, 5, 3), lambda p: circle(lambda a: p(np.cos(a)), 6)]
)
def test_scale_kind_and_dtype(make):
    plain = make(np.exp)
    np.testing.assert_allclose(make(lambda z: 7 * np.exp(z)).eigenvalues, 7 * plain.eigenvalues, rtol=1e-13)
    tensor = make(lambda z: torch.exp(torch.from_numpy(z)))
    assert isinstance(tensor.eigenvalues, torch.Tensor)
    np.testing.assert_allclose(tensor.eigenvalues.numpy(), plain.eigenvalues, rtol=1e-13)
    single = make(lambda z: np.exp(z).astype(np.float32))
    assert single.eigenvalues.dtype == np.float32
    np.testing.assert_allclose(single.eigenvalues[:2], plain.eigenvalues[:2], rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: circle(np.cos, 0), ValueError, "n_points must be at least 1; got 0"),
        (lambda: circle(np.cos, 2.5), TypeError, "n_points must be a whole number; got 2.5"),
        (
            lambda: circle([1.0, 0.5], 3),
            ValueError,
            r"kernel must give 3 values, one for each of the angles; got shape \(2,\)",
        ),
        (lambda: circle([1.0, 0.5, 0.1], 3), ValueError, "kernel must be symmetric.*differ by up to 0.4"),
        (lambda: circle([1.0, -2.0, -2.0], 3), ValueError, "kernel must be positive semi-definite; eigenvalue 0 is -1"),
        (lambda: circle(lambda angle: angle * np.nan, 4), ValueError, "kernel must be finite; got nan"),
        (lambda: circle(math.cos, 4), TypeError, "kernel must take an array of angles and return one value for each"),
        (
            lambda: hypercube([1.0, 0.0], 2),
            ValueError,
            "profile must give 3 values, one for each of the Hamming distances",
        ),
        (
            lambda: hypercube(lambda cosine: 1.0, 2),
            ValueError,
            "profile must give 3 values, one for each of the cosines",
        ),
        (
            lambda: hypercube(lambda cosine: -cosine, 4),
            ValueError,
            "profile must be positive semi-definite; eigenvalue 1 is -0.25",
        ),
        (lambda: hypercube(np.exp, 0), ValueError, "d must be at least 1; got 0"),
        (lambda: hypercube(np.exp, 1001), ValueError, "d must be at most 1000"),
        (lambda: krawtchouk(-1), ValueError, "d must be at least 1; got -1"),
        (lambda: sphere(np.exp, 1, 3), ValueError, "d must be at least 2; got 1"),
        (lambda: sphere(np.exp, 3, -1), ValueError, "k_max must be at least 0; got -1"),
        (lambda: sphere([1.0], 3, 2), TypeError, "profile must be a callable of the cosine; got list"),
        (
            lambda: sphere(lambda z: z - 1, 3, 2),
            ValueError,
            "profile must be positive semi-definite; eigenvalue 0 is -1",
        ),
        (
            lambda: sphere(lambda z: 1.0 * (z > 0.3), 3, 2),
            ValueError,
            "profile must be smooth in the angle.*still move by",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
