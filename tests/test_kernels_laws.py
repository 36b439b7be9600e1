"""Kernels: hand values, the plain recursion beside the block engine, independent computations, conventions."""

import math

import numpy as np
import pytest
import torch
from mpmath import mp, mpf
from sklearn.metrics.pairwise import rbf_kernel

from ntklab.gaussian import activation, gaussian_expectations
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

SLOPES = {"relu": (1.0, 0.0), "leaky_relu:0.2": (1.0, 0.2), "scale_invariant:0.7,-1.6": (0.7, -1.6)}
SILU = activation(lambda z: z * torch.sigmoid(z))
EVERY_SIGMA = [*SLOPES, "erf", "tanh", "sin", "gelu", "linear", "monomial:2", SILU]


def by_sigma(sigma):
    """A network with everything at once: two hidden layers, biases, all layers different."""
    return MLP(2, sigma, C_W=(1.3, 0.8, 1.1), C_b=(0.2, 0.1, 0.05), lambda_W=(0.4, 1.5, 0.7), lambda_b=(0.9, 0.0, 0.3))


def data(n, d, seed):
    return np.random.default_rng(seed).normal(size=(n, d))


def relu_pair(plus, minus, qx, k, qz):
    """E_ss and E_dd of a₊z, a₋z by α z + β |z|: α² k + β² E|u||v|, and α² + β² E[sign u sign v] (odd parts vanish)."""
    alpha, beta = (plus + minus) / 2, (plus - minus) / 2
    root = np.sqrt(np.outer(qx, qz))
    cosine = np.divide(k, root, out=np.zeros_like(k), where=root > 0).clip(-1, 1)
    asin = np.arcsin(cosine)
    absolute = root * 2 / np.pi * (np.sqrt(1 - cosine**2) + cosine * asin)
    return alpha**2 * k + beta**2 * absolute, alpha**2 + beta**2 * 2 / np.pi * asin


def expectations(sigma, qx, k, qz):
    """The engine is on trial, not the integrals: those have tests of their own."""
    return relu_pair(*SLOPES[sigma], qx, k, qz) if sigma in SLOPES else gaussian_expectations(sigma, qx, k, qz)


def plain(X, Z, mlp):
    """(10.44), (10.45) on whole matrices, three lines a layer."""
    layers = list(zip(mlp.weight_variances, mlp.bias_variances, mlp.weight_rates, mlp.bias_rates, strict=True))
    C_W, C_b, l_W, l_b = layers[0]
    inner, qs = X @ Z.T / X.shape[1], [C_b + C_W * (A**2).mean(1) for A in (X, Z)]
    K, Theta = C_b + C_W * inner, l_b + l_W * inner
    for number, (C_W, C_b, l_W, l_b) in enumerate(layers[1:], start=1):
        E_ss, E_dd = expectations(mlp.activation, qs[0], K, qs[1])
        K, Theta = C_b + C_W * E_ss, l_b + l_W * E_ss + C_W * E_dd * Theta
        if number < mlp.hidden_layers:
            own = [[expectations(mlp.activation, t, t[None], t)[0].item() for t in q[:, None]] for q in qs]
            qs = [C_b + C_W * np.array(power) for power in own]
    return K, Theta


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_values_by_hand():
    X, Z = (
        np.array([[3.0, 4.0]]),
        np.array([[-8.0, 6.0], [6.0, 8.0]]),
    )  # at a right angle, and parallel; norms 5, 10, 10
    np.testing.assert_allclose(arc_cosine(X, Z, order=0), [[0.25, 0.5]], rtol=1e-15)
    np.testing.assert_allclose(arc_cosine(X, Z, order=1), [[25 / math.pi, 25.0]], rtol=1e-15)
    np.testing.assert_allclose(arc_cosine(X, Z, order=2), [[2500 / 4, 2500 * 1.5]], rtol=1e-15)
    np.testing.assert_allclose(relu_kappa(np.array([0.5])), [1 / 3 + math.sqrt(3) / (4 * math.pi)], rtol=1e-15)
    np.testing.assert_allclose(two_layer_ntk(X, Z), [[25 / math.pi, 50.0]], rtol=1e-15)
    # E_ss and E_dd of z² are qx qz + 2k² and 4k: at k = 0, then at k = 50, qx qz = 2500
    np.testing.assert_allclose(two_layer_ntk(X, Z, "monomial:2"), [[2500, 7500 + 4 * 50 * 50]], rtol=1e-14)
    np.testing.assert_allclose(gaussian_kernel(X, Z, length_scale=5.0), [np.exp([-125 / 50, -25 / 50])], rtol=1e-15)
    np.testing.assert_array_equal(linear_kernel(X, Z), [[0.0, 50.0]])
    # no hidden layer: b + w·x/√d
    K, Theta = nngp_and_ntk(X, Z, mlp=MLP(0, C_W=2.0, C_b=0.5, lambda_W=3.0, lambda_b=0.1))
    np.testing.assert_allclose([K, Theta], [[[0.5, 50.5]], [[0.1, 75.1]]], rtol=1e-15)
    # He's network of depth L at x: K = x·x·2/d·(1/2)…, Θ = L K
    K, Theta = nngp_and_ntk(X, mlp=MLP(4))
    np.testing.assert_allclose([K.item(), Theta.item()], [25.0, 125.0], rtol=1e-14)


