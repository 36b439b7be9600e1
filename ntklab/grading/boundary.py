"""What may cross between student code and the tests: values, never code.

``encode`` turns a value into bytes, ``decode`` turns them back. Values are ``None``, bool, int, float, str, list,
tuple, dict with str keys, numeric arrays and tensors, and five registered types that travel as constructor data:
``MLP``, ``Activation``, ``NTKNet``, ``NetFunction``, NumPy's ``Generator`` (its state). The frame is JSON followed by
the arrays' raw bytes: nothing is unpickled and no archive is opened. Whoever decodes gets plain objects of exactly
these types, so an answer cannot lie about itself: subclasses, ``__eq__`` and ``__array__`` stay where they came from.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["BoundaryError", "decode", "encode"]

MAX_BYTES = 64 * 2**20
MAX_HEAD = 16 * 2**20  # of the JSON alone
MAX_NODES = 200_000
MAX_DEPTH = 20
MAX_DIGITS = 4000
MAX_LAYERS = 1000

_DTYPES = {
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64", "complex64", "complex128",
}  # fmt: skip
_LENGTH = struct.Struct("<Q")


class BoundaryError(TypeError):
    """Something that is not a value tried to cross; the message is fit for a student."""


# ---------------------------------------------------------------------------------------------- registered types
def _mlp_data(mlp: Any) -> dict[str, Any]:
    return {name: getattr(mlp, name) for name in type(mlp).__dataclass_fields__}


def _mlp_from(data: dict[str, Any]) -> Any:
    from ntklab.kernels.mlp import MLP

    _within(data["hidden_layers"], MAX_LAYERS)
    return MLP(**data)


def _activation_data(activation: Any) -> dict[str, Any]:
    return {"name": activation.name}


def _activation_from(data: dict[str, Any]) -> Any:
    from ntklab.gaussian.activations import activation

    return activation(data["name"])


def _net_data(net: Any) -> dict[str, Any]:
    return {"config": dict(net.config), "weights": net.flat_weights().detach()}


def _net_from(data: dict[str, Any]) -> Any:
    from ntklab.networks import NTKNet

    _within(data["config"]["hidden_layers"], MAX_LAYERS)
    return NTKNet.from_config(data["config"], data["weights"])


def _net_function_data(function: Any) -> dict[str, Any]:
    return {"net": function.net}


def _net_function_from(data: dict[str, Any]) -> Any:
    from ntklab.networks import NetFunction

    return NetFunction(data["net"])


def _generator_data(generator: Any) -> dict[str, Any]:
    return {"state": generator.bit_generator.state}


def _generator_from(data: dict[str, Any]) -> np.random.Generator:
    state = data["state"]
    # NumPy itself does not check where in its buffer a state stands: it would read past the end
    _within(state.get("buffer_pos", 0), 4)
    _within(state["state"].get("pos", 0) if isinstance(state["state"], dict) else 0, 624)
    kinds = {"PCG64": np.random.PCG64, "PCG64DXSM": np.random.PCG64DXSM, "Philox": np.random.Philox,
             "SFC64": np.random.SFC64, "MT19937": np.random.MT19937}  # fmt: skip
    bits = kinds[state["bit_generator"]]()
    bits.state = state
    return np.random.Generator(bits)


def _within(value: Any, most: int) -> None:
    if not isinstance(value, int) or not 0 <= value <= most:
        raise BoundaryError("a damaged object")


# name on the wire -> (to constructor data, from constructor data)
_REGISTERED: dict[str, tuple[Callable[[Any], dict[str, Any]], Callable[[dict[str, Any]], Any]]] = {
    "MLP": (_mlp_data, _mlp_from),
    "Activation": (_activation_data, _activation_from),
    "NTKNet": (_net_data, _net_from),
    "NetFunction": (_net_function_data, _net_function_from),
    "Generator": (_generator_data, _generator_from),
}


def _registered_name(value: Any) -> str | None:
    if isinstance(value, np.random.Generator):
        return "Generator"
    for cls in type(value).__mro__:
        if cls.__module__.split(".")[0] == "ntklab" and cls.__name__ in _REGISTERED:
            return cls.__name__
    return None


# ---------------------------------------------------------------------------------------------------- to bytes
def encode(value: Any) -> bytes:
    """``value`` as bytes, or :class:`BoundaryError` if it is not one."""
    buffers: list[bytes] = []
    head = json.dumps(_Encoder(buffers).node(value, 0)).encode()
    body = b"".join(buffers)
    if len(head) > MAX_HEAD or len(head) + len(body) > MAX_BYTES:
        raise BoundaryError(f"a value of more than {MAX_BYTES // 2**20} MiB")
    return _LENGTH.pack(len(head)) + head + body


class _Encoder:
    def __init__(self, buffers: list[bytes]):
        self.buffers, self.nodes, self.offset = buffers, 0, 0

    def node(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise BoundaryError("a structure nested too deep or with too many parts")
        if value is None:
            return ["none"]
        if isinstance(value, (bool, np.bool_)):
            return ["bool", bool(value)]
        if isinstance(value, (int, np.integer)):
            return ["int", _digits(int(value))]
        if isinstance(value, (np.float32, np.float16)):  # still to be held to single precision
            return ["scalar", self.array(np.asarray(value), "numpy")]
        if isinstance(value, (float, np.floating)):
            return ["float", float(value).hex()]
        if isinstance(value, str):
            return ["str", str(value)]
        if isinstance(value, (list, tuple)):
            return ["tuple" if isinstance(value, tuple) else "list", [self.node(v, depth + 1) for v in value]]
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                raise BoundaryError("a dict whose keys are not all strings")
            return ["dict", [[str(key), self.node(v, depth + 1)] for key, v in value.items()]]
        if isinstance(value, np.ndarray):
            return self.array(np.asarray(value), "numpy")
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self.array(_plain(value), "torch")
        name = _registered_name(value)
        if name is not None:
            try:
                data = _REGISTERED[name][0](value)
            except AttributeError:
                raise BoundaryError(f"a damaged {name}") from None
            return ["object", name, self.node(data, depth + 1)]
        raise BoundaryError(_what(value))

    def array(self, array: np.ndarray, kind: str) -> Any:
        if array.dtype.name not in _DTYPES:
            raise BoundaryError(f"an array of dtype {array.dtype}, not of numbers")
        raw = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()  # the name says nothing of byte order
        self.buffers.append(raw)
        place = [kind, array.dtype.name, list(array.shape), self.offset, len(raw)]
        self.offset += len(raw)
        return ["array", *place]


def _digits(value: int) -> str:
    if value.bit_length() > 3 * MAX_DIGITS:
        raise BoundaryError(f"an integer of more than {MAX_DIGITS} digits")
    return str(value)


def _plain(tensor: Any) -> np.ndarray:
    try:
        return tensor.detach().cpu().resolve_conj().resolve_neg().numpy()
    except (TypeError, RuntimeError):
        raise BoundaryError(f"a tensor that is no plain array ({str(tensor.dtype)[:40]})") from None


def _what(value: Any) -> str:
    if callable(value):
        return "a function or class"
    return f"an object of type {type(value).__name__[:60]}"


# -------------------------------------------------------------------------------------------------- from bytes
def decode(data: bytes) -> Any:
    """The value that ``data`` holds; :class:`BoundaryError` for anything malformed (the sender is not trusted)."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        start = _LENGTH.size + length
        if start > len(data) or length > MAX_HEAD:
            raise BoundaryError("a cut-off message")
        return _Decoder(memoryview(data)[start:]).value(json.loads(data[_LENGTH.size : start]), 0)
    except BoundaryError:
        raise
    except Exception:  # whatever it is, the sender sent it
        raise BoundaryError("a malformed message") from None


