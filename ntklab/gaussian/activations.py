"""Activation functions by name, or a user's own: f, its derivative, and where either breaks.

A built-in activation is wholly described by its name, so it can be sent as text: ``activation(a.name) == a``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ntklab._check import Array, choice, is_tensor


@dataclass(frozen=True)
class Activation:
    """An activation σ and its derivative σ′; both take NumPy arrays or torch tensors and answer in kind.

    Built by :func:`activation`. ``kinks`` are the points where σ or one of its low derivatives jumps: integrals
    split there. ``family`` and ``parameters`` say which closed form applies; ``"user"`` has none.
    """

    name: str
    f: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()
    family: str = "user"
    parameters: tuple[float, ...] = ()

    def __call__(self, z: Array) -> Array:
        return self.f(z)

    def __repr__(self) -> str:
        return f"activation({self.name!r})" if self.family != "user" else f"<Activation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.family != "user":
            return activation, (self.name,)
        return Activation, (self.name, self.f, self.derivative, self.kinks)


def activation(
    name_or_obj: str | Activation | Callable[[Array], Array],
    *,
    derivative: Callable[[Array], Array] | None = None,
    kinks: Iterable[float] = (),
) -> Activation:
    """Return the activation of that name, or one made of the user's own function.

    ============================  ===========================================  =================
    name                          σ(z)                                         kinks
    ============================  ===========================================  =================
    ``relu``                      max(z, 0)                                    0
    ``leaky_relu:s``              z for z > 0, else s·z                        0 (none if s = 1)
    ``scale_invariant:a₊,a₋``     a₊ z for z > 0, else a₋ z (PDLT §2.2)        0 (none if equal)
    ``erf``                       (2/√π) ∫₀ᶻ exp(−t²) dt                       none
    ``tanh``, ``sin``             as they say                                  none
    ``gelu``                      z Φ(z), exact (Φ: normal distribution)       none
    ``linear``, ``monomial:k``    z, zᵏ                                        none
    ============================  ===========================================  =================

    At a kink σ′ takes its left value, as torch's autograd does.

    Args:
        name_or_obj: a name of the table, an :class:`Activation` (returned as it is), or an elementwise function
            of torch tensors or of NumPy arrays. The torch and NumPy functions of the table are recognised.
        derivative: σ′ for a user's function. A torch function gets its own by autograd; a NumPy one must bring it.
        kinks: where a user's σ or σ′ is not smooth, for example ``(0.0,)`` for ELU. Integrals are wrong by about
            1e-3 across a kink nobody declared, so the quadrature refuses when it cannot settle.

    Returns:
        The frozen :class:`Activation`.

    Raises:
        ValueError: unknown name (the nearest one is proposed), bad parameters, or a function that is not elementwise.
        TypeError: a NumPy function without derivative, or something that is no activation at all.

    >>> a = activation("leaky_relu:0.2")
    >>> a.f(np.array([-1.0, 0.0, 2.0])), a.derivative(np.array([-1.0, 0.0, 2.0])), a.kinks
    (array([-0.2,  0. ,  2. ]), array([0.2, 0.2, 1. ]), (0.0,))
    >>> activation(a.name) == a
    True
    >>> activation(torch.nn.functional.softplus).derivative(np.array([0.0]))  # the logistic function at 0
    array([0.5])
    """
    if not isinstance(name_or_obj, str) and callable(name_or_obj) and not isinstance(name_or_obj, Activation):
        known = _name_of_known_function(name_or_obj)
        if known is None:
            return _user_activation(name_or_obj, derivative, tuple(kinks))
        return activation(known, derivative=derivative, kinks=kinks)
    if derivative is not None or tuple(kinks):
        raise TypeError(f"derivative and kinks go with a function of your own; {name_or_obj!r} already has its own")
    if isinstance(name_or_obj, Activation):
        return name_or_obj
    if isinstance(name_or_obj, str):
        return _built_in(name_or_obj)
    raise TypeError(f"activation must be a name, an Activation or a function; got {type(name_or_obj).__name__}")


def leaky_slopes(a: Activation) -> tuple[float, float] | None:
    """(a₊, a₋) if σ is scale-invariant, that is ReLU-like; else ``None``."""
    return (a.parameters[0], a.parameters[1]) if a.family == "scale_invariant" else None


# --- the table -------------------------------------------------------------------------------------------------


def _scale_invariant(z: torch.Tensor, plus: float, minus: float) -> torch.Tensor:
    if (plus, minus) == (1.0, 0.0):
        return torch.relu(z)  # takes a tenth of where's time, which training would feel
    return torch.where(z > 0, plus * z, minus * z)


def _scale_invariant_slope(z: torch.Tensor, plus: float, minus: float) -> torch.Tensor:
    if (plus, minus) == (1.0, 0.0):
        return (z > 0).to(z.dtype)
    return torch.where(z > 0, torch.full_like(z, plus), torch.full_like(z, minus))


def _erf_slope(z: torch.Tensor) -> torch.Tensor:
    return torch.exp(-z * z) * (2 / math.sqrt(math.pi))


def _tanh_slope(z: torch.Tensor) -> torch.Tensor:
    return 1 - torch.tanh(z) ** 2


def _normal_cdf(z: torch.Tensor) -> torch.Tensor:
    return 0.5 * torch.special.erfc(-z / math.sqrt(2))  # erfc, not 1 + erf: no cancellation for z << 0


def _gelu(z: torch.Tensor) -> torch.Tensor:
    return z * _normal_cdf(z)


def _gelu_slope(z: torch.Tensor) -> torch.Tensor:
    return _normal_cdf(z) + z * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _monomial(z: torch.Tensor, power: int) -> torch.Tensor:
    return z**power


def _monomial_slope(z: torch.Tensor, power: int) -> torch.Tensor:
    return power * z ** (power - 1)


_SMOOTH: dict[str, tuple[Callable[[torch.Tensor], torch.Tensor], Callable[[torch.Tensor], torch.Tensor]]] = {
    "erf": (torch.special.erf, _erf_slope),
    "tanh": (torch.tanh, _tanh_slope),
    "sin": (torch.sin, torch.cos),
    "gelu": (_gelu, _gelu_slope),
}
_PARAMETERS = {"leaky_relu": "s", "scale_invariant": "a_plus,a_minus", "monomial": "k"}
NAMES = ("relu", "leaky_relu", "scale_invariant", "erf", "tanh", "sin", "gelu", "linear", "monomial")


@functools.lru_cache(maxsize=256)
def _built_in(name: str) -> Activation:
    base, _, text = name.strip().partition(":")
    choice("activation", base, NAMES)
    wanted = _PARAMETERS.get(base)
    values = _numbers(name, text, wanted)
    if base in _SMOOTH:
        f, slope = _SMOOTH[base]
        return Activation(base, _OnTensors(f), _OnTensors(slope), family=base)
    if base in ("linear", "monomial"):
        power = 1 if base == "linear" else int(values[0])
        if base == "monomial" and (power != values[0] or power < 1):
            raise ValueError(f"monomial:k needs a whole number k of at least 1; got {name!r}")
        f, slope = (functools.partial(g, power=power) for g in (_monomial, _monomial_slope))
        full = base if base == "linear" else f"monomial:{power}"
        return Activation(full, _OnTensors(f), _OnTensors(slope), family="monomial", parameters=(power,))
    plus, minus = {"relu": (1.0, 0.0), "leaky_relu": (1.0, *values), "scale_invariant": values}[base]
    f, slope = (functools.partial(g, plus=plus, minus=minus) for g in (_scale_invariant, _scale_invariant_slope))
    full = (
        base
        if wanted is None
        else f"{base}:{','.join(f'{v:.17g}' if float(f'{v:g}') != v else f'{v:g}' for v in values)}"
    )
    kinks = () if plus == minus else (0.0,)
    return Activation(full, _OnTensors(f), _OnTensors(slope), kinks, "scale_invariant", (plus, minus))


def _numbers(name: str, text: str, wanted: str | None) -> tuple[float, ...]:
    """The parameters after the colon, as many as the name wants."""
    if wanted is None:
        if text:
            raise ValueError(f"{name.partition(':')[0]!r} takes no parameters; got {name!r}")
        return ()
    try:
        values = tuple(float(part) for part in text.split(","))
        fine = len(values) == wanted.count(",") + 1 and all(map(math.isfinite, values))
    except ValueError:
        fine = False
    if not fine:
        base = name.partition(":")[0]
        raise ValueError(f"{base!r} must be written {base}:{wanted} with finite numbers; got {name!r}")
    return values


# --- functions of one kind, called with either ------------------------------------------------------------------


def _as_tensor(z: Array) -> torch.Tensor:
    array = np.array(z, order="C")  # a copy: torch wants it writable and without negative strides
    return torch.from_numpy(array if array.dtype in (np.float32, np.float64) else array.astype(np.float64))


@dataclass(frozen=True)
class _OnTensors:
    """A torch function, called with tensors or arrays."""

    function: Callable[[torch.Tensor], torch.Tensor]

    def __call__(self, z: Array) -> Array:
        if is_tensor(z):
            return self.function(z if z.is_floating_point() else z.double())
        return self.function(_as_tensor(z)).detach().numpy()[()]


@dataclass(frozen=True)
class _OnArrays:
    """A NumPy function, called with tensors or arrays."""

    function: Callable[[np.ndarray], np.ndarray]

    def __call__(self, z: Array) -> Array:
        if is_tensor(z):
            values = np.asarray(self.function(z.detach().cpu().numpy()))
            return torch.from_numpy(np.array(values)).to(device=z.device, dtype=z.dtype)
        return np.asarray(self.function(np.asarray(z)))[()]


@dataclass(frozen=True)
class _ByAutograd:
    """The derivative of an elementwise torch function."""

    function: Callable[[torch.Tensor], torch.Tensor]

    def __call__(self, z: torch.Tensor) -> torch.Tensor:
        again = z.requires_grad and torch.is_grad_enabled()  # someone wants the second derivative
        with torch.enable_grad():
            z = z if again else z.detach().requires_grad_()
            total = self.function(z).sum()
            if not total.requires_grad:  # piecewise constant, like torch.sign
                return torch.zeros_like(z)
            return torch.autograd.grad(total, z, create_graph=again)[0]


def _user_activation(
    f: Callable[..., Any], derivative: Callable[..., Any] | None, kinks: tuple[float, ...]
) -> Activation:
    name = f"user:{getattr(f, '__name__', type(f).__name__)}"
    if not all(isinstance(kink, (int, float)) and math.isfinite(kink) for kink in kinks):
        raise ValueError(f"kinks must be finite numbers; got {kinks}")
    if derivative is not None:
        return Activation(name, _either(f, "the activation"), _either(derivative, "its derivative"), _tidy(kinks))
    probe = torch.linspace(-1.0, 1.0, 5, dtype=torch.float64, requires_grad=True)
    try:
        values = f(probe)
    except (TypeError, RuntimeError, AttributeError, ValueError):  # what NumPy code says of a tensor with a gradient
        values = None
    if not is_tensor(values):
        raise TypeError(
            f"{name.removeprefix('user:')} is no torch function, so autograd cannot give its derivative; "
            "pass it: activation(f, derivative=df)"
        )
    _elementwise("the activation", values)
    return Activation(name, _OnTensors(f), _OnTensors(_ByAutograd(f)), _tidy(kinks))


def _tidy(kinks: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted({float(kink) for kink in kinks}))


def _either(f: Callable[..., Any], what: str) -> Callable[[Array], Array]:
    """Wrap ``f`` for both kinds, by trying which one it takes."""
    with_gradient = torch.linspace(-1.0, 1.0, 5, dtype=torch.float64, requires_grad=True)  # NumPy code refuses it
    wrappers: tuple[tuple[Callable[..., Any], Any, type], ...] = (
        (_OnTensors, with_gradient, torch.Tensor),
        (_OnArrays, np.linspace(-1.0, 1.0, 5), np.ndarray),
    )
    for wrapper, probe, kind in wrappers:
        try:
            values = f(probe)
        except (TypeError, RuntimeError, AttributeError, ValueError):
            continue
        if isinstance(values, kind):
            _elementwise(what, values)
            return wrapper(f)
    raise TypeError(f"{what} must take and return NumPy arrays or torch tensors")


def _elementwise(what: str, values: Array) -> None:
    if tuple(values.shape) != (5,):
        raise ValueError(f"{what} must be elementwise: 5 numbers in, 5 out; got shape {tuple(values.shape)}")


def _name_of_known_function(f: Callable[..., Any]) -> str | None:
    """The table's name for the torch and NumPy functions it holds; they then use its closed forms."""
    if isinstance(f, torch.nn.LeakyReLU):
        return f"leaky_relu:{f.negative_slope}"
    if isinstance(f, torch.nn.GELU):
        return "gelu" if f.approximate == "none" else None
    for module, name in ((torch.nn.ReLU, "relu"), (torch.nn.Tanh, "tanh"), (torch.nn.Identity, "linear")):
        if isinstance(f, module):
            return name
    functions: tuple[tuple[Any, str], ...] = (
        (torch.relu, "relu"),
        (torch.nn.functional.relu, "relu"),
        (torch.nn.functional.gelu, "gelu"),
        (torch.tanh, "tanh"),
        (torch.nn.functional.tanh, "tanh"),
        (np.tanh, "tanh"),
        (torch.sin, "sin"),
        (np.sin, "sin"),
        (torch.erf, "erf"),
        (torch.special.erf, "erf"),
    )
    return next((name for function, name in functions if f is function), None)
