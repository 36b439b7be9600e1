"""Drift, representation change and laziness: hand values, the Jacobian by autograd, and their slopes in the width."""

import functools

import numpy as np
import pytest
import torch

from ntklab.datasets import sphere
from ntklab.empirical import empirical_ntk, features, kernel_drift, laziness, lazy_criterion, representation_change
from ntklab.networks import NetFunction, NTKNet, train_ensemble

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
SOFTPLUS = torch.nn.functional.softplus


def architecture(name, hidden_layers, n_out, seed=1):
    return NTKNet(3, 6, hidden_layers, n_out, name, 1.7, 0.2, readout=(1.3, 0.1), seed=seed)


def moved(net, by=0.1):
    w = net.flat_weights()
    return NTKNet.from_config(net.config, w + by * torch.sin(torch.arange(len(w), dtype=w.dtype)))


def jacobian(f, w, **options):
    """(n·c, p) by reverse mode, sharing no code with the layer-wise features."""
    x = torch.as_tensor(X)
    return torch.autograd.functional.jacobian(lambda w: f(w, x), w, **options).reshape(-1, len(w))


# ---------- by hand
def test_two_layers_by_hand():
    # S2's net with one unit, f = a σ(b x): at x > 0, b > 0 the gradient (by b, by a) is (a x, b x)
    net0, net1 = (NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, weights) for weights in ([2.0, 3.0], [1.0, 4.0]))
    points = np.array([[1.0], [2.0]])
    np.testing.assert_allclose(kernel_drift(net0, net1, points), (16 + 1 - 13) / 13, rtol=1e-14)
    np.testing.assert_allclose(representation_change(net0, net1, points), 1 / 2, rtol=1e-14)
    np.testing.assert_allclose(laziness(net0, net1, points), np.sqrt((1 + 1) / 13), rtol=1e-14)
    # J = (3, 2) x, targets (1, 2) = x: v = Jᵀr = -(15, 10), ∂_v J = -(10, 15) x, ‖v‖² = 325, ‖r‖² = 5
    kappa = (np.sqrt(325) / np.sqrt(13)) / (325 / (5 / 2))
    np.testing.assert_allclose(lazy_criterion(net0, points, [1.0, 2.0]), kappa, rtol=1e-14)
    # not centred r = 6x - x = 5x: five times as much to learn, and κ is linear in r
    np.testing.assert_allclose(lazy_criterion(net0, points, [1.0, 2.0], centered=False), 5 * kappa, rtol=1e-14)


# ---------- against the full Jacobian
@pytest.mark.parametrize("name", ["tanh", "relu", SOFTPLUS], ids=["tanh", "relu", "softplus"])
@pytest.mark.parametrize(("hidden_layers", "n_out"), [(0, 2), (1, 1), (3, 2)])
@pytest.mark.parametrize("memory", [1, 2**28])
def test_equals_what_the_jacobian_says(monkeypatch, name, hidden_layers, n_out, memory):
    monkeypatch.setattr(features, "WORKING_BYTES", memory)
    net0 = architecture(name, hidden_layers, n_out)
    net1, f, y = moved(net0), NetFunction(net0), torch.as_tensor(Y[:, :n_out])
    w = f.w0
    J0, J1 = jacobian(f, w), jacobian(f, net1.flat_weights())
    np.testing.assert_allclose(laziness(net0, net1, X), (J1 - J0).norm() / J0.norm(), rtol=1e-12, atol=1e-15)
    Theta0, Theta1 = J0 @ J0.T, J1 @ J1.T
    np.testing.assert_allclose(
        kernel_drift(net0, net1, X), (Theta1 - Theta0).norm() / Theta0.norm(), rtol=1e-11, atol=1e-14
    )
    for centered, residual in ((True, -y), (False, f(w, X) - y)):
        r = residual.reshape(-1)
        v = J0.T @ r
        change = torch.autograd.functional.jvp(lambda w: jacobian(f, w, create_graph=True), w, v)[1]
        kappa = (change.norm() / J0.norm()) / (v @ v / (r @ r / 2))
        np.testing.assert_allclose(lazy_criterion(net0, X, Y[:, :n_out], centered), kappa, rtol=1e-12, atol=1e-15)