class _Decoder:
    def __init__(self, body: memoryview):
        self.body, self.nodes, self.used = body, 0, 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > 2 * MAX_DEPTH or self.nodes > 2 * MAX_NODES:
            raise BoundaryError("a structure nested too deep or with too many parts")
        tag, *rest = node
        if tag == "none":
            return None
        if tag == "bool":
            return rest[0] is True
        if tag == "int":
            if len(rest[0]) > MAX_DIGITS + 1:
                raise BoundaryError("a malformed message")
            return int(rest[0])
        if tag == "float":
            return float.fromhex(rest[0])
        if tag == "str":
            return str(rest[0])
        if tag in ("list", "tuple"):
            values = [self.value(n, depth + 1) for n in rest[0]]
            return values if tag == "list" else tuple(values)
        if tag == "dict":
            return {str(key): self.value(n, depth + 1) for key, n in rest[0]}
        if tag == "array":
            return self.array(*rest)
        if tag == "scalar":
            return self.value(rest[0], depth + 1)[()]
        if tag == "object":
            name, data = rest
            return _REGISTERED[name][1](self.value(data, depth + 1))
        raise BoundaryError("a malformed message")

    def array(self, kind: str, dtype_name: str, shape: list[int], offset: int, size: int) -> Any:
        if dtype_name not in _DTYPES or len(shape) > 16:
            raise BoundaryError("a malformed array")
        dims = [int(n) for n in shape]
        dtype = np.dtype(dtype_name)
        if min(dims, default=0) < 0 or math.prod(dims) * dtype.itemsize != size:
            raise BoundaryError("a malformed array")
        # one after the other: an array sent once cannot be asked for a thousand times
        if offset != self.used or offset + size > len(self.body):
            raise BoundaryError("a cut-off message")
        self.used += size
        raw = self.body[offset : offset + size]
        array = np.frombuffer(raw, dtype=dtype.newbyteorder("<")).reshape(dims).astype(dtype)
        if kind == "torch":
            import torch

            return torch.from_numpy(array)
        return array
