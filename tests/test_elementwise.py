"""The functions of large blocks: every road to them gives the same to the last digit."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch

from ntklab import _elementwise

mpmath.mp.dps = 40
NEAR_THE_ENDS = 1 - 10.0 ** -np.random.default_rng(0).uniform(1, 15, 200)


@pytest.fixture(params=[False, True], ids=["torch", "numpy"])
def road(request, monkeypatch):
    monkeypatch.setattr(_elementwise, "_numpys_is_faster", lambda: request.param)


@pytest.mark.parametrize(
    ("function", "exact", "x"),
    [
        (_elementwise.asin, mpmath.asin, np.concatenate([np.linspace(-1, 1, 401), NEAR_THE_ENDS, -NEAR_THE_ENDS])),
        (_elementwise.sqrt, mpmath.sqrt, np.concatenate([np.linspace(0, 3, 401), 10.0 ** np.linspace(-300, 300, 200)])),
    ],
    ids=["asin", "sqrt"],
)
def test_correct_to_two_units_in_the_last_place(road, function, exact, x):
    wanted = np.array([float(exact(mpmath.mpf(float(value)))) for value in x])
    given = torch.from_numpy(x.copy())
    found = function(given, out=torch.empty_like(given)).numpy()
    assert (np.abs(found - wanted) <= 2 * np.spacing(np.abs(wanted))).all()
    assert function(given, out=given) is given  # in place
    np.testing.assert_array_equal(given.numpy(), found)


def test_float32_stays_float32(road):
    x = torch.tensor([0.5, -1.0], dtype=torch.float32)
    found = _elementwise.asin(x, out=torch.empty_like(x))
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.numpy(), [np.pi / 6, -np.pi / 2], rtol=2e-7)


def test_the_choice_is_made_once_and_without_a_sound(capsys):
    assert _elementwise._numpys_is_faster() in (True, False)
    assert _elementwise._numpys_is_faster.cache_info().currsize == 1
    assert capsys.readouterr().out == ""
