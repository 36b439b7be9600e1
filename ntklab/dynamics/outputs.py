"""Training a wide network in the space of its outputs, where no weights are needed."""

from __future__ import annotations

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.dynamics.descent import Schedule, batch_of, draw_batch, step_sizes
from ntklab.dynamics.losses import check_loss, derivative, value
from ntklab.regression import inputs


def train_outputs(
    Theta_train: Array,
    Theta_test: Array,
    y: Array,
    f0_train: Array | None,
    f0_test: Array | None,
    eta: Schedule,
    steps: int,
    loss: str = "mse",
    metric: Array | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | int | None = None,
) -> tuple[Array, Array, Array]:
    r"""Train an infinitely wide network, or any linear model, step by step in the space of its outputs.

    .. math:: z_\delta \leftarrow z_\delta - \eta_t \sum_{\alpha \in B_t} \Theta_{\delta\alpha}\, \epsilon_\alpha(z)

    PDLT (10.33) with the error factor ε of the loss: squared error (10.5), the generalised one (10.23) or cross-entropy
    (10.7). The test outputs move along, as Θ of test × training inputs says. Clock: sums over the batch, so t = η·steps
    in exp(−Θ t); the squared error is stable for η < 2/λ_max(Θ), with a metric for η < 2/λ_max(Θκ).

    Args:
        Theta_train: NTK of the training inputs, (n, n).
        Theta_test: NTK of test × training inputs, (m, n).
        y: targets, (n,) or (n, c); for the cross-entropy the target distributions, (n, c).
        f0_train: outputs at the start at the training inputs, shaped like ``y``; None, with ``f0_test``, means zeros.
        f0_test: the same at the test inputs, (m,) or (m, c).
        eta: step size: a number, one per step, or a function of the step 0, 1, …
        steps: number of steps ≥ 0.
        loss: ``"mse"`` or ``"cross_entropy"``.
        metric: κ of the generalised squared error, (n, n), symmetric.
        batch_size: samples per step, drawn afresh without repeats; None means all of them.
        rng: a NumPy generator or a seed; needed only with ``batch_size``.

    Returns:
        Training outputs, test outputs, and the losses on all the data, (steps + 1,), the one at the start first.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or a step size is not positive.
        TypeError: ``batch_size`` is given without an ``rng``.

    >>> train_outputs([[2]], [[1]], [1], [0], [5], eta=0.25, steps=2)
    (array([0.75]), array([5.375]), array([0.5    , 0.125  , 0.03125]))
    """
    (Theta, Theta_s, y, z, z_s, metric), leave = _check.enter(
        Theta_train=Theta_train, Theta_test=Theta_test, y=y, f0_train=f0_train, f0_test=f0_test, metric=metric
    )
    inputs.problem(Theta, Theta_s, y, train="Theta_train", test="Theta_test")
    inputs.initial_outputs(z, z_s, y, len(Theta_s))
    if z is None:
        z, z_s = torch.zeros_like(y), y.new_zeros(len(Theta_s), *y.shape[1:])
    check_loss(z, y, loss, metric)
    n, steps = len(y), _check.integer("steps", steps, 0)
    rates = step_sizes(eta, steps)
    if batch_size is not None:
        batch_size, generator = batch_of(batch_size, n), _check.generator(rng)

    batch: slice | torch.Tensor = slice(None)
    losses = Theta.new_empty(steps + 1)
    losses[0] = value(z, y, loss, metric)
    for step, rate in enumerate(rates, start=1):
        epsilon = derivative(z, y, loss, metric)
        if batch_size is not None:
            batch = draw_batch(generator, n, batch_size, Theta.device)
        z, z_s = z - rate * Theta[:, batch] @ epsilon[batch], z_s - rate * Theta_s[:, batch] @ epsilon[batch]
        losses[step] = value(z, y, loss, metric)
    return leave(z), leave(z_s), leave(losses)
