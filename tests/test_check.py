"""The checks at the public boundary: what passes, as what, and the words of every refusal."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ntklab import _check

# --- enter ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_dtype", "wanted"),
    [
        *[(kind, "float64") for kind in ("int8", "uint8", "int64", "uint64", "bool", "float64", "longdouble", ">f8")],
        *[(kind, "float32") for kind in ("float32", "float16", ">f4")],
    ],
)
def test_numpy_dtypes(given_dtype, wanted):
    array = np.array([[1, 0], [1, 1]], dtype=given_dtype)
    (tensor,), leave = _check.enter(A=array)
    assert tensor.dtype == getattr(torch, wanted)
    back = leave(tensor)
    assert isinstance(back, np.ndarray)
    assert back.dtype == wanted
    np.testing.assert_array_equal(back, [[1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("given_dtype", "wanted"),
    [
        *[(kind, torch.float64) for kind in (torch.int32, torch.uint8, torch.bool, torch.float64)],
        *[(kind, torch.float32) for kind in (torch.float32, torch.float16, torch.bfloat16)],
    ],
)
def test_torch_dtypes(given_dtype, wanted):
    (tensor,), leave = _check.enter(A=torch.ones(2, dtype=given_dtype))
    assert tensor.dtype == wanted
    assert leave(tensor) is tensor


def test_several_arrays_promote_and_one_tensor_makes_the_answer_torch():
    single, double = np.ones(2, dtype=np.float32), np.ones(2)
    (a, b, c), leave = _check.enter(a=single, b=None, c=double)
    assert (a.dtype, b, c.dtype) == (torch.float64, None, torch.float64)
    assert isinstance(leave(a), np.ndarray)
    (a, c), leave = _check.enter(a=single, c=torch.ones(2))
    assert a.dtype == c.dtype == torch.float32
    assert _check.is_tensor(leave(a))
    (a, c), _ = _check.enter(a=single, c=[1, 2])
    assert a.dtype == torch.float64  # integers are float64, and that wins


def test_entering_copies_nothing_it_need_not_and_changes_nothing():
    array = np.ones((3, 4))
    (tensor,), _ = _check.enter(A=array)
    assert np.shares_memory(tensor.numpy(), array)
    array.flags.writeable = False
    for view in (array, array[::-1], array[:, ::2], array.T):
        (tensor,), _ = _check.enter(A=view)  # no warning either: those are errors here
        np.testing.assert_array_equal(tensor.numpy(), view)
        if not view.flags.writeable:
            assert not np.shares_memory(tensor.numpy(), array)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (np.array([1.0, np.nan]), ValueError, r"A must be finite; got nan at index \(1,\)\. Remove or impute"),
        (np.array([[1.0, 2], [-np.inf, np.nan]]), ValueError, r"A must be finite; got -inf at index \(1, 0\)"),
        (np.array([np.inf, -np.inf]), ValueError, r"A must be finite; got inf at index \(0,\)"),
        (torch.tensor([1.0, math.nan]), ValueError, r"A must be finite; got nan at index \(1,\)"),
        (np.array([1j]), TypeError, "A must hold real numbers; got dtype complex128"),
        (torch.tensor([1j]), TypeError, "A must hold real numbers; got dtype torch.complex64"),
        (["1", "2"], TypeError, "A must hold real numbers; got dtype <U1"),
        ([object()], TypeError, "A must hold real numbers; got dtype object"),
        ([[1.0], [1.0, 2.0]], ValueError, "A must be an array of numbers; its rows differ in length"),
    ],
)
def test_what_does_not_enter(value, error, message):
    with pytest.raises(error, match=message):
        _check.enter(A=value)


def test_large_numbers_are_finite_though_their_sum_is_not():
    _check.enter(A=np.full(4, 1e308), B=torch.full((4,), 3e38))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU: none here")
def test_two_devices():
    with pytest.raises(ValueError, match=r"one device; got a on cuda:0, b on cpu\. Move them with \.to\(device\)"):
        _check.enter(a=torch.ones(1, device="cuda"), b=torch.ones(1))
    (a, b), leave = _check.enter(a=torch.ones(1, device="cuda"), b=np.ones(1))
    assert a.device == b.device == leave(a).device


def test_asking_for_tensors_does_not_import_torch():
    code = "import sys; from ntklab import _check; print(_check.is_tensor(3), 'torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
    assert _check.is_tensor(torch.ones(1))
    assert not _check.is_tensor(np.ones(1))


# --- shapes -----------------------------------------------------------------------------------------------------------

both_kinds = pytest.mark.parametrize("ones", [np.ones, torch.ones], ids=["numpy", "torch"])


@both_kinds
def test_matrix(ones):
    _check.matrix("X", ones((2, 3)), rows=2, columns=3)
    for shape, limits, message in (
        ((3,), {}, r"X must have 2 axes \(rows, columns\); got shape \(3,\)\. Use X\[:, None\] for one feature"),
        ((2, 3, 4), {}, r"X must have 2 axes \(rows, columns\); got shape \(2, 3, 4\)\.$"),
        ((0, 3), {}, r"X must have at least one row and one column; got shape \(0, 3\)"),
        ((3, 0), {}, r"X must have at least one row and one column; got shape \(3, 0\)"),
        ((2, 3), {"columns": 4, "of": "Y"}, r"X must have 4 columns like Y; got shape \(2, 3\)"),
        ((2, 3), {"rows": 4}, r"X must have 4 rows; got shape \(2, 3\)"),
    ):
        with pytest.raises(ValueError, match=message):
            _check.matrix("X", ones(shape), **limits)


@both_kinds
def test_vector(ones):
    _check.vector("a", ones((2,)), length=2)
    for shape, limits, message in (
        ((2, 1), {}, r"a must have 1 axis; got shape \(2, 1\)"),
        ((), {}, r"a must have 1 axis; got shape \(\)"),
        ((0,), {}, "a must not be empty"),
        ((2,), {"length": 3}, "a must have length 3; got 2"),
        ((2,), {"length": 3, "of": "b"}, "a must have length 3 like b; got 2"),
    ):
        with pytest.raises(ValueError, match=message):
            _check.vector("a", ones(shape), **limits)


@both_kinds
def test_targets(ones):
    for shape in ((3,), (3, 1), (3, 7)):
        _check.targets("y", ones(shape), 3)
    for shape, message in (
        ((3, 1, 1), r"y must have shape \(n,\) or \(n, c\); got shape \(3, 1, 1\)"),
        ((), r"y must have shape \(n,\) or \(n, c\)"),
        ((4,), "y must have 3 rows like K_train; got 4"),
        ((1, 3), "y must have 3 rows like K_train; got 1"),
    ):
        with pytest.raises(ValueError, match=message):
            _check.targets("y", ones(shape), 3)
    with pytest.raises(ValueError, match="y must have 2 rows like X; got 3"):
        _check.targets("y", ones((3,)), 2, of="X")


@pytest.mark.parametrize("convert", [lambda K: K, torch.tensor], ids=["numpy", "torch"])
def test_kernel_matrix(convert):
    rng = np.random.default_rng(0)
    A = rng.normal(size=(1030, 1030))  # more than one block of rows
    K = A + A.T
    _check.kernel_matrix("K", convert(K))
    _check.kernel_matrix("K", convert(np.zeros((2, 2))))
    scale = np.abs(K).max()
    for i, j in ((0, 1), (1, 0), (1029, 3), (1028, 1029)):
        for error, refused in ((0.9e-6, False), (1.1e-6, True)):  # two-sided around 1e-6 of the largest entry
            bad = K.copy()
            bad[i, j] += error * scale
            if not refused:
                _check.kernel_matrix("K", convert(bad))
                continue
            gap = re.escape(f"{abs(bad[i, j] - bad[j, i]):.3g}")
            with pytest.raises(ValueError, match=rf"K must be symmetric; .* by up to {gap}.*\(K \+ K\.T\) / 2"):
                _check.kernel_matrix("K", convert(bad))
    with pytest.raises(ValueError, match=r"K must be square \(train × train\); got shape \(2, 3\)"):
        _check.kernel_matrix("K", convert(np.ones((2, 3))))
    with pytest.raises(ValueError, match="K must have 2 axes"):
        _check.kernel_matrix("K", convert(np.ones(3)))


# --- numbers, names, randomness ---------------------------------------------------------------------------------------


@given(st.floats(1e-300, 1e300))
def test_positive_numbers_pass_as_floats(value):
    for kind in (value, np.float64(value), np.array(value), torch.tensor(value, dtype=torch.float64)):
        for check in (_check.positive, _check.nonnegative):
            number = check("eta", kind)
            assert isinstance(number, float)
            assert number == value


def test_numbers():
    assert _check.nonnegative("ridge", 0) == 0.0
    for check, wanted, bad in (
        (_check.nonnegative, "at least 0", (-1e-300, math.nan, math.inf, -math.inf)),
        (_check.positive, "greater than 0", (0, -0.0, -1, math.nan, math.inf)),
    ):
        for value in bad:
            with pytest.raises(ValueError, match=f"ridge must be a finite number {wanted}; got {value!r}"):
                check("ridge", value)
        for value in ("much", None, [1.0, 2.0], 1j):
            with pytest.raises(TypeError, match=f"ridge must be a number {wanted}; got"):
                check("ridge", value)


def test_integer():
    for value in (3, np.int32(3)):
        assert _check.integer("n", value) == 3
        assert type(_check.integer("n", value)) is int
    assert _check.integer("n", -2, minimum=-2) == -2
    for value in (0, -1):
        with pytest.raises(ValueError, match=f"n must be at least 1; got {value}"):
            _check.integer("n", value)
    for value in (3.0, True, np.True_, "3", None):
        with pytest.raises(TypeError, match="n must be a whole number; got"):
            _check.integer("n", value)


def test_choice():
    assert _check.choice("mode", "fast", ["fast", "slow"]) == "fast"
    with pytest.raises(ValueError, match=r"mode must be one of 'fast', 'slow'; got 'fsat'\. Did you mean 'fast'\?"):
        _check.choice("mode", "fsat", iter(["fast", "slow"]))
    with pytest.raises(ValueError, match=r"mode must be one of 'fast'; got 17\.$"):
        _check.choice("mode", 17, ["fast"])


def test_generator():
    rng = np.random.default_rng(5)
    assert _check.generator(rng) is rng
    for seed in (5, np.int64(5)):
        assert _check.generator(seed).normal() == np.random.default_rng(5).normal()
    for value in (None, True, 0.5, np.random.RandomState(0)):
        with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator or an integer seed; got"):
            _check.generator(value)
    with pytest.raises(ValueError, match="rng must be at least 0; got -1"):
        _check.generator(-1)
