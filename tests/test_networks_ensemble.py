"""train_ensemble against one network at a time by autograd, the exact dynamics of a linear model, and its promises."""

import numpy as np
import pytest
import torch

from ntklab.gaussian import activation
from ntklab.networks import Ensemble, NTKNet, descent, ensemble, train_ensemble

RNG = np.random.default_rng(0)
X, Z = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))


def alone(net, X, Y, eta, steps, stop_loss, centered):
    """One network by autograd and a plain loop: its final outputs at Z, its weights and its losses."""
    x, y, z = torch.as_tensor(X), torch.as_tensor(Y), torch.as_tensor(Z)
    at_start = NTKNet.from_config(net.config, net.flat_weights())
    f0 = at_start(x).detach() if centered else 0.0
    losses = []
    for step in range(steps + 1):
        loss = ((net(x) - f0 - y) ** 2).sum() / (2 * len(x))
        losses.append(loss.item())
        if step == steps or (stop_loss is not None and losses[-1] <= stop_loss):
            break
        gradients = torch.autograd.grad(loss, list(net.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(net.parameters(), gradients, strict=True):
                parameter -= eta * gradient
    outputs = net(z).detach() - (at_start(z).detach() if centered else 0.0)
    return outputs.numpy(), net.flat_weights().numpy(), np.array(losses)


# ---------- against one network at a time
@pytest.mark.parametrize("name", ["relu", "tanh", "erf", "leaky_relu:0.2"])
@pytest.mark.parametrize(
    ("hidden_layers", "n_out", "C_b", "centered"),
    [(1, 1, 0.0, True), (3, 2, 0.2, True), (2, 1, 0.1, False), (0, 2, 0.3, True)],
)
def test_every_member_is_the_network_trained_by_autograd(name, hidden_layers, n_out, C_b, centered):
    def factory(seed):
        return NTKNet(3, 16, hidden_layers, n_out, name, 1.7, C_b, readout=(1.2, 0.1), seed=seed)

    Y = np.random.default_rng(1).normal(size=(5, n_out))
    trained = train_ensemble(factory, range(4), X, Y, eta=0.5, steps=60, stop_loss=0.1, centered=centered)
    assert len(set(trained.steps_taken.tolist())) > 1 or hidden_layers == 0  # members stop at different steps
    outputs = trained.outputs(Z)
    assert outputs.shape == (4, 4, n_out)
    for member, net in enumerate(trained.nets):
        expected, weights, losses = alone(factory(member), X, Y, 0.5, 60, 0.1, centered)
        taken = len(losses) - 1
        assert trained.steps_taken[member] == taken
        np.testing.assert_allclose(trained.losses[member, : taken + 1], losses, rtol=1e-10)
        np.testing.assert_array_equal(trained.losses[member, taken:], trained.losses[member, taken])
        np.testing.assert_allclose(net.flat_weights(), weights, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(outputs[member], expected, rtol=1e-9, atol=1e-11)
        assert net.config == factory(member).config


def test_one_step_by_hand():
    # f = √2 w x at x = 1, centred; w ← w - η √2 (f - y): from 0 to 2 η y
    trained = train_ensemble(
        lambda seed: NTKNet(1, 1, hidden_layers=0, seed=seed), [3], [[1.0]], [5.0], eta=0.1, steps=1
    )
    np.testing.assert_allclose(trained.outputs(np.array([[1.0], [-2.0]]))[0], [[1.0], [-2.0]], rtol=1e-14)
    np.testing.assert_allclose(trained.losses, [[12.5, 8.0]], rtol=1e-14)  # 5²/2, 4²/2
    # and not centred it starts from f(x) = √2 w
    w = float(NTKNet(1, 1, hidden_layers=0, seed=3).flat_weights())
    plain = train_ensemble(
        lambda seed: NTKNet(1, 1, hidden_layers=0, seed=seed), [3], [[1.0]], [5.0], eta=0.1, steps=1, centered=False
    )
    moved = np.sqrt(2) * w + 0.2 * (5 - np.sqrt(2) * w)
    np.testing.assert_allclose(plain.outputs(np.array([[1.0]])), [[[moved]]], rtol=1e-14)


def test_linear_members_follow_the_exact_dynamics():
    # residual after k steps on 1/(2n): (1 - η H/n)^k r0, H = C_b + C_W x·x'/d, in every member
    y, eta, steps = RNG.normal(size=5), 0.3, 40
    trained = train_ensemble(lambda seed: NTKNet(3, 1, 0, C_W=1.5, C_b=0.4, seed=seed), range(3), X, y, eta, steps)
    H = 0.4 + 1.5 * X @ X.T / 3
    propagator = np.eye(5) - eta * H / 5
    residuals = np.stack([-np.linalg.matrix_power(propagator, k) @ y for k in range(steps + 1)])
    for member in range(3):
        np.testing.assert_allclose(trained.outputs(X)[member, :, 0] - y, residuals[-1], rtol=1e-11)
        np.testing.assert_allclose(trained.losses[member], (residuals**2).sum(axis=1) / 10, rtol=1e-11)


# ---------- its promises
def wide(seed):
    return NTKNet(3, 24, 2, activation="relu", C_b=0.1, seed=seed)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_a_member_alone_and_in_company_is_the_same(dtype):
    Y = RNG.normal(size=5)
    together = train_ensemble(wide, range(12), X, Y, 0.5, 400, stop_loss=1e-3, dtype=dtype)
    assert len(set(together.steps_taken.tolist())) > 6  # so the company shrinks on the way
    for seed in (0, 5, 11):
        single = train_ensemble(wide, [seed], X, Y, 0.5, 400, stop_loss=1e-3, dtype=dtype)
        assert abs(int(single.steps_taken[0]) - int(together.steps_taken[seed])) == 0
        gap = np.abs(single.outputs(Z)[0] - together.outputs(Z)[seed]).max()
        assert gap < 1e-6 * np.abs(together.outputs(Z)).max()


@pytest.mark.parametrize("memory", [1, 40_000, 10**9])
def test_groups_of_any_size_give_one_result(monkeypatch, memory):
    Y = RNG.normal(size=5)
    reference = train_ensemble(wide, range(6), X, Y, 0.5, 50, stop_loss=0.05)
    expected = reference.outputs(Z)
    monkeypatch.setattr(ensemble, "CPU_GROUP_BYTES", memory)
    monkeypatch.setattr(ensemble, "OUTPUT_BYTES", memory)
    again = train_ensemble(wide, range(6), X, Y, 0.5, 50, stop_loss=0.05)
    np.testing.assert_array_equal(again.steps_taken, reference.steps_taken)
    np.testing.assert_allclose(again.losses, reference.losses, rtol=1e-11)
    np.testing.assert_allclose(again.outputs(Z), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_groups_side_by_side_give_one_result_and_leave_the_thread_count(monkeypatch, threads):
    Y = RNG.normal(size=5)
    reference = train_ensemble(wide, range(7), X, Y, 0.5, 50, stop_loss=0.05)
    before = torch.get_num_threads()
    monkeypatch.setattr(ensemble, "CPU_GROUP_BYTES", 40_000)
    try:
        torch.set_num_threads(threads)
        again = train_ensemble(wide, range(7), X, Y, 0.5, 50, stop_loss=0.05)
        outputs = again.outputs(Z)
        with pytest.raises(ValueError, match="diverged"):
            train_ensemble(wide, range(7), X, Y, 1e3, 200)
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    np.testing.assert_array_equal(again.steps_taken, reference.steps_taken)
    np.testing.assert_allclose(outputs, reference.outputs(Z), rtol=1e-11, atol=1e-13)


def test_rare_checks_for_stops_change_nothing(monkeypatch):
    # as on a GPU, where members that have stopped stay in the stack for a while, masked
    Y = RNG.normal(size=5)
    reference = train_ensemble(wide, range(6), X, Y, 0.5, 100, stop_loss=0.05)
    monkeypatch.setattr(descent, "checks_every", lambda device: 32)
    again = train_ensemble(wide, range(6), X, Y, 0.5, 100, stop_loss=0.05)
    np.testing.assert_array_equal(again.steps_taken, reference.steps_taken)
    np.testing.assert_allclose(again.outputs(Z), reference.outputs(Z), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(again.losses, reference.losses, rtol=1e-12)


def test_the_same_run_twice_is_bitwise_the_same():
    Y = RNG.normal(size=5)
    first, second = (train_ensemble(wide, range(6), X, Y, 0.5, 50, stop_loss=0.05).outputs(Z) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_centred_members_start_at_zero_and_keep_their_start():
    Y = RNG.normal(size=5)
    start = train_ensemble(wide, [7, 8], X, Y, 0.5, 0)
    np.testing.assert_array_equal(start.outputs(Z), 0)
    np.testing.assert_allclose(start.losses, np.full((2, 1), (Y**2).sum() / 10), rtol=1e-14)
    trained = train_ensemble(wide, [7, 8], X, Y, 0.5, 30)
    for member, seed in enumerate((7, 8)):
        np.testing.assert_array_equal(trained.start_nets[member](Z), wide(seed)(Z))
        f = trained.nets[member](Z) - wide(seed)(Z)
        np.testing.assert_allclose(trained.outputs(Z)[member], f, rtol=1e-12, atol=1e-13)
    plain = train_ensemble(wide, [7, 8], X, Y, 0.5, 0, centered=False)
    np.testing.assert_allclose(plain.outputs(Z)[1], wide(8)(Z), rtol=1e-13)


def test_stop_at_the_first_loss_not_above_the_threshold():
    Y = RNG.normal(size=5)
    free = train_ensemble(wide, range(3), X, Y, 0.5, 40)
    np.testing.assert_array_equal(free.steps_taken, 40)
    threshold = float(free.losses[1, 17])
    assert (free.losses[1, :17] > threshold).all()
    stopped = train_ensemble(wide, range(3), X, Y, 0.5, 40, stop_loss=threshold)
    assert stopped.steps_taken[1] == 17
    already = train_ensemble(wide, range(3), X, Y, 0.5, 40, stop_loss=1e9)
    np.testing.assert_array_equal(already.steps_taken, 0)
    np.testing.assert_array_equal(already.outputs(Z), 0)
    assert already.losses.shape == (3, 41)


def test_data_of_its_own_for_each_member():
    inputs, targets = RNG.normal(size=(3, 5, 3)), RNG.normal(size=(3, 5))
    own = train_ensemble(wide, range(3), inputs, targets, 0.5, 30)
    for member in range(3):
        single = train_ensemble(wide, [member], inputs[member], targets[member], 0.5, 30)
        np.testing.assert_allclose(own.outputs(Z)[member], single.outputs(Z)[0], rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(
            own.outputs(inputs)[member], single.outputs(inputs[member])[0], rtol=1e-11, atol=1e-13
        )
    np.testing.assert_array_equal(
        own.losses, train_ensemble(wide, range(3), inputs, targets[..., None], 0.5, 30).losses
    )
    shared_inputs = train_ensemble(wide, range(3), X, targets[..., None], 0.5, 30)
    single = train_ensemble(wide, [2], X, targets[2], 0.5, 30)
    np.testing.assert_allclose(shared_inputs.outputs(Z)[2], single.outputs(Z)[0], rtol=1e-11, atol=1e-13)


# ---------- kinds, dtypes, devices
def test_kind_and_dtype():
    x, y, z = torch.tensor(X), torch.tensor(X[:, 0]), torch.tensor(Z)
    trained = train_ensemble(wide, range(2), x, y, 0.5, 10)
    assert isinstance(trained.losses, torch.Tensor)
    assert isinstance(trained.steps_taken, torch.Tensor)
    assert isinstance(trained.outputs(z), torch.Tensor)
    assert isinstance(trained.outputs(Z), np.ndarray)
    single = train_ensemble(wide, range(2), X.astype(np.float32), X[:, 0].astype(np.float32), 0.5, 10)
    assert single.losses.dtype == np.float32
    assert single.nets[0].W1.dtype == torch.float32
    assert single.outputs(Z.astype(np.float32)).dtype == np.float32
    assert single.outputs(Z).dtype == np.float64  # the kind of Z, with the accuracy of the ensemble
    np.testing.assert_allclose(single.outputs(Z), trained.outputs(Z), rtol=1e-3, atol=1e-5)
    lowered = train_ensemble(wide, range(2), X, X[:, 0], 0.5, 10, dtype=torch.float32)
    np.testing.assert_array_equal(lowered.outputs(Z), single.outputs(Z))
    integers = train_ensemble(wide, range(2), [[1, 2, 3]], [1], 0.1, 5)
    assert integers.losses.dtype == np.float64


def test_a_user_activation_trains():
    sigma = activation(torch.nn.functional.softplus)

    def factory(seed):
        return NTKNet(3, 8, 2, activation=sigma, seed=seed)

    trained = train_ensemble(factory, range(2), X, X[:, 0], 0.2, 20)
    expected, _, losses = alone(factory(1), X, X[:, :1], 0.2, 20, None, True)
    np.testing.assert_allclose(trained.losses[1], losses, rtol=1e-11)
    np.testing.assert_allclose(trained.outputs(Z)[1], expected, rtol=1e-10, atol=1e-12)


def test_prints_what_it_is():
    trained = train_ensemble(wide, range(3), X, X[:, 0], 0.5, 10)
    assert repr(trained).startswith("Ensemble of 3 × NTKNet(d=3, width=24")
    assert repr(trained).endswith("10 to 10 steps")
    assert len(trained) == 3
    assert isinstance(trained, Ensemble)
    assert trained.seeds == (0, 1, 2)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_on_a_gpu(dtype):
    Y = RNG.normal(size=5)
    here = train_ensemble(wide, range(12), X, Y, 0.5, 200, stop_loss=1e-3, dtype=dtype)
    there = train_ensemble(wide, range(12), X, Y, 0.5, 200, stop_loss=1e-3, dtype=dtype, device="cuda")
    assert isinstance(there.losses, np.ndarray)
    assert there.nets[0].W1.device.type == "cuda"
    assert np.abs(there.steps_taken - here.steps_taken).max() <= 1
    np.testing.assert_allclose(there.outputs(Z), here.outputs(Z), atol=1e-3 * np.abs(here.outputs(Z)).max())
    alone_there = train_ensemble(wide, [5], X, Y, 0.5, 200, stop_loss=1e-3, dtype=dtype, device="cuda")
    gap = np.abs(alone_there.outputs(Z)[0] - there.outputs(Z)[5]).max()
    assert gap < 1e-6 * np.abs(there.outputs(Z)).max()


# ---------- bad input
GOOD = {"factory": wide, "seeds": range(3), "X": X, "Y": X[:, 0], "eta": 0.5, "steps": 5}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"seeds": []}, ValueError, "seeds must name at least one member"),
        ({"seeds": [0, -1]}, ValueError, "seeds must be at least 0; got -1"),
        ({"eta": 0.0}, ValueError, "eta must be a finite number greater than 0"),
        ({"steps": -1}, ValueError, "steps must be at least 0"),
        ({"steps": 2.0}, TypeError, r"steps must be a whole number; got 2\.0"),
        ({"stop_loss": -1.0}, ValueError, "stop_loss must be a finite number at least 0"),
        ({"X": X[:, :2]}, ValueError, r"X must be \(n, 3\) or \(3, n, 3\) for 3 seeds; got shape \(5, 2\)"),
        ({"X": np.zeros((2, 5, 3))}, ValueError, r"X must be \(n, 3\) or \(3, n, 3\) for 3 seeds"),
        ({"X": X[:0], "Y": X[:0, 0]}, ValueError, "X must be"),
        ({"X": np.full((5, 3), np.nan)}, ValueError, "X must be finite"),
        ({"Y": np.zeros(4)}, ValueError, r"Y must be \(5, 1\) or \(3, 5, 1\) or \(5,\) for 5 inputs and 1 outputs"),
        ({"Y": np.zeros((5, 2))}, ValueError, r"Y must be .*; got shape \(5, 2\)"),
        ({"factory": lambda seed: torch.nn.Linear(3, 1)}, TypeError, "factory must return an NTKNet; got Linear"),
        ({"factory": lambda seed: NTKNet(3, 4 + seed)}, ValueError, "factory must make networks of one architecture"),
        ({"device": "cuda:99"}, ValueError, r"device 'cuda:99' is not available here; use networks\.default_device"),
        ({"device": "gpu"}, ValueError, r"device must be 'cpu', 'cuda'.* got 'gpu'"),
        ({"dtype": torch.float16}, ValueError, r"dtype must be torch\.float32 or torch\.float64; got torch\.float16"),
        ({"eta": 1e3, "steps": 200}, ValueError, r"the loss of seed \d diverged at step \d+ with eta = 1000"),
    ],
)
def test_says_what_is_wrong(change, error, message):
    with pytest.raises(error, match=message):
        train_ensemble(**{**GOOD, **change})


def test_outputs_says_what_is_wrong():
    trained = train_ensemble(**GOOD)
    with pytest.raises(ValueError, match=r"Z must be \(m, 3\) or \(3, m, 3\); got shape \(4, 2\)"):
        trained.outputs(Z[:, :2])
    with pytest.raises(ValueError, match=r"Z must be .*; got shape \(2, 4, 3\)"):
        trained.outputs(np.zeros((2, 4, 3)))
    with pytest.raises(ValueError, match="Z must be finite"):
        trained.outputs(np.full((4, 3), np.inf))
    plain = train_ensemble(**GOOD, centered=False)
    with pytest.raises(ValueError, match="start_nets are kept with centered=True only"):
        _ = plain.start_nets
