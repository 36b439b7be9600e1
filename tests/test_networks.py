"""NTKNet and NetFunction: the parameterisation by hand, its rebuild, gradients, and the Gaussian process it becomes."""

import copy
import pickle

import numpy as np
import pytest
import torch

from ntklab.gaussian import activation
from ntklab.kernels import MLP, nngp
from ntklab.networks import NetFunction, NTKNet, default_device, pick_size, train_ensemble
from ntklab.networks.device import usable_dtype

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3))


# ---------- the function it computes
def test_two_units_by_hand():
    # z = sqrt(2/1) w x + sqrt(0.25) b, f = sqrt(3/2) (v1 relu(z1) + v2 relu(z2)) + sqrt(0.04) c
    config = {"d": 1, "width": 2, "C_W": 2.0, "C_b": 0.25, "readout": (3.0, 0.04)}
    w, b, v, c = [1.0, -1.0], [1.0, 2.0], [2.0, 4.0], [5.0]
    net = NTKNet.from_config(config, np.array([*w, *b, *v, *c]))
    root2 = np.sqrt(2)
    z = [root2 * 3 + 0.5, -root2 * 3 + 1.0]  # at x = 3: the second unit is off
    np.testing.assert_allclose(net.preactivations([[3.0]])[0], [z], rtol=1e-15)
    np.testing.assert_allclose(net(np.array([[3.0]])), [[np.sqrt(1.5) * 2 * z[0] + 0.2 * 5]], rtol=1e-15)


def test_deep_network_follows_its_two_equations():
    net = NTKNet(3, 7, 2, 2, "erf", C_W=(1.5, 0.7, 2.2), C_b=(0.1, 0.0, 0.4), seed=3)
    W, b = zip(*((W.detach().numpy(), None if b is None else b.detach().numpy()) for W, b in net.layers()), strict=True)
    assert b[1] is None  # no bias where its variance is 0
    sigma = activation("erf").f
    z1 = np.sqrt(0.1) * b[0] + np.sqrt(1.5 / 3) * X @ W[0].T
    z2 = np.sqrt(0.7 / 7) * sigma(z1) @ W[1].T
    z3 = np.sqrt(0.4) * b[2] + np.sqrt(2.2 / 7) * sigma(z2) @ W[2].T
    for ours, by_hand in zip(net.preactivations(X), (z1, z2, z3), strict=True):
        np.testing.assert_allclose(ours, by_hand, rtol=1e-13)
    np.testing.assert_array_equal(net(X), net.preactivations(X)[-1])


def test_the_slides_network_has_undivided_inner_products():
    m = 9
    net = NTKNet(3, m, C_W=3.0, readout=(1.0, 0.0), seed=1)
    B, a = net.W1.detach().numpy(), net.W2.detach().numpy()[0]
    np.testing.assert_allclose(net(X)[:, 0], np.maximum(X @ B.T, 0) @ a / np.sqrt(m), rtol=1e-13)


def test_no_hidden_layer_is_linear_regression():
    net = NTKNet(3, 99, hidden_layers=0, C_W=1.5, C_b=0.2, seed=2)
    assert net.n_weights == 4
    W, b = net.layers()[0]
    np.testing.assert_allclose(
        net(X), np.sqrt(0.5) * X @ W.detach().numpy().T + np.sqrt(0.2) * b.detach().numpy(), rtol=1e-14
    )


@pytest.mark.parametrize("name", ["relu", "tanh", "erf", "leaky_relu:0.2"])
def test_autograd_of_one_hidden_layer_is_the_hand_gradient(name):
    net = NTKNet(3, 6, activation=name, C_W=1.7, C_b=0.3, readout=(1.2, 0.1), seed=4)
    sigma = activation(name)
    x = torch.tensor(X[:1])
    gradients = torch.autograd.grad(net(x).sum(), list(net.parameters()))
    named = dict(zip([name for name, _ in net.named_parameters()], gradients, strict=True))
    z, v = net.preactivations(X[:1])[0][0], net.W2.detach().numpy()[0]
    signal = np.sqrt(1.2 / 6) * v * sigma.derivative(z)
    np.testing.assert_allclose(named["W1"], np.sqrt(1.7 / 3) * np.outer(signal, X[0]), rtol=1e-12)
    np.testing.assert_allclose(named["b1"], np.sqrt(0.3) * signal, rtol=1e-12)
    np.testing.assert_allclose(named["W2"], np.sqrt(1.2 / 6) * sigma.f(z)[None], rtol=1e-12)
    np.testing.assert_allclose(named["b2"], [np.sqrt(0.1)], rtol=1e-15)