def test_erf_in_neural_tangents_parametrisation_by_hand():
    W_std, b_std = 1.5, 0.3  # Dense(W_std, b_std): z = W_std W x/√fan_in + b_std b, everything trained at rate 1
    x, z = np.array([[1.0, 2.0]]), np.array([[-0.5, 1.0]])
    K1, q1, q2 = (W_std**2 * s / 2 + b_std**2 for s in (1.5, 5.0, 1.25))
    minor = (1 + 2 * q1) * (1 + 2 * q2)
    E_ss = 2 / math.pi * math.asin(2 * K1 / math.sqrt(minor))
    E_dd = 4 / math.pi / math.sqrt(minor - 4 * K1**2)
    K, Theta = nngp_and_ntk(x, z, mlp=MLP(1, "erf", C_W=W_std**2, C_b=b_std**2))
    assert K.item() == pytest.approx(b_std**2 + W_std**2 * E_ss, rel=1e-14)
    assert Theta.item() == pytest.approx(K.item() + W_std**2 * E_dd * K1, rel=1e-14)


# --- the plain recursion, block boundaries ----------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 511, 512, 513, 1025])
@pytest.mark.parametrize("sigma", ["relu", "erf"])
def test_block_boundaries_against_the_plain_recursion(n, sigma):
    X, Z = data(n, 12, n), data(max(1, 700 - n // 2), 12, n + 1)
    mlp = MLP(1, sigma, C_W=1.3, C_b=0.2, lambda_W=(0.4, 1.5), lambda_b=0.1)
    off_diagonal = ~np.eye(n, dtype=bool)
    for same, other in ((True, X), (False, Z)):
        ours_both = nngp_and_ntk(X, None if same else other, mlp=mlp)
        for ours, expected in zip(ours_both, plain(X, other, mlp), strict=True):
            where = off_diagonal if same else slice(None)
            # the plain formula itself loses ε/sin θ, and no two of these rows are closer than θ = 0.05
            np.testing.assert_allclose(ours[where], expected[where], rtol=0, atol=1e-13 * np.abs(expected).max())
            if same:  # plain arcsin at a cosine of 1 − ε is off by √(2ε)
                np.testing.assert_allclose(np.diag(ours), np.diag(expected), rtol=1e-7)


@pytest.mark.parametrize("sigma", EVERY_SIGMA, ids=str)
def test_every_activation_and_rate_against_the_plain_recursion(sigma):
    X, Z = data(6, 4, 0), data(5, 4, 1)
    X[2], Z[3] = 0, 0  # with biases a zero row is a row like any other
    for ours, expected in zip(nngp_and_ntk(X, Z, mlp=by_sigma(sigma)), plain(X, Z, by_sigma(sigma)), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-11 * np.abs(expected).max())


@pytest.mark.parametrize("silent", [0, 1, 2, 3])
@pytest.mark.parametrize("sigma", SLOPES)
def test_after_a_layer_of_zeros_all_rows_are_at_right_angles(sigma, silent):
    X = data(6, 4, 0)
    X[1], X[2], X[3] = X[0], -2 * X[0], 0
    C_W = tuple(0.0 if layer == silent else 1.3 for layer in range(4))
    mlp = MLP(3, sigma, C_W=C_W, C_b=0.0, lambda_W=(0.4, 1.5, 0.7, 0.9), lambda_b=(0.9, 0.0, 0.3, 0.2))
    for Z in (None, X):
        for ours, expected in zip(nngp_and_ntk(X, Z, mlp=mlp), plain(X, X, mlp), strict=True):
            # plain arcsin at a cosine of 1 − ε is off by √(2ε)
            np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-7 * np.abs(expected).max())


# --- other computations -----------------------------------------------------------------------------------------------


def test_gaussian_and_linear_kernels_against_scikit_learn_and_numpy():
    X, Z = data(513, 6, 3), data(30, 6, 4)
    for length_scale in (0.7, 3.0):
        expected = rbf_kernel(X, Z, gamma=1 / (2 * length_scale**2))
        np.testing.assert_allclose(gaussian_kernel(X, Z, length_scale=length_scale), expected, rtol=1e-12)
    near = 1e4 + data(4, 3, 5) * 0.1  # scikit-learn's expansion loses these digits
    expected = np.exp(-((near[:, None] - near[None]) ** 2).sum(2) / 2)
    np.testing.assert_allclose(gaussian_kernel(near), expected, rtol=1e-14)
    np.testing.assert_allclose(linear_kernel(X, Z), np.einsum("id,jd->ij", X, Z), rtol=0, atol=1e-14 * 60)


def test_sampled_weights_give_the_arc_cosine_kernels():
    X, Z, draws = data(3, 4, 6), data(2, 4, 7), 200_000
    w = np.random.default_rng(8).normal(size=(draws, 4))
    for order in (0, 1, 2):
        u, v = (np.maximum(w @ A.T, 0) ** order * (w @ A.T > 0) for A in (X, Z))
        products = u[:, :, None] * v[:, None]
        five_sigma = 5 * products.std(axis=0, ddof=1) / math.sqrt(draws)
        assert (np.abs(arc_cosine(X, Z, order=order) - products.mean(axis=0)) <= five_sigma).all()


@pytest.mark.parametrize("sigma", ["relu", "tanh", SILU], ids=str)
def test_autograd_on_sampled_units_gives_the_two_layer_ntk(sigma):
    x, z = torch.tensor([0.8, -0.5, 0.3]).double(), torch.tensor([0.2, 0.9, 1.1]).double()
    m, rng = 100_000, torch.Generator().manual_seed(0)
    a = torch.randn(m, generator=rng, dtype=torch.float64, requires_grad=True)
    b = torch.randn(m, 3, generator=rng, dtype=torch.float64, requires_grad=True)
    gradients = [torch.autograd.grad((a * activation(sigma)(b @ point)).sum(), (a, b)) for point in (x, z)]
    shares = gradients[0][0] * gradients[1][0] + (gradients[0][1] * gradients[1][1]).sum(1)  # a unit's, times m
    five_sigma = 5 * float(shares.std()) / math.sqrt(m)
    assert float(two_layer_ntk(x[None], z[None], sigma)) == pytest.approx(float(shares.mean()), abs=five_sigma)


def exact_pair(x, z, mlp):
    """(10.44), (10.45) for the ReLU at fifty digits, from the inputs as they are."""
    with mp.workdps(50):
        x, z = ([mpf(float(c)) for c in row] for row in (x, z))
        layers = list(zip(mlp.weight_variances, mlp.bias_variances, mlp.weight_rates, mlp.bias_rates, strict=True))
        C_W, C_b, l_W, l_b = (mpf(c) for c in layers[0])
        dots = [sum(p * q for p, q in zip(*pair, strict=True)) / len(x) for pair in ((x, z), (x, x), (z, z))]
        Theta, (K, qx, qz) = l_b + l_W * dots[0], (C_b + C_W * dot for dot in dots)
        for layer in layers[1:]:
            C_W, C_b, l_W, l_b = (mpf(c) for c in layer)
            theta = mp.acos(min(max(K / mp.sqrt(qx * qz), -1), 1))
            E_dd = (mp.pi - theta) / (2 * mp.pi)
            E_ss = mp.sqrt(qx * qz) * mp.sin(theta) / (2 * mp.pi) + K * E_dd
            K, Theta, qx, qz = (
                C_b + C_W * E_ss,
                l_b + l_W * E_ss + C_W * E_dd * Theta,
                *(C_b + C_W * q / 2 for q in (qx, qz)),
            )
        return float(K), float(Theta)


@pytest.mark.parametrize("length", [0.9, 1.7])  # with biases only rows of equal length stay nearly parallel
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, 6, 8, 10, 12, 300])
def test_nearly_parallel_pairs_to_fifty_digits(exponent, sign, length):
    angle = 10.0**-exponent
    x, z = np.array([[1.7, 0.0, 0.0]]), sign * length * np.array([[math.cos(angle), 0.0, math.sin(angle)]])
    for mlp in (MLP(1), MLP(4), MLP(3, C_b=0.1), by_sigma("relu")):
        expected = exact_pair(x[0], z[0], mlp)
        ours = [kernel.item() for kernel in nngp_and_ntk(x, z, mlp=mlp)]
        scale = max(abs(c) for c in exact_pair(x[0], abs(z[0]), mlp))
        # Below θ = 4e-4 the angle is carried: rounding only. Above, a layer's sin θ/2π errs by ε/2πθ, as does the next
        # layer's cosine, whose angle errs by 1/θ times that.
        tolerance = 1e-14 if angle < 4e-4 else 1e-14 + 2.2e-16 / (2 * math.pi * angle**2)
        np.testing.assert_allclose(ours, expected, rtol=0, atol=tolerance * scale)
    expected = exact_pair(x[0], z[0], MLP(1, C_W=(3.0, 1.0)))
    # 1 − cos² rounds by (1 − cos)² < 1e-16 or by 1e-16: an error of up to 2e-13 in sin θ, 1e-13 in sin θ/2π times norms
    np.testing.assert_allclose(arc_cosine(x, z), [[expected[0]]], rtol=0, atol=1e-13)
    np.testing.assert_allclose(two_layer_ntk(x, z), [[expected[1]]], rtol=0, atol=2e-12)
    apart = angle if sign > 0 else math.pi - angle
    np.testing.assert_allclose(arc_cosine(x, z, order=0), [[0.5 - apart / (2 * math.pi)]], rtol=0, atol=1e-12)


