"""The empirical NTK of any torch module: both routes against the layer-wise one, hand values, and the choice."""

import numpy as np
import pytest
import torch

from ntklab.empirical import empirical_ntk, modules
from ntklab.networks import NTKNet

# torch's own, when forward mode first loads its rules
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

RNG = np.random.default_rng(0)
X, Z = RNG.normal(size=(6, 3)), RNG.normal(size=(4, 3))


class Wrapped(torch.nn.Module):
    """An NTKNet whose layers the library cannot see."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, X):
        return self.net(X)


def convolution(n_out=2):
    torch.manual_seed(0)
    layers = [torch.nn.Conv2d(1, 3, 3), torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(48, n_out)]
    return torch.nn.Sequential(*layers).double()


# ---------- values
def test_linear_layer_by_hand():
    # f = W x + b: k(x, x') = x·x' + 1 for an output with itself
    net = torch.nn.Linear(3, 2).double()
    expected = (X @ Z.T + 1)[:, None, :, None] * np.eye(2)[None, :, None, :]
    np.testing.assert_allclose(empirical_ntk(net, X, Z), expected, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(empirical_ntk(net, X, Z, trace=True), 2 * (X @ Z.T + 1), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("route", ["contraction", "products"])
@pytest.mark.parametrize("n_out", [1, 3])
@pytest.mark.parametrize("memory", [1, 2**12, 2**28])
def test_both_routes_are_the_layerwise_kernel(monkeypatch, route, n_out, memory):
    monkeypatch.setattr(modules, "JACOBIAN_BYTES", memory)
    monkeypatch.setattr(modules, "cheaper_route", lambda *sizes: route)
    net = NTKNet(3, 6, 2, n_out, "tanh", 1.5, 0.2, seed=1)
    for arguments in ((X, Z), (X,)):
        for trace in (False, True):
            np.testing.assert_allclose(
                empirical_ntk(Wrapped(net), *arguments, trace=trace),
                empirical_ntk(net, *arguments, trace=trace),
                rtol=1e-12,
                atol=1e-13,
            )


@pytest.mark.parametrize("route", ["contraction", "products"])
def test_convolution_against_gradients_one_by_one(monkeypatch, route):
    monkeypatch.setattr(modules, "cheaper_route", lambda *sizes: route)
    net, images = convolution(), torch.as_tensor(RNG.normal(size=(4, 1, 6, 6)))
    rows = [
        torch.cat([g.reshape(-1) for g in torch.autograd.grad(net(image[None])[0, output], list(net.parameters()))])
        for image in images
        for output in range(2)
    ]
    J = torch.stack(rows)
    Theta = empirical_ntk(net, images)
    assert Theta.shape == (4, 2, 4, 2)
    torch.testing.assert_close(Theta.reshape(8, 8), J @ J.T)
    torch.testing.assert_close(Theta.reshape(8, 8), Theta.reshape(8, 8).T)


def test_only_weights_that_train_count():
    net = convolution(n_out=1)
    for parameter in net[0].parameters():
        parameter.requires_grad_(False)
    images = RNG.normal(size=(3, 1, 6, 6))
    hidden = net[:3](torch.as_tensor(images)).numpy()
    np.testing.assert_allclose(empirical_ntk(net, images), hidden @ hidden.T + 1, rtol=1e-12)


def test_outputs_without_an_axis_and_buffers():
    class Scaled(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))
            self.register_buffer("scale", torch.tensor(2.0, dtype=torch.float64))

        def forward(self, X):
            return self.scale * (X @ self.w) ** 2  # gradient 2·2 (w·x) x

    gradients = 4 * X.sum(axis=1)[:, None] * X
    np.testing.assert_allclose(empirical_ntk(Scaled(), X), gradients @ gradients.T, rtol=1e-13)


# ---------- the choice
def test_the_cheaper_route_by_operations():
    n = m = 100
    # a dense net: a forward pass of 2p. c = 1: 6p·n + 2p·n² against 6p·n² — contraction; many outputs — products
    assert modules.cheaper_route(n, m, 1, 1000, 2000, False) == "contraction"
    assert modules.cheaper_route(n, m, 10, 1000, 2000, False) == "products"
    assert modules.cheaper_route(n, m, 2, 1000, 2000, False) == "contraction"
    assert modules.cheaper_route(n, m, 10, 1000, 2000, True) == "contraction"  # the trace needs c, not c², of them
    # a convolution uses a weight at every pixel
    assert modules.cheaper_route(n, m, 10, 1000, 64 * 2000, False) == "contraction"


def test_the_choice_is_made_from_the_measured_forward_pass(monkeypatch):
    seen = {}

    def spy(n, m, c, p, forward, trace):
        seen.update(n=n, m=m, c=c, p=p, forward=forward, trace=trace)
        return "contraction"

    monkeypatch.setattr(modules, "cheaper_route", spy)
    empirical_ntk(torch.nn.Linear(3, 2).double(), X, Z, trace=True)
    assert seen == {"n": 6, "m": 4, "c": 2, "p": 8, "forward": 12, "trace": True}  # 2 · 3 · 2 operations


# ---------- kinds and bad input
def test_kinds_and_dtypes():
    net = torch.nn.Linear(3, 1)  # float32
    answer = empirical_ntk(net, X.astype(np.float32))
    assert answer.dtype == np.float32
    assert isinstance(empirical_ntk(net, torch.tensor(X)), torch.Tensor)
    np.testing.assert_allclose(empirical_ntk(net, X), X @ X.T + 1, rtol=1e-13, atol=1e-14)  # float64 inputs: in float64
    assert net.weight.dtype == torch.float32


def test_says_what_is_wrong():
    net = torch.nn.Linear(3, 1)
    with pytest.raises(TypeError, match="net must be an NTKNet or another torch module; got function"):
        empirical_ntk(lambda X: X, X)
    with pytest.raises(ValueError, match="net must have weights that train"):
        empirical_ntk(torch.nn.ReLU(), X)
    with pytest.raises(ValueError, match=r"X must have shape \(n, \.\.\.\).*; got \(3,\)"):
        empirical_ntk(net, X[0])
    with pytest.raises(ValueError, match=r"Z must have shape \(n, \.\.\.\).*; got \(4, 2\)"):
        empirical_ntk(net, X, Z[:, :2])
    with pytest.raises(ValueError, match="X must be finite"):
        empirical_ntk(net, np.full((2, 3), np.nan))
    with pytest.raises(
        ValueError, match=r"net must return outputs \(n, c\) or \(n,\) for 1 inputs; got shape \(1, 4, 4, 4\)"
    ):
        empirical_ntk(torch.nn.Conv2d(1, 4, 3).double(), np.ones((2, 1, 6, 6)))
