"""The exact prediction on the line, its mean and its variance over the ensemble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from ntklab._check import Array, enter
from ntklab.depth import gamma_components
from ntklab.interpolation.line import around_start, enter64, on_line, pair, same_shape
from ntklab.kernels import nngp_and_ntk

if TYPE_CHECKING:
    from ntklab.kernels import MLP

SINGULAR = 1e-12  # det Theta over Theta_++ Theta_--: below it rounding has eaten what tells the two inputs apart


def linear_star_polation(y_plus: Array, y_minus: Array, s: Array) -> Array:
    r"""The straight line s y_+ + (1 - s) y_-: what every trained deep linear network draws, whatever its depth.

    PDLT (10.104).

    Args:
        y_plus, y_minus: true outputs at s = 1 and s = 0, numbers or both of shape ``(c,)``.
        s: place on the line, a number or any shape.

    Returns:
        Shape ``s.shape + y.shape``.

    >>> linear_star_polation(3.0, 1.0, [0.0, 0.25, 1.0, 2.0])
    array([1. , 1.5, 3. , 5. ])
    """
    (y_plus, y_minus, s), leave = enter(y_plus=y_plus, y_minus=y_minus, s=s)
    same_shape("y_minus", y_minus, "y_plus", y_plus)
    return leave(on_line(y_plus, y_minus, s))


def star_polate(
    mlp: MLP,
    x_plus: Array,
    x_minus: Array,
    y_plus: Array,
    y_minus: Array,
    s: Array,
    f0_train: Array | None = None,
    f0_test: Array | None = None,
) -> Array:
    r"""Prediction of a fully trained infinitely wide network on the line through its two training inputs. Exact.

    .. math::
        z_s(T) = z_s - \sum_{a, b \in \{+, -\}} \Theta_{s a}\,\tilde\Theta^{a b}\,(z_b - y_b) .

    PDLT (10.105), with the inverse NTK on the two training inputs (10.106). Without ``f0_*`` it is the mean over the
    ensemble (z = 0).

    Args:
        mlp: the network.
        x_plus, x_minus: the training inputs, shape ``(d,)``, different.
        y_plus, y_minus: their true outputs, numbers or both of shape ``(c,)``.
        s: place on the line, a number or any shape; s = 1 is x_plus, s = 0 is x_minus.
        f0_train: outputs z of one network at initialization on (x_plus, x_minus), shape ``(2,) + y.shape``.
        f0_test: its outputs on the line, shape ``s.shape + y.shape``; both or neither.

    Returns:
        Shape ``s.shape + y.shape``.

    Raises:
        ValueError: shapes do not fit, or Theta on the two inputs is singular (the same input twice, or two inputs
            on a ray through the origin for a homogeneous network without bias).

    A deep linear network draws the straight line, at s = 1/4 a quarter of y_+ and three of y_-:

    >>> from ntklab.kernels import MLP
    >>> star_polate(MLP(hidden_layers=1, activation="linear", C_W=1.0, C_b=0.1), [1.0, 0.0], [0.0, 1.0], 4.0, 0.0, 0.25)
    array(1.)
    """
    (x_plus, x_minus, y_plus, y_minus, s, f0_train, f0_test), leave = enter64(
        x_plus=x_plus, x_minus=x_minus, y_plus=y_plus, y_minus=y_minus, s=s, f0_train=f0_train, f0_test=f0_test
    )
    pair(x_plus, x_minus)
    same_shape("y_minus", y_minus, "y_plus", y_plus)
    straight, y_plus, y_minus = around_start(y_plus, y_minus, s, f0_train, f0_test)
    _, bend = _bend(mlp, x_plus, x_minus, s.reshape(-1))
    return leave(straight + (bend @ torch.stack([y_plus, y_minus]).reshape(2, -1)).reshape(straight.shape))


def star_polation_variance(mlp: MLP, x_plus: Array, x_minus: Array, s: Array) -> Array:
    r"""Variance over the ensemble of the trained networks' output on the line through the two training inputs. Exact.

    PDLT (10.41) for one test input. It vanishes at s = 0 and 1, and for near inputs falls as delta^4 for smooth
    activations, as delta^3 for ReLU (the book's O(delta^3), (10.117), is not sharp for the former).

    Args:
        mlp, x_plus, x_minus, s: as in :func:`star_polate`.

    Returns:
        Shape ``s.shape``, at least 0 up to rounding (1e-15 of K).

    >>> from ntklab.kernels import MLP
    >>> linear = MLP(hidden_layers=2, activation="linear", C_W=1.0, C_b=0.1)
    >>> abs(float(star_polation_variance(linear, [1.0, 0.0], [0.0, 2.0], 0.3))) < 1e-14  # every one draws the same line
    True
    """
    (x_plus, x_minus, s), leave = enter64(x_plus=x_plus, x_minus=x_minus, s=s)
    pair(x_plus, x_minus)
    places = s.reshape(-1)
    K, bend = _bend(mlp, x_plus, x_minus, places)
    ends, cross, own = K[:2, :2], K[2:, :2], torch.diagonal(K)[2:]
    weights = torch.stack([places, 1 - places], 1) + bend
    variance = own - ((2 * cross - weights @ ends) * weights).sum(1)
    return leave(variance.reshape(s.shape))


def _bend(mlp: MLP, x_plus: torch.Tensor, x_minus: torch.Tensor, s: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """K over (x_+, x_-, line), and how far the weights Theta_s. Theta^-1 depart from (s, 1 - s), shape (m, 2).

    The departure is [Theta_s. - s Theta_+. - (1 - s) Theta_-.] Theta^-1, with det Theta = 4 Theta_[0] Theta_[2] -
    Theta_[1]^2: the bend is small for near inputs, and never the difference of two large numbers.
    """
    inputs = torch.cat([torch.stack([x_plus, x_minus]), on_line(x_plus, x_minus, s)])
    K, Theta = nngp_and_ntk(inputs, mlp=mlp)
    ends = Theta[:2, :2]
    if not ends[0, 0] > 0:
        raise ValueError("Theta is 0 at x_plus: every learning rate is 0, or x_plus is and there is no bias")
    zeroth, first, second = gamma_components(ends)
    determinant = 4 * zeroth * second - first**2
    if not determinant > SINGULAR * ends[0, 0] * ends[1, 1]:
        raise ValueError(
            "Theta over x_plus and x_minus is singular: they are too close to tell apart, or on one ray through the "
            "origin of a network without bias. Move them apart or give the network a bias (C_b, lambda_b)"
        )
    excess = Theta[2:, :2] - on_line(ends[0], ends[1], s)
    adjugate = torch.stack([torch.stack([ends[1, 1], -ends[0, 1]]), torch.stack([-ends[0, 1], ends[0, 0]])])
    return K, excess @ adjugate / determinant