# --- which layers are trained, and parametrisations -------------------------------------------------------------------


def test_training_the_last_layer_only_gives_the_kernel():
    X, Z = data(6, 3, 9), data(4, 3, 10)
    for sigma in ("relu", "erf"):
        C_W, C_b = 1.4, 0.3
        K = nngp(X, Z, mlp=MLP(2, sigma, C_W=C_W, C_b=C_b))
        last = MLP(2, sigma, C_W=C_W, C_b=C_b, lambda_W=(0, 0, C_W), lambda_b=(0, 0, C_b))
        np.testing.assert_allclose(ntk(X, Z, mlp=last), K, rtol=1e-14)  # (10.46), (10.48) make (10.49)
        weights = MLP(2, sigma, C_W=C_W, C_b=C_b, lambda_W=(0, 0, C_W), lambda_b=0.0)
        np.testing.assert_allclose(ntk(X, Z, mlp=weights), K - C_b, rtol=0, atol=1e-14 * np.abs(K).max())
        rest = MLP(2, sigma, C_W=C_W, C_b=C_b, lambda_W=(C_W, C_W, 0), lambda_b=(C_b, C_b, 0))  # (10.47)
        whole = ntk(X, Z, mlp=MLP(2, sigma, C_W=C_W, C_b=C_b))
        np.testing.assert_allclose(ntk(X, Z, mlp=rest) + K, whole, rtol=1e-13)


