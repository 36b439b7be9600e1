"""Many networks trained together, each until its own stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab._threads import side_by_side
from ntklab.networks.descent import Stack, descend
from ntklab.networks.device import usable_device, usable_dtype
from ntklab.networks.net import Layer, NTKNet

# Larger than a core's nearer caches: Python's part of a step must stay small beside the products, above all where
# several threads take turns at it (measured: 2 MiB take twice as long).
CPU_GROUP_BYTES = 2**24
GPU_GROUP_SHARE = 0.4  # of the memory that is free
OTHER_GROUP_BYTES = 2**30  # where free memory cannot be asked for
OUTPUT_BYTES = 2**28  # activations alive at a time while outputs are computed: 256 MiB


@dataclass(frozen=True)
class Ensemble:
    """Networks of one architecture after training; what :func:`train_ensemble` returns.

    Attributes:
        losses: (S, steps + 1), the loss 1/(2n)·squared error before every step and after the last one. A member that
            has stopped keeps its loss.
        steps_taken: (S,), integers.
        seeds: the seed of each member.
        centered: whether the outputs are f − f at the start.
    """

    losses: Array
    steps_taken: Array
    seeds: tuple[int, ...]
    centered: bool
    _first: NTKNet = field(repr=False)
    _weights: list[Layer] = field(repr=False)
    _start: list[Layer] | None = field(repr=False)

    def outputs(self, Z: Array) -> Array:
        """Return the outputs (S, m, c) of all members at Z (m, d), or each at its own inputs Z (S, m, d).

        Centred outputs, f − f at the start, if the ensemble is centred. Of Z's kind, device and dtype.

        Raises:
            ValueError: Z of the wrong shape, or not finite.
        """
        (z,), leave = _check.enter(Z=Z)
        d = self._first.config["d"]
        if z.ndim not in (2, 3) or z.shape[-1] != d or (z.ndim == 3 and len(z) != len(self.seeds)):
            raise ValueError(f"Z must be (m, {d}) or ({len(self.seeds)}, m, {d}); got shape {tuple(z.shape)}")
        W = self._weights[0][0]
        inputs = z.to(W).expand(len(self.seeds), *z.shape[-2:])
        answer = W.new_empty(len(self.seeds), inputs.shape[1], self._first.config["n_out"])

        def fill(group: slice) -> None:
            answer[group] = _outputs(self._first, self._weights, inputs, group)
            if self._start is not None:
                answer[group] -= _outputs(self._first, self._start, inputs, group)

        side_by_side(fill, _groups(self._first, len(answer), inputs.shape[1], W), W.device)
        return leave(answer.to(z))

    @property
    def nets(self) -> list[NTKNet]:
        """The trained networks, as copies; their outputs are not centred."""
        return _as_nets(self._first, self.seeds, self._weights)

    @property
    def start_nets(self) -> list[NTKNet]:
        """The networks before training, where the ensemble is centred and so has kept them."""
        if self._start is None:
            raise ValueError("start_nets are kept with centered=True only; otherwise factory(seed) makes them")
        return _as_nets(self._first, self.seeds, self._start)

    def __len__(self) -> int:
        return len(self.seeds)

    def __repr__(self) -> str:
        taken = self.steps_taken
        return f"Ensemble of {len(self)} × {self._first!r}, {int(taken.min())} to {int(taken.max())} steps"


def train_ensemble(
    factory: Callable[[int], NTKNet],
    seeds: Iterable[int],
    X: Array,
    Y: Array,
    eta: float,
    steps: int,
    stop_loss: float | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    centered: bool = True,
) -> Ensemble:
    r"""Train one network per seed by full-batch gradient descent, all together, each until its own stop.

    .. math::

        W \leftarrow W - \eta\, \nabla_W\, \frac{1}{2n} \sum_{x \in X} \lVert f(x) - y(x) \rVert^2

    with f the network's output, minus its output before training if ``centered`` (so that an ensemble member starts
    from zero, as kernel regression without PDLT (10.39)'s initial term does). Descent is stable for
    η < 2n/λ_max(Θ); time in PDLT's and gradient flow's clock is t = η·steps/n.

    A member's result does not depend on the company it is trained in, beyond rounding. Memory beside the weights is
    bounded: members are stepped in groups, on a CPU of 16 MiB and a core for each, on a GPU as large as its
    free memory.

    Args:
        factory: makes the network of a seed, such as ``lambda seed: NTKNet(d, 512, seed=seed)``.
        seeds: a seed for each of the S members.
        X: inputs (n, d), or (S, n, d) with a data set for each member.
        Y: targets (n,) or (n, c), or for each member: (S, n, c), and (S, n) with X (S, n, d).
        eta: step size, in the clock of the loss above. The mean square without ½ has half of it.
        steps: the most steps a member takes.
        stop_loss: a member stops at the first loss not above it. None: all take ``steps`` steps.
        device: None, the default, is that of X (the CPU for NumPy).
        dtype: ``torch.float32`` or ``torch.float64``; None is that of X.
        centered: train and report f − f at the start.

    Returns:
        An :class:`Ensemble`; its arrays are of X's kind.

    Raises:
        ValueError: shapes that do not fit, an architecture that changes with the seed, a device that is not there,
            or a loss that diverges (the message names η's limit).

    >>> import numpy as np
    >>> make = lambda seed: NTKNet(d=2, width=64, seed=seed)
    >>> ensemble = train_ensemble(make, range(5), np.eye(2), [1, -1], eta=1.0, steps=50)
    >>> ensemble.outputs(np.eye(2)).shape, ensemble.losses.shape
    ((5, 2, 1), (5, 51))
    >>> float(ensemble.losses[:, 0].max()), bool(ensemble.losses[:, -1].max() < 1e-3)  # (1² + 1²)/(2·2) at the start
    (0.5, True)
    """
    seeds = tuple(_check.integer("seeds", seed, 0) for seed in seeds)
    if not seeds:
        raise ValueError("seeds must name at least one member; got none")
    eta, steps = _check.positive("eta", eta), _check.integer("steps", steps, 0)
    stop_loss = None if stop_loss is None else _check.nonnegative("stop_loss", stop_loss)
    (x, y), leave = _check.enter(X=X, Y=Y)
    device = x.device if device is None else usable_device(device)
    first, weights = _stack(factory, seeds, device, usable_dtype(dtype, x.dtype, device))
    start = [(W.clone(), None if b is None else b.clone()) for W, b in weights] if centered else None

    inputs, targets = _data(x, y, len(seeds), first)
    W = weights[0][0]
    inputs, targets = inputs.to(W), targets.to(W)
    losses = W.new_empty(len(seeds), steps + 1)
    steps_taken = torch.zeros(len(seeds), dtype=torch.int64, device=device)

    def train(group: slice) -> None:
        goal = targets[group] + _outputs(first, weights, inputs, group) if centered else targets[group]
        members = [(W[group], None if b is None else b[group]) for W, b in weights]
        losses[group], steps_taken[group] = descend(
            members, first.scales, first.activation, inputs[group], goal, eta, steps, stop_loss
        )
        _refuse_divergence(losses[group], seeds[group], eta)

    side_by_side(train, _groups(first, len(seeds), inputs.shape[1], W), device)
    return Ensemble(leave(losses.to(x)), leave(steps_taken.to(x.device)), seeds, centered, first, weights, start)


def _stack(
    factory: Callable[[int], NTKNet], seeds: tuple[int, ...], device: torch.device, dtype: torch.dtype
) -> tuple[NTKNet, list[Layer]]:
    """The first network, and the weights of all, layer by layer."""

    def room(like: torch.Tensor) -> torch.Tensor:
        return torch.empty(len(seeds), *like.shape, device=device, dtype=dtype)

    weights: list[Layer] = []
    for member, seed in enumerate(seeds):
        net = factory(seed)
        if not isinstance(net, NTKNet):
            raise TypeError(f"factory must return an NTKNet; got {type(net).__name__}")
        if member == 0:
            first = net
            weights = [(room(W), None if b is None else room(b)) for W, b in net.layers()]
        if _architecture(net) != _architecture(first):
            raise ValueError(f"factory must make networks of one architecture; got {first!r} and {net!r}")
        for (W, b), (W_all, b_all) in zip(net.layers(), weights, strict=True):
            W_all[member] = W.detach().to(dtype)
            if b is not None and b_all is not None:
                b_all[member] = b.detach().to(dtype)
    return first, weights


def _architecture(net: NTKNet) -> dict[str, Any]:
    return {name: value for name, value in net.config.items() if name != "seed"}


def _data(x: torch.Tensor, y: torch.Tensor, S: int, first: NTKNet) -> tuple[torch.Tensor, torch.Tensor]:
    """X as (S, n, d) and Y as (S, n, c), without copies."""
    d, c = first.config["d"], first.config["n_out"]
    if x.ndim not in (2, 3) or x.shape[-1] != d or x.shape[-2] == 0 or (x.ndim == 3 and len(x) != S):
        raise ValueError(f"X must be (n, {d}) or ({S}, n, {d}) for {S} seeds; got shape {tuple(x.shape)}")
    n = x.shape[-2]
    shapes: list[tuple[int, ...]] = [(n, c), (S, n, c)] if x.ndim == 2 else [(S, n, c)]
    if c == 1:
        shapes.append((n,) if x.ndim == 2 else (S, n))
    if tuple(y.shape) not in shapes:
        wanted = " or ".join(map(str, shapes))
        raise ValueError(f"Y must be {wanted} for {n} inputs and {c} outputs; got shape {tuple(y.shape)}")
    if y.ndim == x.ndim - 1:
        y = y.unsqueeze(-1)
    return x.expand(S, n, d), y.expand(S, n, c)


def _groups(net: NTKNet, S: int, n: int, like: torch.Tensor) -> list[slice]:
    """Members to step together: as many as fit, one at a time where not even one does."""
    d, m, L, c = (net.config[name] for name in ("d", "width", "hidden_layers", "n_out"))
    member_bytes = like.element_size() * (net.n_weights + n * (d + 4 * (L * m + c)))
    most = S
    if like.device.type == "cuda":
        room = int(GPU_GROUP_SHARE * torch.cuda.mem_get_info(like.device)[0])
    elif like.device.type == "cpu":
        room, most = CPU_GROUP_BYTES, -(-S // torch.get_num_threads())  # a group for every thread
    else:
        room = OTHER_GROUP_BYTES
    size = max(1, min(most, room // member_bytes))
    return [slice(start, min(start + size, S)) for start in range(0, S, size)]


def _outputs(net: NTKNet, weights: list[Layer], inputs: torch.Tensor, group: slice) -> torch.Tensor:
    """Outputs (S, n, c) of the members in ``group`` at inputs (S, n, d), by blocks of rows."""
    members = [(W[group], None if b is None else b[group]) for W, b in weights]
    x = inputs[group]
    row_bytes = x.element_size() * len(x) * (2 * net.config["hidden_layers"] * net.config["width"] + 1)
    blocks = x.split(max(1, OUTPUT_BYTES // row_bytes), dim=1)
    return torch.cat([Stack(members, net.scales, net.activation, block).forward() for block in blocks], dim=1)


def _as_nets(first: NTKNet, seeds: tuple[int, ...], weights: list[Layer]) -> list[NTKNet]:
    def flat(member: int) -> torch.Tensor:
        return torch.cat([v[member].reshape(-1) for layer in weights for v in layer if v is not None])

    return [NTKNet.from_config({**first.config, "seed": seed}, flat(i)) for i, seed in enumerate(seeds)]


def _refuse_divergence(losses: torch.Tensor, seeds: tuple[int, ...], eta: float) -> None:
    bad = ~losses[:, -1].isfinite()
    if bool(bad.any()):
        member = int(bad.nonzero()[0])
        step = int((~losses[member].isfinite()).nonzero()[0])
        raise ValueError(
            f"the loss of seed {seeds[member]} diverged at step {step} with eta = {eta:g}; "
            "take eta below 2 n / (largest eigenvalue of the empirical NTK at X)"
        )
