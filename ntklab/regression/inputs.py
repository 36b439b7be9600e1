"""Checks that regression and dynamics share: kernels first, then targets, then the outputs at the start."""

from __future__ import annotations

from ntklab import _check
from ntklab._check import Array


def problem(K_train: Array, K_test: Array, y: Array, *, train: str = "K_train", test: str = "K_test") -> None:
    """``K_train`` (n, n) symmetric, ``K_test`` (m, n) test × train, ``y`` (n,) or (n, c)."""
    _check.kernel_matrix(train, K_train)
    _check.matrix(test, K_test)
    n = K_train.shape[0]
    if K_test.shape[1] != n:
        swapped = f" It looks transposed: pass {test}.T" if K_test.shape[0] == n else ""
        raise ValueError(
            f"{test} must be test × train, with {n} columns like {train}; got shape {tuple(K_test.shape)}.{swapped}"
        )
    _check.targets("y", y, n, of=train)


def initial_outputs(f0_train: Array | None, f0_test: Array | None, y: Array, m: int) -> None:
    """Both or neither; ``f0_train`` shaped like ``y``, ``f0_test`` like the answer."""
    if (f0_train is None) != (f0_test is None):
        given, missing = ("f0_train", "f0_test") if f0_test is None else ("f0_test", "f0_train")
        raise ValueError(f"{given} came without {missing}; give the initial outputs on both sets, or on neither")
    if f0_train is None or f0_test is None:
        return
    outputs("f0_train", f0_train, tuple(y.shape), like="y")
    outputs("f0_test", f0_test, (m, *y.shape[1:]), like="the answer")


def outputs(name: str, values: Array, shape: tuple[int, ...], like: str) -> None:
    """``values`` must have exactly this shape: (n,) beside (n, 1) would broadcast to (n, n)."""
    if tuple(values.shape) != shape:
        raise ValueError(f"{name} must have shape {shape} like {like}; got {tuple(values.shape)}")


def square_test_kernel(K_test_test: Array, m: int) -> None:
    """``K_test_test`` (m, m) symmetric."""
    _check.kernel_matrix("K_test_test", K_test_test)
    if K_test_test.shape[0] != m:
        raise ValueError(
            f"K_test_test must be test × test, ({m}, {m}) like K_test's {m} rows; got {tuple(K_test_test.shape)}"
        )


def joint_problem(
    Theta_train: Array, Theta_test: Array, K_train: Array, K_test: Array, K_test_test: Array, y: Array
) -> None:
    """The five blocks of the NTK and the NNGP kernel on the same n training and m test inputs, and targets."""
    problem(Theta_train, Theta_test, y, train="Theta_train", test="Theta_test")
    problem(K_train, K_test, y)
    _check.matrix("K_test", K_test, rows=Theta_test.shape[0], of="Theta_test")
    square_test_kernel(K_test_test, K_test.shape[0])
