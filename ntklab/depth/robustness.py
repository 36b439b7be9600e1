"""One training input, one test input near it: how robust the prediction is, and how much it varies over networks."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from ntklab._check import Array, enter, kernel_matrix


def gamma_components(K: Array) -> tuple[Array, Array, Array]:
    r"""Components of a 2 x 2 kernel over (+, -) in the basis gamma^[0], gamma^[1], gamma^[2].

    .. math::
        K_{\pm\pm} = K_{[0]} \pm K_{[1]} + K_{[2]}, \qquad K_{\pm\mp} = K_{[0]} - K_{[2]} .

    PDLT (10.58), solved for the components: the same for K and for Theta.

    Args:
        K: symmetric, shape ``(2, 2)``; row and column 0 belong to x_+, 1 to x_-.

    Returns:
        (K_0, K_1, K_2), each a 0-d array of the kind that came in.

    >>> gamma_components([[5.0, 2.0], [2.0, 3.0]])  # (5+3+4)/4, (5-3)/2, (5+3-4)/4
    (array(3.), array(1.), array(1.))
    """
    (pair,), leave = enter(K=K)
    _two_by_two("K", pair)
    total, cross = pair[0, 0] + pair[1, 1], 2 * pair[0, 1]
    return leave((total + cross) / 4), leave((pair[0, 0] - pair[1, 1]) / 2), leave((total - cross) / 4)


def robustness_and_variance(K: Array, Theta: Array) -> tuple[float, float]:
    r"""Robustness measure and ensemble variance at x_-, after training on x_+ alone. Exact.

    .. math::
        r = \frac{\Theta_{-+}}{\Theta_{++}} - 1, \qquad
        \mathrm{Cov}[z_-, z_-] = K_{--} - 2\frac{\Theta_{-+}}{\Theta_{++}}K_{-+}
            + \Big(\frac{\Theta_{-+}}{\Theta_{++}}\Big)^2 K_{++} .

    PDLT (10.57) and the first line of (10.63). At criticality with the rates of the equivalence principle they become
    -3/4 and (9/16) K_d for a kinked scale-invariant activation (10.94)-(10.95).

    Args:
        K: kernel of the last layer over (x_+, x_-), symmetric, shape ``(2, 2)``.
        Theta: frozen NTK of the last layer over (x_+, x_-), symmetric, shape ``(2, 2)``, Theta_{++} > 0.

    Returns:
        (r, variance): r is 0 for a prediction that does not change from x_+ to x_-, -1 for one that has forgotten y_+.

    Raises:
        ValueError: not 2 x 2, not symmetric, or Theta_{++} = 0.

    >>> robustness_and_variance([[1.0, 0.5], [0.5, 1.0]], [[4.0, 1.0], [1.0, 4.0]])  # 1/4 - 1; 1 - 1/4 + 1/16
    (-0.75, 0.8125)
    """
    (pair, ntk), _ = enter(K=K, Theta=Theta)
    _two_by_two("K", pair)
    _two_by_two("Theta", ntk)
    if not ntk[0, 0] > 0:
        raise ValueError(f"Theta[0, 0] must be greater than 0; got {float(ntk[0, 0])}. Is every learning rate 0?")
    r = (ntk[0, 1] - ntk[0, 0]) / ntk[0, 0]
    # K_-- - 2(1 + r)K_-+ + (1 + r)^2 K_++, ordered so that near inputs cancel first
    spread = (pair[1, 1] - pair[0, 1]) + (pair[0, 0] - pair[0, 1])
    variance = spread + 2 * r * (pair[0, 0] - pair[0, 1]) + r * r * pair[0, 0]
    return float(r), float(variance)


def expanded_robustness_and_variance(components: Mapping[str, Array]) -> tuple[Array, Array]:
    r"""The two measures to second order in the distance of the inputs.

    .. math::
        \frac{\Theta_{-+}}{\Theta_{++}} - 1 &= -\frac{\delta\Theta_{[1]}}{\Theta_{00}}
            - 2\frac{\delta\delta\Theta_{[2]}}{\Theta_{00}} + \Big(\frac{\delta\Theta_{[1]}}{\Theta_{00}}\Big)^2
            + O(\delta^3), \\
        \mathrm{Cov}[z_-, z_-] &= 4\,\delta\delta K_{[2]} - 2\,\delta K_{[1]}\frac{\delta\Theta_{[1]}}{\Theta_{00}}
            + K_{00}\Big(\frac{\delta\Theta_{[1]}}{\Theta_{00}}\Big)^2 + O(\delta^3) .

    PDLT (10.65)-(10.66); with inputs of one norm (10.62) and the last line of (10.63), whose remainder is O(delta^4).

    Args:
        components: "K_00", "dK_1", "ddK_2", "Theta_00", "dTheta_1", "ddTheta_2", arrays of one shape: what
            :func:`ntklab.depth.depth_recursion` returns. "dK_1" and "dTheta_1" may be left out: equal norms.

    Returns:
        (r, variance), arrays of that shape.

    >>> r, variance = expanded_robustness_and_variance(
    ...     {"K_00": 1.0, "ddK_2": 0.01, "Theta_00": 2.0, "ddTheta_2": 0.05})
    >>> float(r), float(variance)  # -2 * 0.05 / 2; 4 * 0.01
    (-0.05, 0.04)
    """
    missing = [name for name in ("K_00", "ddK_2", "Theta_00", "ddTheta_2") if name not in components]
    if missing:
        raise ValueError(f"components must hold {', '.join(missing)}; got {', '.join(sorted(components)) or 'nothing'}")
    (K_00, dK_1, ddK_2, Theta_00, dTheta_1, ddTheta_2), leave = enter(
        K_00=components["K_00"],
        dK_1=components.get("dK_1"),
        ddK_2=components["ddK_2"],
        Theta_00=components["Theta_00"],
        dTheta_1=components.get("dTheta_1"),
        ddTheta_2=components["ddTheta_2"],
    )
    if not bool((Theta_00 > 0).all()):
        raise ValueError("Theta_00 must be greater than 0 in every layer. Is every learning rate 0?")
    slope = torch.zeros_like(Theta_00) if dTheta_1 is None else dTheta_1 / Theta_00
    r = -slope - 2 * ddTheta_2 / Theta_00 + slope**2
    variance = 4 * ddK_2 - 2 * (0.0 if dK_1 is None else dK_1) * slope + K_00 * slope**2
    return leave(r), leave(variance)


def _two_by_two(name: str, A: Array) -> None:
    if tuple(A.shape) != (2, 2):
        raise ValueError(f"{name} must have shape (2, 2), rows and columns (x_+, x_-); got {tuple(A.shape)}")
    kernel_matrix(name, A)
