"""Laws of every kernel: symmetry, semi-definiteness, rotation, homogeneity, and the kinds of array that go in."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_kernels_laws import EVERY_SIGMA, by_sigma, data

from ntklab.gaussian import activation
from ntklab.kernels import MLP, arc_cosine, gaussian_kernel, linear_kernel, nngp, nngp_and_ntk, ntk, two_layer_ntk

KERNELS = {
    "arc_cosine 0": lambda X, Z=None: arc_cosine(X, Z, order=0),
    "arc_cosine 1": lambda X, Z=None: arc_cosine(X, Z, order=1),
    "arc_cosine 2": lambda X, Z=None: arc_cosine(X, Z, order=2),
    "two_layer_ntk": two_layer_ntk,
    "gaussian_kernel": lambda X, Z=None: gaussian_kernel(X, Z, length_scale=1.7),
    "linear_kernel": linear_kernel,
    **{f"nngp {s}": lambda X, Z=None, s=s: nngp(X, Z, mlp=by_sigma(s)) for s in EVERY_SIGMA},
    **{f"ntk {s}": lambda X, Z=None, s=s: ntk(X, Z, mlp=by_sigma(s)) for s in EVERY_SIGMA},
    "ntk relu without bias": lambda X, Z=None: ntk(X, Z, mlp=MLP(3)),
}
every_kernel = pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())


@every_kernel
def test_a_part_of_the_data_has_a_part_of_the_kernel(kernel):
    X = data(40, 3, 2)
    whole, part = kernel(X), kernel(X[5:9], X[20:31])
    np.testing.assert_allclose(part, whole[5:9, 20:31], rtol=0, atol=1e-11 * np.abs(whole).max())


@every_kernel
def test_symmetric_semi_definite_and_the_same_as_with_itself(kernel):
    X = data(30, 4, 15)
    X[3], X[4], X[5], X[6] = X[2], -X[2], 2 * X[2], 0
    k = kernel(X)
    np.testing.assert_array_equal(k, k.T)
    eigenvalues = np.linalg.eigvalsh(k)
    assert eigenvalues[0] >= -1e-11 * eigenvalues[-1]
    np.testing.assert_allclose(kernel(X, X.copy()), k, rtol=0, atol=1e-11 * np.abs(k).max())
    np.testing.assert_allclose(kernel(X[:7], X), kernel(X, X[:7]).T, rtol=0, atol=1e-11 * np.abs(k).max())


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), d=st.integers(1, 8), name=st.sampled_from([k for k in KERNELS if "tanh" not in k])
)
def test_rotation_invariance(seed, d, name):
    rng = np.random.default_rng(seed)
    X, Z = rng.normal(size=(5, d)), rng.normal(size=(3, d))
    Q, _ = np.linalg.qr(rng.normal(size=(d, d)))
    k = KERNELS[name](X, Z)
    # rounding of the inner products, 1e-15, over the sine of the angle in order 0: parallel in d = 1, exactly
    tolerance = (1e-6 if d == 1 else 1e-9) * max(1, np.abs(k).max())
    np.testing.assert_allclose(KERNELS[name](X @ Q, Z @ Q), k, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("size_x", "size_z"), [(3.0, 0.25), (1e-60, 1e50), (1e70, 1e60)])
def test_homogeneity(size_x, size_z):
    X, Z = data(5, 3, 16), data(4, 3, 17)
    for degree, kernel in (
        *((order, KERNELS[f"arc_cosine {order}"]) for order in (0, 1, 2)),
        (1, two_layer_ntk),
        (1, KERNELS["ntk relu without bias"]),
        (1, lambda X, Z: nngp(X, Z, mlp=MLP(3, "scale_invariant:0.7,-1.6"))),
        (2, lambda X, Z: ntk(X, Z, mlp=MLP(1, "monomial:2"))),
    ):
        scaled = kernel(X * size_x, Z * size_z)
        np.testing.assert_allclose(scaled, (size_x * size_z) ** degree * kernel(X, Z), rtol=1e-12)


def test_zero_rows():
    X = np.array([[0.0, 0.0], [1.0, -2.0]])
    for kernel in (arc_cosine, two_layer_ntk, linear_kernel, KERNELS["ntk relu without bias"]):
        np.testing.assert_array_equal(kernel(X)[0], [0.0, 0.0])
    np.testing.assert_array_equal(arc_cosine(X, order=0), [[0.25, 0.25], [0.25, 0.5]])
    # cos at a zero row, C_b = 0: E[cos² 0] = 1, E[cos 0 cos v] = exp(−q/2) with q = 5/2
    mlp = MLP(1, activation(torch.cos), C_W=1.0)
    K, Theta = nngp_and_ntk(X, mlp=mlp)
    np.testing.assert_allclose(K[0], [1.0, math.exp(-1.25)], rtol=1e-12)
    np.testing.assert_allclose(Theta[0], K[0], rtol=1e-12)  # σ′(0) = 0 and Θ¹ = 0


@every_kernel
def test_kinds_of_input_agree_and_none_is_changed(kernel):
    X, Z = np.arange(-6, 6).reshape(4, 3), np.array([[1, 0, 2], [-1, 3, 1]])
    k = kernel(X.astype(float), Z.astype(float))
    assert isinstance(k, np.ndarray)
    assert k.dtype == np.float64
    kinds = [
        (X, Z),
        (X.tolist(), Z.tolist()),
        (X.astype(np.int8), Z.astype(float)),
        (np.asfortranarray(X), np.repeat(Z, 2, axis=1)[:, ::2]),
        (X[::-1][::-1].astype(">f8"), Z[:, ::-1].copy()[:, ::-1].astype(float)),
    ]
    for one, other in kinds:
        for A in (one, other):
            if isinstance(A, np.ndarray):
                A.flags.writeable = False
        np.testing.assert_allclose(kernel(one, other), k, rtol=0, atol=1e-13 * np.abs(k).max())
    T = torch.tensor(X.T).T.double().requires_grad_()
    ours = kernel(T, torch.tensor(Z))
    assert ours.dtype == torch.float64
    assert not ours.requires_grad
    np.testing.assert_allclose(ours.numpy(), k, rtol=0, atol=1e-13 * np.abs(k).max())
    floats = X.astype(float)
    before = floats.copy()
    assert not np.shares_memory(kernel(floats), floats)
    np.testing.assert_array_equal(floats, before)


@every_kernel
def test_float32_stays_and_is_right_to_its_precision(kernel):
    X = data(20, 5, 18).astype(np.float32)
    X[3], X[4] = -X[2], np.float32(1 + 1e-3) * X[2]
    k, exact = kernel(X), kernel(X.astype(float))
    assert k.dtype == np.float32
    assert kernel(torch.tensor(X)).dtype == torch.float32
    assert kernel(X, X.astype(float)).dtype == np.float64
    # 1e-3 below 1 a cosine's rounding of 6e-8 costs an angle 6e-8/0.045, twice over in two layers, and slopes of O(5)
    scale = np.sqrt(np.outer(np.diag(exact), np.diag(exact)))
    assert (np.abs(k - exact) / scale).max() <= 2e-5


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU: none here")
@every_kernel
def test_an_accelerator_gives_the_same(kernel):
    X, Z = torch.tensor(data(513, 6, 19)), torch.tensor(data(40, 6, 20))
    k = kernel(X, Z)
    ours = kernel(X.cuda(), Z.cuda())
    assert ours.device.type == "cuda"
    assert ours.dtype == torch.float64
    torch.testing.assert_close(ours.cpu(), k, rtol=0, atol=1e-12 * float(k.abs().max()))
    with pytest.raises(ValueError, match=r"one device.*Move them with"):
        kernel(X.cuda(), Z)