def test_representation_is_the_last_hidden_preactivation():
    net0 = architecture("tanh", 3, 1)
    net1 = moved(net0)
    z0, z1 = net0.preactivations(X)[-2], net1.preactivations(X)[-2]
    np.testing.assert_allclose(
        representation_change(net0, net1, X), np.linalg.norm(z1 - z0) / np.linalg.norm(z0), rtol=1e-13
    )


def test_the_criterion_is_the_first_step_of_descent():
    # relative change of J over relative change of the loss, for a short step; the next order is O(η)
    make = functools.partial(architecture, "tanh", 2, 1)
    ratios = []
    for eta in (1e-3, 5e-4):
        step = train_ensemble(make, [1], X, Y[:, 0], eta, 1)
        (net0,), (net1,), (before, after) = step.start_nets, step.nets, step.losses[0]
        ratios.append(laziness(net0, net1, X) / (1 - after / before))
    extrapolated = 2 * ratios[1] - ratios[0]
    np.testing.assert_allclose(extrapolated, lazy_criterion(make(1), X, Y[:, 0]), rtol=1e-5)


# ---------- laws
def test_nothing_changes_when_nothing_moves():
    net = architecture("tanh", 2, 2)
    for change in (kernel_drift, representation_change, laziness):
        assert change(net, NTKNet.from_config(net.config, net.flat_weights()), X) == 0.0


def test_a_linear_model_is_its_own_linearisation():
    net = architecture("relu", 0, 2)
    assert laziness(net, moved(net, 10.0), X) == 0.0
    assert kernel_drift(net, moved(net, 10.0), X) == 0.0
    assert lazy_criterion(net, X, Y) == 0.0


def test_the_criterion_is_proportional_to_the_residual():
    net = architecture("tanh", 2, 2)
    np.testing.assert_allclose(lazy_criterion(net, X, 3 * Y), 3 * lazy_criterion(net, X, Y), rtol=1e-12)


@functools.cache
def slopes(name):
    """Slope in log width of the rms over seeds after one step, and its standard error from the scatter of the seeds."""
    points, y = sphere(6, 3, rng=0, radius=np.sqrt(3)), np.random.default_rng(1).normal(size=6)
    widths, seeds = np.array([128, 512, 2048]), range(60)
    measured = {"representation": [], "drift": [], "laziness": [], "criterion": []}
    for width in widths:
        step = train_ensemble(
            lambda seed, m=int(width): NTKNet(3, m, activation=name, C_b=0.1, seed=seed), seeds, points, y, 1.0, 1
        )
        pairs = list(zip(step.start_nets, step.nets, strict=True))
        measured["representation"].append([representation_change(*pair, points) for pair in pairs])
        measured["drift"].append([kernel_drift(*pair, points) for pair in pairs])
        measured["laziness"].append([laziness(*pair, points) for pair in pairs])
        measured["criterion"].append([lazy_criterion(net, points, y) for net, _ in pairs])
    log_width = np.log(widths) - np.log(widths).mean()
    weight = log_width / (log_width**2).sum()
    answer = {}
    for quantity, values in measured.items():
        squares = np.square(values)
        relative = squares.std(axis=1, ddof=1) / np.sqrt(len(seeds)) / squares.mean(axis=1) / 2
        answer[quantity] = weight @ np.log(squares.mean(axis=1)) / 2, np.sqrt(weight**2 @ relative**2)
    return answer


@pytest.mark.parametrize(
    ("name", "quantity", "theory"),
    [
        ("tanh", "representation", -1 / 2),
        ("relu", "representation", -1 / 2),
        ("tanh", "drift", -1),
        ("tanh", "laziness", -1 / 2),
        ("relu", "laziness", -1 / 4),  # units that switch: a share m^-1/2 of them, so the norm goes like m^-1/4
        ("tanh", "criterion", -1 / 2),
        ("relu", "criterion", -1 / 2),  # it does not see them
    ],
)
def test_slope_in_the_width(name, quantity, theory):
    slope, standard_error = slopes(name)[quantity]
    assert standard_error < 0.04
    assert abs(slope - theory) < max(5 * standard_error, 0.03)  # 0.03: the next order in 1/√width at these widths


