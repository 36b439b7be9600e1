"""Bad input to gradient descent, SGD, their limit and the modes: each refusal names what to do."""

from __future__ import annotations

import numpy as np
import pytest

from ntklab.dynamics import gd_limit, gradient_descent, max_stable_step, residual_after, sgd

_RNG = np.random.default_rng(0)
PHI, Y, W0, H0 = (_RNG.normal(size=shape) for shape in [(6, 15), (6, 2), (15, 2), (6, 2)])


@pytest.mark.parametrize("function", [gradient_descent, gd_limit, sgd])
@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (0, PHI[0], r"Phi must have 2 axes"),
        (0, np.zeros((0, 15)), r"Phi must have at least one row"),
        (0, PHI * np.nan, r"Phi must be finite"),
        (0, PHI.T, r"y must have 15 rows like Phi; got 6"),
        (1, Y[:4], r"y must have 6 rows like Phi; got 4"),
        (2, W0[:, 0], r"w0 must have shape \(15, 2\) like the columns of Phi and of y; got \(15,\)"),
        (2, W0[:9], r"w0 must have shape \(15, 2\).*got \(9, 2\)"),
        (3, H0[:, :1], r"h0 must have shape \(6, 2\) like y; got \(6, 1\)"),
    ],
)
def test_bad_problems_are_named(function, position, value, message):
    arguments = [PHI, Y, W0, H0]
    arguments[position] = value
    more = {gradient_descent: {"eta": 0.1, "steps": 2}, sgd: {"eta": 0.1, "steps": 2, "rng": 0}, gd_limit: {}}
    with pytest.raises(ValueError, match=message):
        function(*arguments, **more[function])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"eta": 0}, ValueError, r"eta must be a finite number greater than 0"),
        ({"eta": "big"}, TypeError, r"eta must be a number"),
        ({"steps": -1}, ValueError, r"steps must be at least 0; got -1"),
        ({"steps": 2.5}, TypeError, r"steps must be a whole number"),
        ({"metric": np.eye(5)}, ValueError, r"metric must have 6 rows like Phi"),
        ({"metric": np.triu(np.ones((6, 6)))}, ValueError, r"metric must be symmetric"),
        ({"rates": np.ones(6)}, ValueError, r"rates must have length 15 like the columns of Phi; got 6"),
        ({"rates": -np.ones(15)}, ValueError, r"rates must be at least 0; got -1"),
    ],
)
def test_bad_settings_of_gradient_descent_are_named(options, error, message):
    with pytest.raises(error, match=message):
        gradient_descent(PHI, Y, W0, H0, **{"eta": 0.1, "steps": 2, **options})


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"eta": [0.1]}, ValueError, r"eta must hold one step size per step, 2; got 1"),
        ({"eta": [0.1, -0.1]}, ValueError, r"eta must be a finite number greater than 0"),
        ({"batch_size": 7}, ValueError, r"batch_size must be at most the 6 samples; got 7"),
        ({"batch_size": 0}, ValueError, r"batch_size must be at least 1"),
        ({"rng": None}, TypeError, r"rng must be a numpy\.random\.Generator or an integer seed; got None"),
        ({"rng": -1}, ValueError, r"rng must be at least 0"),
    ],
)
def test_bad_settings_of_sgd_are_named(options, error, message):
    with pytest.raises(error, match=message):
        sgd(PHI, Y, W0, H0, **{"eta": 0.1, "steps": 2, "rng": 0, **options})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((PHI, 6), r"H must be square"),
        ((np.triu(np.ones((2, 2))), 2), r"H must be symmetric"),
        ((np.diag([1.0, -1.0]), 2), r"H must be positive semi-definite; its eigenvalues run from -1 to 1"),
        ((np.eye(2), 0), r"n must be a finite number greater than 0"),
    ],
)
def test_bad_input_to_the_stable_step_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        max_stable_step(*arguments)
    with pytest.raises(ValueError, match=message):
        residual_after(arguments[0], np.ones(2), 0.1, arguments[1], 3)


def test_bad_input_to_residual_after_is_named():
    with pytest.raises(ValueError, match=r"r0 must have 2 rows like H; got 3"):
        residual_after(np.eye(2), np.ones(3), 0.1, 2, 3)
    with pytest.raises(ValueError, match=r"eta must be a finite number greater than 0"):
        residual_after(np.eye(2), np.ones(2), -0.1, 2, 3)
    with pytest.raises(ValueError, match=r"steps must be at least 0"):
        residual_after(np.eye(2), np.ones(2), 0.1, 2, -3)
