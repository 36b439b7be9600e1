"""The architecture and hyperparameters of a fully connected network, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ntklab._check import integer, nonnegative
from ntklab.gaussian.activations import Activation, activation

PerLayer = float | tuple[float, ...]


@dataclass(frozen=True)
class MLP:
    r"""A fully connected network with ``hidden_layers`` hidden layers, hence L = hidden_layers + 1 weight layers.

    Preactivations :math:`z^{(1)} = b^{(1)} + W^{(1)} x`, :math:`z^{(l+1)} = b^{(l+1)} + W^{(l+1)} σ(z^{(l)})`; at the
    start Var b = C_b and Var W = C_W / fan_in, in the first layer too. Gradient descent moves biases with learning
    rate λ_b and weights with λ_W / fan_in (PDLT §10.1 and (10.44), (10.45)). The neural tangent parameterisation of
    other packages is λ_W = C_W = W_std², λ_b = C_b = b_std².

    Args:
        hidden_layers: at least 0; none makes a linear model.
        activation: a name or an :class:`~ntklab.gaussian.Activation`.
        C_W, C_b: one number for all weight layers, or a tuple of hidden_layers + 1, from the first layer to the last.
        lambda_W, lambda_b: likewise; ``None`` means equal to C_W and C_b. Training the last layer only is
            ``(0, ..., 0, C)``, the first layer only ``(C, 0, ..., 0)``.
        readout: (C_W, C_b) of the last layer where that differs, as ``(1.0, 0.0)`` in eigenlearning; not together
            with tuples for C_W or C_b. The default rates follow it.

    Raises:
        ValueError, TypeError: a count or tuple of the wrong length, a negative number, an unknown activation.

    >>> mlp = MLP(hidden_layers=2, C_b=0.1, readout=(1.0, 0.0))
    >>> mlp.weight_variances, mlp.bias_variances
    ((2.0, 2.0, 1.0), (0.1, 0.1, 0.0))
    >>> MLP(hidden_layers=1, lambda_W=(0, 2), lambda_b=0).weight_rates  # trains the last layer only
    (0.0, 2.0)
    """

    hidden_layers: int = 1
    activation: str | Activation = "relu"
    C_W: PerLayer = 2.0
    C_b: PerLayer = 0.0
    lambda_W: PerLayer | None = None
    lambda_b: PerLayer | None = None
    readout: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden_layers", integer("hidden_layers", self.hidden_layers, minimum=0))
        object.__setattr__(self, "activation", _kept(self.activation))
        for name in ("C_W", "C_b", "lambda_W", "lambda_b"):
            object.__setattr__(self, name, _number_or_tuple(name, getattr(self, name), self.weight_layers))
        if self.readout is not None:
            if not isinstance(self.readout, Iterable) or isinstance(self.readout, str) or len(tuple(self.readout)) != 2:
                raise ValueError(f"readout must be a pair (C_W, C_b); got {self.readout!r}")
            C_W, C_b = self.readout
            pair = (nonnegative("readout's C_W", C_W), nonnegative("readout's C_b", C_b))
            object.__setattr__(self, "readout", pair)
            for name in ("C_W", "C_b"):
                if isinstance(getattr(self, name), tuple):
                    raise ValueError(f"readout and a tuple for {name} both set the last layer; give one of them")

    @property
    def weight_layers(self) -> int:
        """L, the number of weight layers."""
        return self.hidden_layers + 1

    @property
    def sigma(self) -> Activation:
        """The activation as an object with ``.f`` and ``.derivative``."""
        return activation(self.activation)

    @property
    def weight_variances(self) -> tuple[float, ...]:
        """C_W of each weight layer, times its fan-in."""
        return self._with_readout(self.C_W, 0)

    @property
    def bias_variances(self) -> tuple[float, ...]:
        """C_b of each weight layer."""
        return self._with_readout(self.C_b, 1)

    @property
    def weight_rates(self) -> tuple[float, ...]:
        """λ_W of each weight layer, times its fan-in."""
        return self.weight_variances if self.lambda_W is None else self._spread(self.lambda_W)

    @property
    def bias_rates(self) -> tuple[float, ...]:
        """λ_b of each weight layer."""
        return self.bias_variances if self.lambda_b is None else self._spread(self.lambda_b)

    def _with_readout(self, value: PerLayer, which: int) -> tuple[float, ...]:
        layers = self._spread(value)
        return layers if self.readout is None else (*layers[:-1], self.readout[which])

    def _spread(self, value: PerLayer) -> tuple[float, ...]:
        return value if isinstance(value, tuple) else (value,) * self.weight_layers


def _kept(value: str | Activation) -> str | Activation:
    """A built-in activation is kept as its name, so that equal networks compare and print alike."""
    made = activation(value)
    return made if made.family == "user" else made.name


def _number_or_tuple(name: str, value: PerLayer | None, layers: int) -> PerLayer | None:
    if value is None and name.startswith("lambda"):
        return None
    if isinstance(value, Iterable) and not isinstance(value, str):
        numbers = tuple(nonnegative(f"{name}[{i}]", number) for i, number in enumerate(value))
        if len(numbers) != layers:
            raise ValueError(
                f"{name} must be a number or a tuple of hidden_layers + 1 = {layers}, one for each weight layer; "
                f"got {len(numbers)}"
            )
        return numbers
    return nonnegative(name, value)  # type: ignore[arg-type]