# ---------- the draw
def test_weights_are_unit_normals():
    net = NTKNet(100, 300, 2, 10, C_W=5.0, C_b=0.3, seed=0)  # the variances scale the function, not the weights
    for parameter in net.parameters():
        values = parameter.detach().numpy().ravel()
        five_sigma = 5 / np.sqrt(values.size)
        assert abs(values.mean()) < five_sigma
        assert abs((values**2).mean() - 1) < np.sqrt(2) * five_sigma
        assert abs((values**4).mean() - 3) < np.sqrt(96) * five_sigma


def test_a_seed_fixes_the_weights_with_and_without_biases():
    plain, biased = NTKNet(3, 4, 2, seed=5), NTKNet(3, 4, 2, C_b=0.1, seed=5)
    for layer in "123":
        torch.testing.assert_close(getattr(plain, f"W{layer}"), getattr(biased, f"W{layer}"), rtol=0, atol=0)
    assert not torch.equal(NTKNet(3, 4, seed=5).W1, NTKNet(3, 4, seed=6).W1)


@pytest.mark.parametrize(("hidden_layers", "name"), [(1, "relu"), (1, "tanh"), (0, "relu")])
def test_outputs_have_the_covariance_of_the_gaussian_process(hidden_layers, name):
    # with at most one hidden layer E[f f'] equals the NNGP kernel at every width: a plain mean of S draws
    mlp, S, width = MLP(hidden_layers, name, 1.4, 0.2, readout=(0.8, 0.1)), 4000, 16
    f = train_ensemble(
        lambda seed: NTKNet.from_mlp(mlp, 3, width, seed=seed),
        range(S),
        X,
        np.zeros(5),
        eta=1.0,
        steps=0,
        centered=False,
    ).outputs(X)[:, :, 0]
    products = f[:, :, None] * f[:, None, :]
    five_sigma = 5 * products.std(axis=0) / np.sqrt(S)
    K = nngp(X, mlp=mlp)
    assert (np.abs(products.mean(axis=0) - K) < five_sigma).all()
    assert five_sigma.max() < 0.3 * K.max()
    assert (np.abs(f.mean(axis=0)) < 5 * f.std(axis=0) / np.sqrt(S)).all()


# ---------- rebuilding
CONFIGS = [
    {"d": 3, "width": 4},
    {"d": 3, "width": 4, "hidden_layers": 3, "n_out": 2, "activation": "leaky_relu:0.3", "C_W": 1.1, "C_b": 0.2},
    {"d": 3, "width": 4, "C_W": (1.0, 2.0), "C_b": (0.0, 0.3), "activation": "tanh"},
    {"d": 3, "width": 4, "readout": (1.0, 0.0), "C_b": 0.1, "seed": 9},
    {"d": 3, "width": 4, "activation": torch.nn.functional.softplus},
]