def test_training_the_first_layer_only_gives_aroras_kernel():
    X = data(7, 5, 11)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    first = MLP(1, C_W=(5.0, 1.0), lambda_W=(5.0, 0.0), lambda_b=0.0)
    inner = (X @ X.T).clip(-1, 1)
    H = inner * (np.pi - np.arccos(inner)) / (2 * np.pi)  # E[x·z 1{w·x ≥ 0, w·z ≥ 0}]
    np.testing.assert_allclose(ntk(X, mlp=first), H, rtol=0, atol=1e-8)  # arccos at 1 − ε
    np.fill_diagonal(H, 0.5)
    np.testing.assert_allclose(ntk(X, mlp=first), H, rtol=0, atol=1e-14)


def test_bridges_between_the_conventions():
    X, Z, d = data(6, 7, 12), data(4, 7, 13), 7
    k = two_layer_ntk(X, Z)
    np.testing.assert_allclose(ntk(X, Z, mlp=MLP()), 4 / d * k, rtol=1e-13)
    np.testing.assert_allclose(two_layer_ntk(X, Z, normalization="he"), 2 * k, rtol=1e-14)
    leaky = {kind: two_layer_ntk(X, Z, "leaky_relu:0.2", kind) for kind in ("gaussian", "he")}
    np.testing.assert_allclose(leaky["he"], leaky["gaussian"] * 2 / 1.04, rtol=1e-14)
    norms = np.outer(np.linalg.norm(X, axis=1), np.linalg.norm(Z, axis=1))
    np.testing.assert_allclose(norms * relu_kappa(X @ Z.T / norms), k, rtol=0, atol=1e-13)
    np.testing.assert_allclose(norms * relu_kappa(X @ Z.T / norms, "he"), 2 * k, rtol=0, atol=1e-13)
    spelled = arc_cosine(X, Z) + X @ Z.T * arc_cosine(X, Z, order=0)
    np.testing.assert_allclose(k, spelled, rtol=0, atol=1e-13)


def test_spelling_out_the_defaults_changes_nothing():
    X = data(5, 3, 14)
    for one, other in (
        (MLP(2, C_b=0.1, readout=(1.0, 0.0)), MLP(2, C_W=(2, 2, 1), C_b=(0.1, 0.1, 0.0))),
        (MLP(2, "erf", C_W=1.5, C_b=0.2), MLP(2, "erf", C_W=1.5, C_b=0.2, lambda_W=1.5, lambda_b=(0.2, 0.2, 0.2))),
        (MLP(1, "gelu"), MLP(1, torch.nn.functional.gelu)),
        (MLP(1, "leaky_relu:0"), MLP(1, "relu")),
        (MLP(3, "monomial:1", C_W=0.7), MLP(3, "linear", C_W=0.7)),
    ):
        np.testing.assert_allclose(nngp_and_ntk(X, mlp=one), nngp_and_ntk(X, mlp=other), rtol=1e-14)
    separate = MLP(2, C_b=0.1, readout=(1.0, 0.0), lambda_W=2.0, lambda_b=0.1)
    assert separate.weight_rates == (2.0, 2.0, 2.0)
    assert separate.bias_rates == (0.1, 0.1, 0.1)
