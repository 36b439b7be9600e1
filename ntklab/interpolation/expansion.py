"""Expansion in the distance of two inputs, and the law of the prediction between them that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch

from ntklab._check import Array, choice, enter
from ntklab.depth import gamma_components
from ntklab.interpolation.line import around_start, enter64, outer, pair, same_shape
from ntklab.kernels import nngp_and_ntk

if TYPE_CHECKING:
    from ntklab.kernels import MLP


def delta_components(mlp: MLP, x_plus: Array, x_minus: Array) -> dict[str, float]:
    r"""Components of K and Theta around the midpoint of two inputs, read off from exact kernel values.

    .. math::
        \Theta_{\pm\pm} &= \Theta_{00} \pm \delta\Theta_{[1]} + \delta\delta\Theta_{[2]} + \delta\delta\Theta_{[0]}, \\
        \Theta_{\pm\mp} &= \Theta_{00} - \delta\delta\Theta_{[2]} + \delta\delta\Theta_{[0]}, \\
        \delta\delta\delta\Theta_{[21]} = \tfrac12(\Theta_{++} - \Theta_{--}) - (\Theta_{0+} - \Theta_{0-}) .

    PDLT (10.107)-(10.108) solved for the components, whose higher orders they carry along. The last one is ours: the
    third-order part eps_1^2 eps_2 + eps_1 eps_2^2 of Theta, which the book's expansion (10.110) leaves out and which
    its law (10.113) needs when the two norms differ. It is 0 for inputs of one norm.

    Args:
        mlp, x_plus, x_minus: as in :func:`star_polate`.

    Returns:
        "Theta_00", "dTheta_1", "ddTheta_0", "ddTheta_2", "dddTheta_21", and the first four for K, as floats.

    A linear network is bilinear: K = x.x'/d here, Theta = 2 x.x'/d and the midpoint is (1, 1/2), so that the values
    are 2 x_0.x_0/d, (4 - 1)/2, nothing beyond the midpoint, (4 + 1)/4:

    >>> from ntklab.kernels import MLP
    >>> linear = MLP(hidden_layers=1, activation="linear", C_W=1.0)
    >>> parts = delta_components(linear, [2.0, 0.0], [0.0, 1.0])
    >>> [parts[name] for name in ("Theta_00", "dTheta_1", "ddTheta_0", "ddTheta_2")]
    [1.25, 1.5, 0.0, 1.25]
    """
    (x_plus, x_minus), _ = enter64(x_plus=x_plus, x_minus=x_minus)
    pair(x_plus, x_minus)
    inputs = torch.stack([x_plus, x_minus, (x_plus + x_minus) / 2])
    K, Theta = nngp_and_ntk(inputs, mlp=mlp)
    third = (Theta[0, 0] - Theta[1, 1]) / 2 - (Theta[2, 0] - Theta[2, 1])
    return {**_components("K", K), **_components("Theta", Theta), "dddTheta_21": float(third)}


def _components(name: str, K: torch.Tensor) -> dict[str, float]:
    zeroth, first, second = gamma_components(K[:2, :2])
    centre = K[2, 2]
    parts = {"_00": centre, "_1": first, "_0": zeroth - centre, "_2": second}
    prefix = {"_00": "", "_1": "d", "_0": "dd", "_2": "dd"}
    return {f"{prefix[end]}{name}{end}": float(value) for end, value in parts.items()}


def delta_expansion(
    components: Mapping[str, float], epsilon_1: Array, epsilon_2: Array, kernel: str = "Theta"
) -> Array:
    r"""Theta (or K) between x_eps1 and x_eps2 to second order in the distance of the inputs.

    .. math::
        \Theta_{\epsilon_1\epsilon_2} = \Theta_{00} + \tfrac{\epsilon_1 + \epsilon_2}{2}\,\delta\Theta_{[1]}
            + \big(\tfrac{\epsilon_1 + \epsilon_2}{2}\big)^2 (\delta\delta\Theta_{[2]} + \delta\delta\Theta_{[0]})
            + \big(\tfrac{\epsilon_1 - \epsilon_2}{2}\big)^2 (-\delta\delta\Theta_{[2]} + \delta\delta\Theta_{[0]})
            + O(\epsilon^3\delta^3) .

    PDLT (10.110); exact at eps = +-1. For smooth activations.

    Args:
        components: of :func:`delta_components`.
        epsilon_1, epsilon_2: numbers or arrays that broadcast; s is eps = 2s - 1.
        kernel: "Theta" or "K".

    >>> parts = {"Theta_00": 5.0, "dTheta_1": 1.0, "ddTheta_0": 0.5, "ddTheta_2": 0.25}
    >>> delta_expansion(parts, [1.0, 1.0, 0.0], [1.0, -1.0, 1.0])  # 5 + 1 + .75; 5 + .25; 5 + .5 + (.75 + .25)/4
    array([6.75, 5.25, 5.75])
    """
    kernel = choice("kernel", kernel, ("Theta", "K"))
    (epsilon_1, epsilon_2), leave = enter(epsilon_1=epsilon_1, epsilon_2=epsilon_2)
    centre, first, zeroth, second = _read(components, f"{kernel}_00", f"d{kernel}_1", f"dd{kernel}_0", f"dd{kernel}_2")
    mean, half = (epsilon_1 + epsilon_2) / 2, (epsilon_1 - epsilon_2) / 2
    return leave(centre + mean * first + mean**2 * (second + zeroth) + half**2 * (zeroth - second))


def curvature_prediction(
    components: Mapping[str, float],
    y_plus: Array,
    y_minus: Array,
    s: Array,
    f0_train: Array | None = None,
    f0_test: Array | None = None,
) -> Array:
    r"""The prediction on the line to second order in the distance of the inputs, with the coefficient put right.

    For inputs of one norm

    .. math::
        m_s = s\,y_+ + (1-s)\,y_- - s(1-s)\,\frac{\delta\delta\Theta_{[0]}}{\Theta_{00}}\,(y_+ + y_-) + O(\delta^3),

    where PDLT (10.115) prints 4 s(1 - s): with the book's own (10.106)-(10.111) the determinant is
    4 Theta_00 ddTheta_2 - dTheta_1^2, not a quarter of it. In general, mending (10.113),

    .. math::
        m_s = s\,y_+ + (1-s)\,y_- - \frac{2s(1-s)}{4\Theta_{00}\delta\delta\Theta_{[2]} - \delta\Theta_{[1]}^2} \Big\{
            &\delta\delta\Theta_{[0]}\,[2\,\delta\delta\Theta_{[2]}(y_+ + y_-) - \delta\Theta_{[1]}(y_+ - y_-)] \\
            + &\delta\delta\delta\Theta_{[21]}\,[2\,\Theta_{00}(y_+ - y_-) - \delta\Theta_{[1]}(y_+ + y_-)]\Big\} .

    The second line, missing from the book, is of the same order when the norms differ. For smooth activations and
    y_+ - y_- = O(delta); when the two outputs differ by O(1) the remainder is of the order of the law itself. One
    network's initial outputs enter as y - z (the book prints y + z) around z_s. See
    course/errata.md, erratum 3.

    Args:
        components: of :func:`delta_components`; a missing "dddTheta_21" counts as 0.
        y_plus, y_minus, s, f0_train, f0_test: as in :func:`star_polate`.

    Returns:
        Shape ``s.shape + y.shape``.

    Raises:
        ValueError: a component is missing, or 4 Theta_00 ddTheta_2 - dTheta_1^2 is not positive.

    >>> parts = {"Theta_00": 2.0, "dTheta_1": 0.0, "ddTheta_0": -0.1, "ddTheta_2": 0.3}
    >>> curvature_prediction(parts, 3.0, 1.0, 0.5)  # 2 + (1/4) (.1/2) 4
    array(2.05)
    """
    (y_plus, y_minus, s, f0_train, f0_test), leave = enter(
        y_plus=y_plus, y_minus=y_minus, s=s, f0_train=f0_train, f0_test=f0_test
    )
    same_shape("y_minus", y_minus, "y_plus", y_plus)
    straight, y_plus, y_minus = around_start(y_plus, y_minus, s, f0_train, f0_test)
    centre, first, zeroth, second = _read(components, "Theta_00", "dTheta_1", "ddTheta_0", "ddTheta_2")
    mixed = float(components.get("dddTheta_21", 0.0))
    determinant = 4 * centre * second - first**2
    if not determinant > 0:
        raise ValueError(
            f"4 Theta_00 ddTheta_2 - dTheta_1^2 must be greater than 0; got {determinant:.3g}: "
            "Theta on the two inputs is singular"
        )
    total, difference = y_plus + y_minus, y_plus - y_minus
    level = zeroth * (2 * second * total - first * difference)
    tilt = mixed * (2 * centre * difference - first * total)
    return leave(straight - outer(2 * s * (1 - s) / determinant, level + tilt))


def _read(components: Mapping[str, float], *names: str) -> list[float]:
    missing = [name for name in names if name not in components]
    if missing:
        raise ValueError(f"components must hold {', '.join(missing)}; got {', '.join(sorted(components)) or 'nothing'}")
    return [float(components[name]) for name in names]