@pytest.mark.parametrize("arguments", CONFIGS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_config_and_flat_weights_rebuild_exactly(arguments, dtype):
    net = NTKNet(**arguments).to(dtype)
    weights = net.flat_weights()
    for sent in (weights, weights.numpy()):
        again = NTKNet.from_config(dict(net.config), sent)
        assert again.config == net.config
        assert again.mlp == net.mlp
        assert torch.equal(again.flat_weights(), weights)
        assert again.W1.dtype == dtype
        np.testing.assert_array_equal(again(X), net(X))
    assert torch.equal(NTKNet(**net.config).to(dtype).flat_weights(), weights)


def test_copies_share_nothing():
    net = NTKNet(3, 4)
    before = net(X)
    weights = net.flat_weights()
    rebuilt = NTKNet.from_config(net.config, weights)
    copied, pickled = copy.deepcopy(net), pickle.loads(pickle.dumps(net))
    weights.zero_()
    for other in (rebuilt, copied, pickled):
        np.testing.assert_array_equal(other(X), before)
        with torch.no_grad():
            other.W1.zero_()
    np.testing.assert_array_equal(net(X), before)


def test_from_mlp_carries_every_argument_over():
    mlp = MLP(2, "erf", (1.0, 2.0, 3.0), (0.1, 0.0, 0.2))
    net = NTKNet.from_mlp(mlp, 3, 5, n_out=2, seed=7)
    assert net.mlp == mlp
    assert (net.config["d"], net.config["width"], net.config["n_out"], net.config["seed"]) == (3, 5, 2, 7)
    same_rates = MLP(1, lambda_W=2.0, lambda_b=0.0)  # written out, but the network's own
    assert NTKNet.from_mlp(same_rates, 3, 5).mlp == MLP(1)


# ---------- a function of flat weights
def test_net_function_is_the_network():
    net = NTKNet(3, 4, 2, 2, "tanh", C_b=0.2, seed=1)
    f = NetFunction(net)
    np.testing.assert_array_equal(f(f.w0.numpy(), X), net(X))
    other = NTKNet(3, 4, 2, 2, "tanh", C_b=0.2, seed=2)
    np.testing.assert_array_equal(f(other.flat_weights().numpy(), X), other(X))
    with torch.no_grad():
        net.W1.zero_()  # the function keeps its own starting point
    assert not torch.equal(f.w0, net.flat_weights())
    assert torch.equal(f.w0, NetFunction(f.net).w0)


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")  # torch's own, at first jvp
def test_net_function_under_torch_func():
    net = NTKNet(3, 4, 1, 2, "tanh", C_b=0.2, seed=1)
    f, x = NetFunction(net), torch.tensor(X)
    w, v = f.w0, torch.linspace(-1, 1, net.n_weights, dtype=torch.float64)
    J = torch.func.jacrev(f)(w, x)
    assert J.shape == (5, 2, net.n_weights)
    value, slope = torch.func.jvp(lambda w: f(w, X), (w,), (v,))  # NumPy inputs beside tensor weights
    torch.testing.assert_close(slope, J @ v)
    torch.testing.assert_close(value, net(x).detach())
    h = 1e-6  # the derivative as what it is; O(h²) with a third derivative of order 1
    difference = (f(w + h * v, x) - f(w - h * v, x)) / (2 * h)
    torch.testing.assert_close(slope, difference, rtol=1e-7, atol=1e-7)
    per_point = torch.func.vmap(torch.func.jacrev(f), (None, 0))(w, x)
    torch.testing.assert_close(per_point, J)
    stacked = torch.func.vmap(f, (0, None))(torch.stack([w, v]), x)
    torch.testing.assert_close(stacked[1], f(v, x))


# ---------- kinds, dtypes, devices
def test_the_answer_is_of_the_kind_of_the_inputs_and_the_dtype_of_the_network():
    net = NTKNet(3, 4)
    assert isinstance(net(X), np.ndarray)
    assert isinstance(net(torch.tensor(X)), torch.Tensor)
    assert net(torch.tensor(X)).requires_grad
    assert net(X.astype(np.float32)).dtype == np.float64
    assert net.float()(X).dtype == np.float32
    assert net(X.round().astype(int)).dtype == np.float32
    np.testing.assert_allclose(net(X), NTKNet(3, 4)(X), rtol=1e-5, atol=1e-6)  # float32 weights: rounding only
    assert net(torch.zeros(7, 2, 3)).shape == (7, 2, 1)


def test_sizes_and_devices():
    assert default_device().type == ("cuda" if torch.cuda.is_available() else default_device().type)
    assert pick_size(cpu=1, cuda=2) == (2 if torch.cuda.is_available() else 1)


def test_mps_has_no_float64_and_says_so():
    mps = torch.device("mps")
    assert usable_dtype(None, torch.float32, mps) == torch.float32
    assert usable_dtype(None, torch.float64, torch.device("cpu")) == torch.float64
    with pytest.warns(UserWarning, match="MPS has no float64: computing in float32"):
        assert usable_dtype(None, torch.float64, mps) == torch.float32
    with pytest.raises(ValueError, match="dtype float64 is not available on MPS"):
        usable_dtype(torch.float64, torch.float64, mps)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_one_network_on_both_devices():
    net = NTKNet(3, 64, 3, seed=1)
    there = NTKNet(3, 64, 3, seed=1).to(default_device())
    np.testing.assert_allclose(there(X), net(X), rtol=1e-10, atol=1e-12)
    again = NTKNet.from_config(there.config, there.flat_weights())
    assert again.W1.device.type == "cuda"
    assert torch.equal(again.flat_weights().cpu(), net.flat_weights())


# ---------- bad input
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"d": 0, "width": 4}, ValueError, "d must be at least 1; got 0"),
        ({"d": 3, "width": 2.5}, TypeError, r"width must be a whole number; got 2\.5"),
        ({"d": 3, "width": 4, "n_out": 0}, ValueError, "n_out must be at least 1; got 0"),
        ({"d": 3, "width": 4, "hidden_layers": -1}, ValueError, "hidden_layers must be at least 0"),
        ({"d": 3, "width": 4, "C_W": -1.0}, ValueError, "C_W must be a finite number at least 0"),
        ({"d": 3, "width": 4, "C_b": (0.1,)}, ValueError, "C_b must be a number or a tuple"),
        ({"d": 3, "width": 4, "activation": "rellu"}, ValueError, "Did you mean 'relu'"),
        ({"d": 3, "width": 4, "seed": -1}, ValueError, "seed must be at least 0"),
        ({"d": 3, "width": 4, "seed": None}, TypeError, "seed must be a whole number; got None"),
    ],
)
def test_constructor_says_what_is_wrong(arguments, error, message):
    with pytest.raises(error, match=message):
        NTKNet(**arguments)


