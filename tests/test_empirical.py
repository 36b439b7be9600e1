"""The empirical NTK against the Jacobian it avoids, hand values, its limit, and its blocks against one piece."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ntklab.datasets import sphere
from ntklab.empirical import empirical_ntk, features, verify_network_limit
from ntklab.kernels import MLP, ntk, two_layer_ntk
from ntklab.networks import NetFunction, NTKNet

RNG = np.random.default_rng(0)
X, Z = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))


def jacobian(net, X):
    """(n, c, p) by reverse-mode autograd: shares nothing with the layer-wise route but the forward pass."""
    f = NetFunction(net)
    return torch.func.jacrev(f)(f.w0, torch.as_tensor(X)).numpy()


# ---------- values
def test_slides_network_by_hand():
    # S2: k(x, x') = (1/m) Σ_i [σ(b_i x) σ(b_i x') + a_i² x x' σ'(b_i x) σ'(b_i x')], m = 3
    b, a = np.array([1.0, 2.0, -1.0]), np.array([3.0, -1.0, 5.0])
    net = NTKNet.from_config({"d": 1, "width": 3, "C_W": 1.0, "readout": (1.0, 0.0)}, np.concatenate([b, a]))
    by_hand = [
        [(1 * 1 + 2 * 2 + 9 + 1) / 3, (1 * 2 + 2 * 4 + (9 + 1) * 2) / 3, 0.0],
        [(1 * 2 + 2 * 4 + (9 + 1) * 2) / 3, (4 + 16 + (9 + 1) * 4) / 3, 0.0],
        [0.0, 0.0, (1 + 25) / 3],  # at x = -1 only the third unit is on
    ]
    np.testing.assert_allclose(empirical_ntk(net, np.array([[1.0], [2.0], [-1.0]])), by_hand, rtol=1e-14)


def test_linear_model_has_its_infinite_width_kernel():
    net = NTKNet(3, 1, hidden_layers=0, n_out=2, C_W=1.5, C_b=0.4)
    expected = 0.4 + 1.5 * X @ Z.T / 3
    Theta = empirical_ntk(net, X, Z)
    np.testing.assert_allclose(Theta, expected[:, None, :, None] * np.eye(2)[None, :, None, :], rtol=1e-14)
    np.testing.assert_allclose(empirical_ntk(net, X, Z, trace=True), 2 * expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["relu", "tanh", "leaky_relu:0.3", "gelu"])
@pytest.mark.parametrize("hidden_layers", [1, 3])
@pytest.mark.parametrize("C_b", [0.0, 0.3])
def test_equals_the_product_of_jacobians(name, hidden_layers, C_b):
    net = NTKNet(3, 6, hidden_layers, 2, name, 1.7, C_b, readout=(1.3, 0.1), seed=2)
    J, J_Z = jacobian(net, X), jacobian(net, Z)
    full = np.einsum("ncp,mep->ncme", J, J_Z)
    np.testing.assert_allclose(empirical_ntk(net, X, Z), full, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(
        empirical_ntk(net, X, Z, trace=True), np.einsum("ncmc->nm", full), rtol=1e-12, atol=1e-13
    )
    np.testing.assert_allclose(empirical_ntk(net, X), np.einsum("ncp,mep->ncme", J, J), rtol=1e-12, atol=1e-13)


def test_one_output_drops_the_output_axes():
    net = NTKNet(3, 6, 2, C_b=0.3)
    J = jacobian(net, X)[:, 0]
    np.testing.assert_allclose(empirical_ntk(net, X), J @ J.T, rtol=1e-12)
    np.testing.assert_array_equal(empirical_ntk(net, X, trace=True), empirical_ntk(net, X))


# ---------- laws
@given(seed=st.integers(0, 2**32 - 1), n_out=st.integers(1, 3), hidden_layers=st.integers(0, 3))
def test_is_symmetric_to_the_last_bit_and_positive(seed, n_out, hidden_layers):
    points = np.random.default_rng(seed).normal(size=(4, 2))
    net = NTKNet(2, 5, hidden_layers, n_out, "tanh", C_b=0.1, seed=seed)
    Theta = empirical_ntk(net, points).reshape(4 * n_out, 4 * n_out)
    np.testing.assert_array_equal(Theta, Theta.T)
    assert np.linalg.eigvalsh(Theta).min() > -1e-13 * np.trace(Theta)


def test_bias_free_relu_kernel_is_homogeneous():
    net = NTKNet(3, 20, 2, seed=1)
    np.testing.assert_allclose(empirical_ntk(net, 3 * X, Z), 3 * empirical_ntk(net, X, Z), rtol=1e-13, atol=1e-14)


def test_mean_over_seeds_is_the_slides_formula():
    # one hidden layer: E over N(0, 1) weights is the formula at every width; 5 standard errors of the mean
    kernels = np.stack([empirical_ntk(NTKNet(3, 32, C_W=3.0, readout=(1, 0), seed=seed), X, Z) for seed in range(400)])
    five_sigma = 5 * kernels.std(axis=0) / np.sqrt(len(kernels))
    assert five_sigma.max() < 0.15 * kernels.max()
    assert (np.abs(kernels.mean(axis=0) - two_layer_ntk(X, Z)) < five_sigma).all()


@pytest.mark.parametrize("mlp", [MLP(), MLP(1, "erf", (1.2, 0.7), (0.3, 0.0))])
def test_one_hidden_layer_converges_with_slope_minus_a_half(mlp):
    # a mean of independent units: the mean square error is a constant over the width, exactly, at every width
    points = sphere(12, 3, rng=0, radius=np.sqrt(3))  # of one norm: no point dominates, so fewer seeds do
    report = verify_network_limit(mlp, points, widths=(64, 256, 1024), seeds=range(400))
    assert report.slope_error < 0.0125
    assert abs(report.slope + 0.5) < 0.05  # four standard errors
    constant, five_sigma = (values * np.sqrt(report.widths) for values in (report.errors, 5 * report.standard_errors))
    assert constant.max() - constant.min() < 5 * np.linalg.norm(five_sigma / 5)


def test_deep_network_converges_to_the_kernel_of_its_mlp():
    mlp = MLP(2, "tanh", 1.5, 0.1, readout=(1.0, 0.2))
    report = verify_network_limit(mlp, X, widths=(32, 128, 512), seeds=range(150))
    # the next order, O(1/width²) in the mean square, adds up to about 0.02 to the slope at these widths
    assert report.slope_error < 0.02
    assert abs(report.slope + 0.5) < 0.08


# ---------- the report
def test_report_is_made_of_the_kernels_it_names():
    mlp, widths, seeds = MLP(1, "erf", C_b=0.2), [8, 32], [3, 4, 5]
    report = verify_network_limit(mlp, X, widths, seeds)
    Theta = ntk(X, mlp=mlp)
    squared = np.array(
        [
            [
                np.sum((empirical_ntk(NTKNet.from_mlp(mlp, 3, width, seed=seed), X) - Theta) ** 2) / np.sum(Theta**2)
                for seed in seeds
            ]
            for width in widths
        ]
    )
    np.testing.assert_allclose(report.errors, np.sqrt(squared.mean(axis=1)), rtol=1e-10)
    np.testing.assert_allclose(report.slope, np.polyfit(np.log(widths), np.log(report.errors), 1)[0], rtol=1e-10)
    # s.e. of the mean of e², halved in relative terms by the root
    by_hand = squared.std(axis=1, ddof=1) / np.sqrt(3) / (2 * report.errors)
    np.testing.assert_allclose(report.standard_errors, by_hand, rtol=1e-10)
    relative = report.standard_errors / report.errors
    np.testing.assert_allclose(report.slope_error, np.linalg.norm(relative) / np.log(4), rtol=1e-10)
    table = str(report).splitlines()
    assert len(table) == 2 + len(widths) + 1
    assert f"{report.errors[1]:.2e}" in table[3]
    assert table[-1].startswith(f"slope {report.slope:.3f} ± ")


def test_slope_error_is_the_scatter_of_repeated_reports():
    slopes, errors = zip(
        *(
            (report.slope, report.slope_error)
            for start in range(0, 400, 10)
            for report in [verify_network_limit(MLP(), X, (16, 64), range(start, start + 10))]
        ),
        strict=True,
    )
    # the s.d. of 40 slopes is known to 1/sqrt(80) = 11 %; the estimate from 10 seeds leans low, by about 10 %
    assert 0.55 < np.sqrt(np.mean(np.square(errors))) / np.std(slopes, ddof=1) < 1.5


def test_report_bad_input():
    with pytest.raises(ValueError, match=r"widths and seeds must be at least two each; got \[8, 8\]"):
        verify_network_limit(MLP(), X, [8, 8])
    with pytest.raises(ValueError, match="widths and seeds must be at least two each"):
        verify_network_limit(MLP(), X, [8, 16], seeds=[0])
    with pytest.raises(ValueError, match="widths must be at least 1; got 0"):
        verify_network_limit(MLP(), X, [0, 16])
    with pytest.raises(ValueError, match="mlp must have lambda_W = C_W"):
        verify_network_limit(MLP(lambda_W=1.0), X, [8, 16])
    with pytest.raises(ValueError, match="X must have 2 axes"):
        verify_network_limit(MLP(), X[0], [8, 16])


# ---------- blocks, kinds, devices
@pytest.mark.parametrize("memory", [1, 2**13, 2**15, 2**18])
@pytest.mark.parametrize("n_out", [1, 2])
def test_blocks_of_any_size_give_one_result(monkeypatch, memory, n_out):
    points, others = RNG.normal(size=(23, 3)), RNG.normal(size=(11, 3))
    net = NTKNet(3, 8, 2, n_out, C_b=0.1)
    whole, cross = empirical_ntk(net, points), empirical_ntk(net, points, others)
    monkeypatch.setattr(features, "WORKING_BYTES", memory)
    np.testing.assert_allclose(empirical_ntk(net, points), whole, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(empirical_ntk(net, points, others), cross, rtol=1e-12, atol=1e-13)


def test_kind_and_dtype_of_the_inputs_return():
    net = NTKNet(3, 16, C_b=0.1)
    exact = empirical_ntk(net, X, Z)
    single = empirical_ntk(net, X.astype(np.float32), Z.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, exact, rtol=1e-4, atol=1e-6)
    tensor = empirical_ntk(net, torch.tensor(X), torch.tensor(Z))
    assert isinstance(tensor, torch.Tensor)
    assert not tensor.requires_grad
    np.testing.assert_allclose(tensor, exact, rtol=1e-14)
    small = NTKNet(3, 16, C_b=0.1).float()  # float32 weights, float64 inputs: computed in float64
    reference = NTKNet.from_config(small.config, small.flat_weights().double())
    np.testing.assert_array_equal(empirical_ntk(small, X, Z), empirical_ntk(reference, X, Z))
    np.testing.assert_array_equal(empirical_ntk(net, [[1, 2, 3]]), empirical_ntk(net, np.array([[1.0, 2.0, 3.0]])))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_on_a_gpu():
    net, there = NTKNet(3, 128, 3, 2, seed=1), NTKNet(3, 128, 3, 2, seed=1).to("cuda")
    expected = empirical_ntk(net, X, Z)
    np.testing.assert_allclose(empirical_ntk(there, X, Z), expected, rtol=1e-9, atol=1e-11)
    on_gpu = empirical_ntk(there, torch.tensor(X, device="cuda"))
    assert on_gpu.device.type == "cuda"
    with pytest.raises(ValueError, match="X is on cpu and net on cuda:0"):
        empirical_ntk(there, torch.tensor(X))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((X[:, :2],), ValueError, r"X must have 3 columns like the network's d; got shape \(5, 2\)"),
        ((X, Z[:, :2]), ValueError, r"Z must have 3 columns like the network's d; got shape \(4, 2\)"),
        ((X[0],), ValueError, r"X must have 2 axes .* Use X\[:, None\]"),
        ((X[:0],), ValueError, "X must have at least one row"),
        ((np.full((2, 3), np.inf),), ValueError, "X must be finite; got inf"),
        ((np.full((2, 3), "a"),), TypeError, "X must hold real numbers"),
    ],
)
def test_bad_input(arguments, error, message):
    with pytest.raises(error, match=message):
        empirical_ntk(NTKNet(3, 4), *arguments)


def test_bad_network():
    with pytest.raises(TypeError, match="net must be an NTKNet or another torch module; got function"):
        empirical_ntk(lambda X: X, X)
