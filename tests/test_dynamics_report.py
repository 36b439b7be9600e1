"""verify_gd_limit: what it measures, when it warns of divergence, and what it prints."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ntklab.dynamics import gd_limit, gradient_descent, max_stable_step, residual_after, verify_gd_limit


def problem(n: int = 6, p: int = 15, c: int = 2, seed: int = 0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)), rng.normal(size=(n, c)), rng.normal(size=(p, c)), rng.normal(size=(n, c))


def test_values_worked_by_hand():
    # H = diag(1, 4), n = 2, η = 0.4: factors 0.8 and 0.2; 3 steps leave 0.512 and 0.008 of the residuals 1 and 2.
    report = verify_gd_limit([[1, 0], [0, 2]], [1, 2], [0, 0], [0, 0], eta=0.4, steps=3)
    assert (report.n, report.p, report.rank, report.steps) == (2, 2, 2, 3)
    assert report.max_stable_step == pytest.approx(1.0)
    np.testing.assert_allclose(report.eigenvalues, [4, 1])
    np.testing.assert_allclose(report.residual_measured, [0.016, 0.512], rtol=1e-12)
    np.testing.assert_allclose(report.residual_predicted, [0.016, 0.512], rtol=1e-12)
    np.testing.assert_allclose(report.output_gap, 0.512, rtol=1e-12)
    # w∞ = (1, 1), w = (1 - 0.512, 1 - 0.008)
    np.testing.assert_allclose(report.parameter_gap, np.hypot(0.512, 0.008) / np.sqrt(2), rtol=1e-12)
    assert report.steps_needed == 83  # ln 1e-8 / ln 0.8 = 82.6
    assert report.condition == pytest.approx(4)
    assert report.converges


def test_it_reports_what_the_other_functions_say():
    Phi, y, w0, h0 = problem()
    report = verify_gd_limit(Phi, y, w0, h0, eta=0.05, steps=40)
    w, _ = gradient_descent(Phi, y, w0, h0, 0.05, 40)
    limit = gd_limit(Phi, y, w0, h0)
    assert report.parameter_gap == pytest.approx(np.linalg.norm(w - limit) / np.linalg.norm(limit - w0))
    assert report.output_gap == pytest.approx(np.abs(h0 + Phi @ (w - w0) - y).max())
    assert report.max_stable_step == pytest.approx(max_stable_step(Phi @ Phi.T, 6))
    left = residual_after(Phi @ Phi.T, h0 - y, 0.05, 6, 40)
    assert np.linalg.norm(report.residual_predicted) == pytest.approx(np.linalg.norm(left))
    assert report.mode_gap < 1e-12


def test_the_defaults_arrive():
    report = verify_gd_limit(*problem())
    assert report.converges
    assert report.steps == report.steps_needed
    assert report.parameter_gap < 1e-7
    assert report.output_gap < 1e-6
    # At the default step the slowest and the fastest mode decay alike.
    factors = 1 - report.eta * report.eigenvalues / 6
    assert factors[0] == pytest.approx(-factors[-1])


def test_an_unstable_step_is_reported_not_refused():
    Phi, y, w0, h0 = problem()
    limit = max_stable_step(Phi @ Phi.T, 6)
    report = verify_gd_limit(Phi, y, w0, h0, eta=1.1 * limit, steps=60)
    assert not report.converges
    assert report.steps_needed == np.inf
    assert report.parameter_gap > 100
    assert "NOT stable" in str(report)


def test_it_prints_as_a_table():
    lines = str(verify_gd_limit(*problem(12, 20, 1))).splitlines()
    assert lines[0].startswith("Gradient descent on 1/(2n)")
    assert "12, 20, 12" in lines[1]
    assert sum(line.strip() == "..." for line in lines) == 1  # twelve modes, eight shown
    assert lines[-1].split()[0] == "12"
    assert len({len(line) for line in lines[-4:]}) == 1  # columns line up


def test_one_sample_and_a_start_at_the_end():
    report = verify_gd_limit([[2.0]], [1.0], [0.0], [0.0])
    assert report.steps == 1
    assert report.output_gap < 1e-15
    done = verify_gd_limit(torch.tensor([[2.0, 0.0]]), torch.tensor([1.0]), torch.zeros(2), torch.tensor([1.0]))
    assert done.parameter_gap == done.output_gap == 0


def test_bad_input_is_named():
    Phi, y, w0, h0 = problem()
    with pytest.raises(ValueError, match=r"Phi has rank 4 .* 6 rows"):
        verify_gd_limit(Phi[:, :4], y, w0[:4], h0)
    with pytest.raises(ValueError, match=r"eta must be a finite number greater than 0"):
        verify_gd_limit(Phi, y, w0, h0, eta=0)
    with pytest.raises(ValueError, match=r"steps must be at least 0"):
        verify_gd_limit(Phi, y, w0, h0, steps=-1)
    with pytest.raises(ValueError, match=r"h0 must have shape"):
        verify_gd_limit(Phi, y, w0, h0[:3])