def test_networks_say_what_is_wrong_with_inputs():
    net = NTKNet(3, 4)
    f = NetFunction(net)
    for call in (net, net.preactivations, lambda X: f(f.w0, X)):
        with pytest.raises(ValueError, match=r"X must have 3 columns, the network's d; got shape \(5, 2\)"):
            call(X[:, :2])
        with pytest.raises(ValueError, match="X must be finite; got nan at index"):
            call(np.full((2, 3), np.nan))
    with pytest.raises(ValueError, match=r"w must have length 16 like the network's flat weights; got 3"):
        f(np.zeros(3), X)
    with pytest.raises(TypeError, match="net must be an NTKNet; got Linear"):
        NetFunction(torch.nn.Linear(3, 1))


def test_rebuilding_says_what_is_wrong():
    net = NTKNet(3, 4)
    with pytest.raises(ValueError, match=r"weights must have length 16 like the network's flat weights; got 15"):
        NTKNet.from_config(net.config, net.flat_weights()[1:])
    with pytest.raises(ValueError, match=r"config must hold arguments of NTKNet; missing \['d'\], unknown \['depth'\]"):
        NTKNet.from_config({"width": 4, "depth": 2}, net.flat_weights())
    with pytest.raises(ValueError, match="mlp must have lambda_W = C_W and lambda_b = C_b"):
        NTKNet.from_mlp(MLP(lambda_W=1.0), 3, 4)


def test_numpy_activations_are_refused_before_autograd_loses_their_gradient():
    square = activation(lambda z: np.asarray(z) ** 2, derivative=lambda z: 2 * np.asarray(z))
    with pytest.raises(ValueError, match="made of NumPy functions, which torch cannot differentiate"):
        NTKNet(3, 4, activation=square)
