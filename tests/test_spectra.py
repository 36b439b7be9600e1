"""Spectrum, from_matrix, coefficients and profile_of: hand-worked values, NumPy, their laws, bad input."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.kernels import MLP, gaussian_kernel, ntk
from ntklab.spectra import Spectrum, coefficients, from_matrix, profile_of


def gram(n: int = 6, p: int = 9, seed: int = 0) -> np.ndarray:
    features = np.random.default_rng(seed).normal(size=(n, p))
    return features @ features.T


def test_a_spectrum_holds_what_it_was_given():
    spectrum = Spectrum([4, 0.5, 0], [1, 2, 3], tail=0.25)
    np.testing.assert_array_equal(spectrum.eigenvalues, [4.0, 0.5, 0.0])
    assert spectrum.labels == (0, 1, 2)
    assert spectrum.trace == 4 + 2 * 0.5 + 0.25
    assert spectrum.positive_modes == np.inf
    assert Spectrum([4, 0.5, 0], [1, 2, 3]).positive_modes == 3
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        spectrum.tail = 0.0


def test_kind_and_dtype_are_kept_and_multiplicities_stay_exact():
    single = Spectrum(np.array([1.0, 0.5], dtype=np.float32), [1, 2**24 + 1])
    assert single.eigenvalues.dtype == np.float32
    assert int(single.multiplicities[1]) == 2**24 + 1  # float32 would round it
    tensor = Spectrum(torch.tensor([1.0, 0.5]), [1, 2])
    assert tensor.eigenvalues.dtype == torch.float32
    assert isinstance(tensor.multiplicities, torch.Tensor)
    assert tensor.trace == 2.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, -0.1], [1, 1]), r"eigenvalues must be at least 0; got -0.1 at index 1.*clip\(0\)"),
        (([1.0, np.nan], [1, 1]), "eigenvalues must be finite; got nan at index"),
        (([[1.0]], [1]), "eigenvalues must have 1 axis"),
        (([], []), "eigenvalues must not be empty"),
        (([1.0, 0.5], [1]), "multiplicities must have length 2 like eigenvalues; got 1"),
        (([1.0, 0.5], [1, 0]), "multiplicities must be whole numbers of at least 1"),
        (([1.0, 0.5], [1, 1.5]), "multiplicities must be whole numbers of at least 1"),
        (([1.0, 0.5], [1, 1], ["a"]), "labels must have length 2 like eigenvalues; got 1"),
        (([1.0], [1], None, -1.0), "tail must be a finite number at least 0"),
    ],
)
def test_a_spectrum_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Spectrum(*arguments)


def test_from_matrix_is_the_eigensystem_of_K_over_n():
    K = gram()
    spectrum = from_matrix(K)
    np.testing.assert_allclose(spectrum.eigenvalues, np.linalg.eigvalsh(K / len(K))[::-1], rtol=1e-12)
    U = spectrum.eigenvectors
    np.testing.assert_allclose((U * spectrum.eigenvalues) @ U.T * len(K), K, atol=1e-12)
    np.testing.assert_allclose(spectrum.trace, np.trace(K) / len(K), rtol=1e-13)
    np.testing.assert_array_equal(spectrum.multiplicities, np.ones(6))


@settings(max_examples=25, deadline=None)
@given(rank=st.integers(1, 8), seed=st.integers(0, 2**32 - 1))
def test_the_rank_is_counted(rank, seed):
    # Gaussian features: the smallest of at most 8 positive eigenvalues is far above n roundings of the largest.
    assert from_matrix(gram(8, rank, seed)).positive_modes == rank


def test_from_matrix_keeps_kind_dtype_and_input():
    K = gram()
    before = K.copy()
    assert from_matrix(K.astype(np.float32)).eigenvalues.dtype == np.float32
    tensor = from_matrix(torch.tensor(K))
    assert isinstance(tensor.eigenvectors, torch.Tensor)
    np.testing.assert_allclose(tensor.eigenvalues.numpy(), from_matrix(K).eigenvalues, rtol=1e-14)
    np.testing.assert_array_equal(K, before)
    assert from_matrix(gram(7, 3).astype(np.float32)).positive_modes == 3  # by the rounding of float32


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_from_matrix_stays_on_its_device():
    spectrum = from_matrix(torch.tensor(gram(), device="cuda"))
    assert spectrum.eigenvalues.is_cuda
    np.testing.assert_allclose(spectrum.eigenvalues.cpu(), from_matrix(gram()).eigenvalues, rtol=1e-10)


@pytest.mark.parametrize(
    ("K", "message"),
    [
        (np.ones((2, 3)), "K must be square"),
        (np.array([[1.0, 0.5], [0.0, 1.0]]), "K must be symmetric"),
        (np.array([[1.0, np.inf], [np.inf, 1.0]]), "K must be finite"),
        (np.ones(3), "K must have 2 axes"),
        (np.zeros((0, 0)), "K must have at least one row"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), "K must be positive semi-definite; its eigenvalues run from -1 to 3"),
    ],
)
def test_from_matrix_refuses(K, message):
    with pytest.raises(ValueError, match=message):
        from_matrix(K)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 9), c=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_coefficients_keep_the_power_and_rebuild_the_function(n, c, seed):
    f = np.random.default_rng(seed).normal(size=(n, c))
    spectrum = from_matrix(gram(n, n + 2, seed))
    v = coefficients(spectrum, f)
    np.testing.assert_allclose((v**2).sum(0), (f**2).mean(0), rtol=1e-12)  # Parseval
    np.testing.assert_allclose(np.sqrt(n) * spectrum.eigenvectors @ v, f, atol=1e-12)
    np.testing.assert_allclose(coefficients(spectrum, f[:, 0]), v[:, 0], atol=1e-14)


def test_coefficients_refuse():
    with pytest.raises(ValueError, match="spectrum has no eigenvectors; make it with from_matrix"):
        coefficients(Spectrum([1.0], [1]), [1.0])
    with pytest.raises(ValueError, match="f must have 6 rows like spectrum; got 5"):
        coefficients(from_matrix(gram()), np.ones(5))


@pytest.mark.parametrize("kernel", [lambda X, Z: ntk(X, Z, mlp=MLP(2, "relu", C_b=0.1)), gaussian_kernel])
@pytest.mark.parametrize(("d", "radius"), [(2, 1.0), (5, None), (5, 0.7)])
def test_a_profile_is_the_kernel_of_any_pair_at_that_angle(kernel, d, radius):
    rng = np.random.default_rng(d)
    X = rng.normal(size=(7, d))
    X *= (np.sqrt(d) if radius is None else radius) / np.linalg.norm(X, axis=1, keepdims=True)
    K = kernel(X, X)
    cosines = X @ X.T / (X[0] @ X[0])
    values = profile_of(kernel, d, radius)(np.clip(cosines, -1, 1).ravel())
    np.testing.assert_allclose(values, K.ravel(), rtol=1e-7)  # the angle of a point with itself is good to √rounding
    off = ~np.eye(7, dtype=bool).ravel()
    np.testing.assert_allclose(values[off], K.ravel()[off], rtol=1e-12)


def test_profile_of_refuses():
    with pytest.raises(ValueError, match="d must be at least 2; got 1"):
        profile_of(gaussian_kernel, d=1)
    with pytest.raises(ValueError, match="radius must be a finite number greater than 0"):
        profile_of(gaussian_kernel, d=3, radius=0.0)
