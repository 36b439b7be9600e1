"""What may cross between a test and an answer: values, exactly; nothing else, whatever the bytes say."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ntklab.grading import boundary
from ntklab.grading.boundary import BoundaryError, decode, encode


def crossed(value):
    return decode(encode(value))


def same(a, b) -> bool:
    """Equal in type, and equal to the bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return a == b


NUMERIC = [np.dtype(name) for name in sorted(boundary._DTYPES)]
ARRAYS = st.sampled_from(NUMERIC).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


# --- values cross as they are --------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_a_value_crosses_in_type_and_to_the_bit(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        0,
        -7,
        2**200,
        0.1,
        -0.0,
        math.inf,
        -math.inf,
        math.nan,
        5e-324,
        "",
        "Θ\x00\ud800",
        (),
        [],
        {},
        ((),),
    ],
    ids=repr,
)
def test_corners_cross_exactly(value):
    assert same(crossed(value), value)


def test_a_bool_stays_no_int_and_an_int_no_float():
    assert [type(v) for v in crossed([True, 1, 1.0, "1", None])] == [bool, int, float, str, type(None)]


@pytest.mark.parametrize(
    ("scalar", "kind"),
    [(np.bool_(True), bool), (np.int8(-3), int), (np.uint64(2**63), int), (np.float64(0.1), float)],
)
def test_numpy_scalars_become_plain_ones(scalar, kind):
    assert type(crossed(scalar)) is kind
    assert crossed(scalar) == scalar


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_a_single_precision_scalar_keeps_its_precision(kind):
    got = crossed(kind(0.1))
    assert type(got) is kind
    assert got == kind(0.1)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0, 2), (1, 1, 1)])
@pytest.mark.parametrize("dtype", NUMERIC, ids=str)
def test_arrays_keep_shape_and_dtype(shape, dtype):
    array = np.ones(shape, dtype=dtype)
    assert same(crossed(array), array)
    if dtype.kind != "u" or dtype.itemsize == 1:  # torch has no larger unsigned types to speak of
        got = crossed(torch.from_numpy(array.copy()))
        assert got.shape == shape
        assert got.dtype == torch.from_numpy(array.copy()).dtype


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3).T, np.arange(9.0)[::-2], np.arange(3, dtype=">f8"), np.broadcast_to(2.0, (2, 2))],
)
def test_memory_layout_does_not_matter(array):
    got = crossed(array)
    np.testing.assert_array_equal(got, array)
    assert got.dtype.isnative


def test_what_arrives_is_a_copy_of_its_own():
    sent = np.zeros(3)
    got = crossed(sent)
    got[0] = 1.0
    assert sent[0] == 0.0
    assert got.flags.writeable


def test_tensors_come_detached_and_resolved():
    x = torch.tensor([1.0 + 2.0j, -1j], requires_grad=True)
    got = crossed(x.conj().imag)
    assert not got.requires_grad
    np.testing.assert_array_equal(got.numpy(), [-2.0, 1.0])
    assert crossed(torch.nn.Parameter(torch.ones(2))).tolist() == [1.0, 1.0]


class Liar(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        raise AssertionError("nobody asks")


class Yes(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


def test_subclasses_arrive_as_what_they_hold():
    assert type(crossed(np.ones(2).view(Liar))) is np.ndarray
    assert type(crossed(np.ones((1, 2)).view(np.matrix))) is np.ndarray
    assert type(crossed(Yes(2.0))) is float
    assert crossed(Yes(2.0)) != 3.0
    assert type(crossed(type("Pairs", (tuple,), {})((1, 2)))) is tuple


# --- the five registered types -------------------------------------------------------------------------------------


def test_an_mlp_and_an_activation_cross_as_constructor_data():
    from ntklab.gaussian import activation
    from ntklab.kernels import MLP

    mlp = MLP(2, "leaky_relu:0.3", C_W=(1.0, 2.0, 3.0), C_b=0.1, lambda_W=(0.0, 0.0, 1.0))
    assert crossed(mlp) == mlp
    sigma = activation("leaky_relu:0.2")
    got = crossed({"sigma": [sigma]})["sigma"][0]
    assert got.name == sigma.name
    assert got.f(np.array([-1.0])) == sigma.f(np.array([-1.0]))


def test_a_network_and_its_function_cross_with_their_weights():
    from ntklab.networks import NetFunction, NTKNet

    net = NTKNet(3, 5, hidden_layers=2, n_out=2, activation="erf", C_b=0.3, seed=4)
    X = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_array_equal(crossed(net)(X), net(X))
    f = NetFunction(net)
    w = net.flat_weights().detach().numpy() + 0.1
    np.testing.assert_array_equal(crossed(f)(w, X), f(w, X))


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937"])
def test_a_generator_goes_on_where_it_stood(kind):
    rng = np.random.Generator(getattr(np.random, kind)(5))
    rng.integers(2**32, dtype=np.uint32)  # half a word is left in the buffer of some
    got = crossed(rng)
    np.testing.assert_array_equal(got.normal(size=9), rng.normal(size=9))


# --- what does not cross -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (lambda: 1, "a function or class"),
        (np.sum, "a function or class"),
        (dict, "a function or class"),
        (np, "an object of type module"),
        (iter([]), "an object of type list_iterator"),
        (1j, "an object of type complex"),
        (b"bytes", "an object of type bytes"),
        ({1, 2}, "an object of type set"),
        ({1: 2}, "a dict whose keys are not all strings"),
        (np.array([None, 1]), "dtype object"),
        (np.array(["a"]), "not of numbers"),
        (np.zeros(2, dtype=[("a", "f8")]), "not of numbers"),
        (np.array("2026-01-01", dtype="datetime64[D]"), "not of numbers"),
        (torch.ones(2, dtype=torch.bfloat16), "bfloat16"),
        (torch.eye(2).to_sparse(), "no plain array"),
        (10**5000, "an integer of more than 4000 digits"),
        ([[lambda: 1]], "a function or class"),
    ],
    ids=range(17),
)
def test_anything_else_is_a_type_error_that_says_what_it_was(value, what):
    with pytest.raises(BoundaryError, match=what):
        encode(value)
    assert issubclass(BoundaryError, TypeError)


def test_depth_and_size_are_bounded():
    deep: list = []
    for _ in range(boundary.MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(BoundaryError, match="nested too deep"):
        encode(deep)
    loop: list = []
    loop.append(loop)
    with pytest.raises(BoundaryError, match="nested too deep"):
        encode(loop)
    with pytest.raises(BoundaryError, match="too many parts"):
        encode([0] * (boundary.MAX_NODES + 1))
    with pytest.raises(BoundaryError, match="MiB"):
        encode(np.zeros(boundary.MAX_BYTES // 8 + 1))


def test_a_damaged_object_is_refused_where_it_is_sent():
    from ntklab.kernels import MLP

    with pytest.raises(BoundaryError, match="a damaged MLP"):
        encode(object.__new__(type("MLP", (), {"__module__": MLP.__module__})))