def test_relu_kernels_drift_between_the_two_slopes():
    slope, standard_error = slopes("relu")["drift"]
    assert -0.9 - 2 * standard_error < slope < -0.6 + 2 * standard_error


@pytest.mark.parametrize(("name", "steepest", "flattest"), [("tanh", -1.1, -0.6), ("relu", -0.7, -0.25)])
def test_wide_networks_train_like_their_own_frozen_kernel(name, steepest, flattest):
    # residual after k steps of the linearised model: (1 - η Θ̂/n)^k y; what is left is the drift of the kernel
    points, y, eta, steps = sphere(6, 3, rng=0, radius=np.sqrt(3)), np.random.default_rng(1).normal(size=6), 0.3, 100
    gaps = []
    for width in (64, 512, 4096):
        trained = train_ensemble(
            lambda seed, m=width: NTKNet(3, m, activation=name, C_b=0.1, seed=seed), range(15), points, y, eta, steps
        )
        propagators = [np.eye(6) - eta * empirical_ntk(net, points) / 6 for net in trained.start_nets]
        frozen = np.stack([y - np.linalg.matrix_power(P, steps) @ y for P in propagators])
        gaps.append(np.sqrt(np.mean((trained.outputs(points)[:, :, 0] - frozen) ** 2)))
    learned = np.sqrt(np.mean(frozen**2))
    assert gaps[-1] < 0.02 * learned
    assert steepest < np.polyfit(np.log([64, 512, 4096]), np.log(gaps), 1)[0] < flattest


# ---------- kinds and bad input
def test_takes_tensors_lists_and_float32():
    net0 = architecture("tanh", 2, 2)
    net1 = moved(net0)
    for change in (kernel_drift, representation_change, laziness):
        expected = change(net0, net1, X)
        assert isinstance(expected, float)
        same = pytest.approx(expected, rel=1e-13)  # where an array lies in memory decides how its sums are grouped
        assert change(net0, net1, torch.tensor(X)) == same
        assert change(net0, net1, X.tolist()) == same
    single0, single1 = (NTKNet.from_config(net.config, net.flat_weights().float()) for net in (net0, net1))
    narrow = X.astype(np.float32)
    np.testing.assert_allclose(laziness(single0, single1, narrow), laziness(net0, net1, X), rtol=1e-4)
    np.testing.assert_allclose(lazy_criterion(single0, narrow, Y), lazy_criterion(net0, X, Y), rtol=1e-4)


@pytest.mark.parametrize("change", [kernel_drift, representation_change, laziness])
def test_changes_say_what_is_wrong(change):
    net = architecture("tanh", 1, 1)
    with pytest.raises(ValueError, match="one network before and after; they differ in hidden_layers, activation"):
        change(net, architecture("relu", 2, 1), X)
    with pytest.raises(
        ValueError, match=r"must have one dtype and device; got torch\.float64 on cpu and torch\.float32"
    ):
        change(net, NTKNet.from_config(net.config, net.flat_weights().float()), X)
    with pytest.raises(TypeError, match="net1 must be an NTKNet; got Linear"):
        change(net, torch.nn.Linear(3, 1), X)
    with pytest.raises(ValueError, match="X must have 3 columns like the network's d"):
        change(net, net, X[:, :2])
    with pytest.raises(ValueError, match="X must be finite"):
        change(net, net, np.full((2, 3), np.nan))


def test_representation_needs_a_hidden_layer():
    net = architecture("tanh", 0, 1)
    with pytest.raises(ValueError, match="net0 and net1 must have a hidden layer; they have none"):
        representation_change(net, net, X)


def test_criterion_says_what_is_wrong():
    net = architecture("tanh", 1, 2)
    with pytest.raises(ValueError, match="Y must have 5 rows like X; got 4"):
        lazy_criterion(net, X, Y[:4])
    with pytest.raises(ValueError, match="Y must have 2 columns, one per output; got 1"):
        lazy_criterion(net, X, Y[:, 0])
    with pytest.raises(ValueError, match="the gradient at the start is zero"):
        lazy_criterion(net, X, 0 * Y)
