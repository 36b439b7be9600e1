"""The boundary against bytes from a sender who is not trusted: refused in words, at little cost, never with a crash."""

from __future__ import annotations

import contextlib
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_grading_boundary import VALUES

from ntklab.grading import boundary
from ntklab.grading.boundary import BoundaryError, decode, encode


def frame(head, body: bytes = b"") -> bytes:
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 7,
        struct.pack("<Q", 2**63),
        frame(b"["),
        frame(b"{}"),
        frame(b"[" * 100_000),
        frame(b"1" * 5000),
        frame([]),
        frame(["unknown", 1]),
        frame(["int", "9" * 5000]),
        frame(["int", "1.5"]),
        frame(["int", None]),
        frame(["float", "0x1p99999"]),
        frame(["list", 3]),
        frame(["dict", [["a"]]]),
        frame(["object", "os.system", ["str", "true"]]),
        frame(["object", "Generator", ["dict", []]]),
        frame(["object", ["MLP"], ["none"]]),
        frame(["object", "MLP", ["dict", [["hidden_layers", ["int", "9999999999"]]]]]),
        frame(["object", "Activation", ["dict", [["name", ["str", "no such"]]]]]),
        frame(["scalar", ["int", "1"]]),
        frame(["array", "numpy", "object", [1], 0, 8], b"\x00" * 8),
        frame(["array", "numpy", "float64", [-1], 0, 8], b"\x00" * 8),
        frame(["array", "numpy", "float64", [2], 0, 16], b"\x00" * 8),
        frame(["array", "numpy", "float64", [1], -8, 8], b"\x00" * 8),
        frame(["array", "numpy", "float64", [2**62, 4], 0, 0]),
        frame(["array", "numpy", "float64", [1] * 17, 0, 8], b"\x00" * 8),
    ],
    ids=range(27),
)
def test_malformed_bytes_are_refused(data):
    with pytest.raises(BoundaryError, match=r"malformed|cut-off|damaged"):
        decode(data)


def test_an_array_sent_once_cannot_be_had_twice():
    # a thousand nodes that all point at one megabyte would fill the grader's memory
    node = ["array", "numpy", "uint8", [2**20], 0, 2**20]
    with pytest.raises(BoundaryError, match="cut-off"):
        decode(frame(["list", [node] * 2], b"\x00" * 2**20))


@pytest.mark.parametrize(("kind", "where"), [("MT19937", "pos"), ("Philox", "buffer_pos")])
def test_a_generator_that_stands_outside_its_buffer_is_refused(kind, where):
    state = np.random.Generator(getattr(np.random, kind)(1)).bit_generator.state
    (state["state"] if where == "pos" else state)[where] = 10**6  # NumPy would read memory that is not its own
    buffers: list[bytes] = []
    node = boundary._Encoder(buffers).node({"state": state}, 0)
    with pytest.raises(BoundaryError, match="damaged"):
        decode(frame(["object", "Generator", node], b"".join(buffers)))


def test_a_network_far_larger_than_its_weights_is_refused_at_once():
    config = {"d": ["int", "3"], "width": ["int", "1000000"], "hidden_layers": ["int", "900"]}
    config_node = ["dict", [[key, value] for key, value in config.items()]]
    weights = ["array", "torch", "float64", [1], 0, 8]
    with pytest.raises(BoundaryError, match=r"malformed|damaged"):
        decode(frame(["object", "NTKNet", ["dict", [["config", config_node], ["weights", weights]]]], b"\x00" * 8))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_never_raise_anything_else(data):
    with contextlib.suppress(BoundaryError):
        decode(data)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.data())
def test_damaged_frames_never_raise_anything_else(value, data):
    raw = bytearray(encode(value))
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BoundaryError):
        decode(bytes(raw))
