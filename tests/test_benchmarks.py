"""The benchmark itself: that it measures what it says, on sizes that take no time."""

from __future__ import annotations

import json
import math
import mmap
import sys
import time

import numpy as np
import pytest
import torch
from benchmarks import __main__ as command
from benchmarks import gpu, jobs, kernels, measure, networks, regression, report, scaling, spectra
from benchmarks.measure import MB, Row, Times

from ntklab.gaussian import gaussian_expectations
from ntklab.kernels import MLP, ntk
from ntklab.networks import NTKNet

QUICK = jobs.Size("quick")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory limits and alarms are not to be had on Windows")


def test_a_ratio_is_the_median_over_rounds():
    # Rounds 2/1, 6/2, 40/10: medians of each alone would give 6/2 = 3 from different rounds on a machine that slows.
    times = Times({"ours": [2.0, 6.0, 40.0], "theirs": [1.0, 2.0, 10.0]})
    assert times.ratio("ours", "theirs") == (3.0, (2.5, 3.5))
    assert times.row("speed", "ours", "theirs", at_least=0.3).value == 1 / 3
    assert times.row("time", "ours", "theirs", at_most=2).met is False


def test_turns_alternate_and_the_warm_up_does_not_count():
    calls = []
    times = measure.take_turns({name: lambda name=name: calls.append(name) for name in "ab"}, budget=0, fewest=3)
    assert "".join(calls) == "ab" + "abbaab"
    assert [len(taken) for taken in times.seconds.values()] == [3, 3]


def test_the_second_of_two_calls_is_timed():
    naps = iter([0, 0.5, 0.01])  # the warm-up, then one slow and one fast call a turn
    times = measure.take_turns({"nap": lambda: time.sleep(next(naps))}, budget=0, fewest=1, calls=2)
    assert len(times.seconds["nap"]) == 1
    assert 0.01 <= times.median("nap") < 0.5


def test_times_are_seconds():
    times = measure.take_turns({"nap": lambda: time.sleep(0.02)}, budget=0)
    assert 0.02 <= times.median("nap") < 0.5


@pytest.mark.parametrize(
    ("row", "met", "share"),
    [
        (Row("r", 1.2, at_most=1.5), True, 0.8),
        (Row("r", 3.0, at_most=1.5), False, 2.0),
        (Row("r", 20.0, at_least=10), True, 0.5),
        (Row("r", 5.0, at_least=10), False, 2.0),
        (Row("r", 5.0), None, None),
    ],
)
def test_targets(row, met, share):
    assert row.met is met
    assert row.share == (None if share is None else pytest.approx(share))


def test_memory_of_a_fresh_process():
    with measure.peak_beyond() as peak:
        block = mmap.mmap(-1, 64_000_000)  # straight from the system: this process may hold freed memory
        for _ in range(64):
            block.write(bytes(1_000_000))
        block.close()
    assert 0.9 * 64 < peak.bytes / MB < 1.5 * 64
    found = measure.in_fresh_process(kernels.gram_memory, n=1200)
    assert found["result"] == 8 * 1200**2
    assert found["result"] * 0.95 < found["peak"] < found["result"] + 64 * MB


def test_a_failing_process_says_why():
    with pytest.raises(RuntimeError, match=r"gram_memory failed in its process:(.|\n)*TypeError"):
        measure.in_fresh_process(kernels.gram_memory, m=3)


def test_the_time_limit_interrupts():
    with pytest.raises(TimeoutError, match=r"not done after 0\.05 s"), measure.time_limit(0.05):
        time.sleep(5)
    with measure.time_limit(None):
        pass


def test_exponents():
    sizes = [1.0, 2.0, 4.0, 8.0]
    assert scaling.exponent(sizes, [3 * n**2.5 for n in sizes]) == (pytest.approx(2.5), pytest.approx(0, abs=1e-12))
    noisy = [n**2 * factor for n, factor in zip(sizes, (1.1, 0.9, 1.1, 0.9), strict=True)]
    assert scaling.exponent(sizes, noisy)[1] > 0.05


def test_references_are_independent_and_right():
    X = np.random.default_rng(0).normal(size=(4, 3))
    X[3] = 2 * X[0]
    i, j = np.triu_indices(4)
    K = 2 * X @ X.T / 3
    E_ss, E_dd = gaussian_expectations("tanh", np.diag(K), K, np.diag(K))
    np.testing.assert_allclose(kernels.tanh_by_trapezoid(X, i, j, 1), (2 * E_ss + 2 * E_dd * K)[i, j], rtol=1e-10)

    net, Z = NTKNet(3, 5, seed=1), torch.from_numpy(X)
    J = [torch.cat([g.ravel() for g in torch.autograd.grad(net(z[None])[0, 0], list(net.parameters()))]) for z in Z]
    J = torch.stack(J)
    torch.testing.assert_close(networks.jacobian_then_product(net, Z, at_once=3), J @ J.T)


def test_theory_curve_ends_where_everything_is_learned():
    L, errors = spectra.theory_curve(4)
    assert L.shape == (5, 5)
    assert errors.shape == (3, 5)
    assert np.all(np.diff(errors[:2], axis=1) < 0)
    np.testing.assert_allclose(L[-1] @ [1, 4, 6, 4, 1], 15)


def test_streaming_runs_within_its_memory(tmp_path):
    found = measure.in_fresh_process(regression.streamed_fit, n=300, out=str(tmp_path / "streamed.npy"))
    dense = regression.dense_fit(300, str(tmp_path / "dense.npy"))
    assert found["peak"] < 2000 * MB
    apart = abs(np.load(tmp_path / "streamed.npy") - np.load(tmp_path / "dense.npy")).max()
    assert apart < 1e-6 * dense["rms"]


def test_the_jobs_of_the_gpu_run_on_any_device():
    rows = gpu.on_device("cpu", QUICK)
    assert all(math.isfinite(row.value) and row.value > 0 for row in rows)
    if not torch.cuda.is_available():
        assert "NOT RUN" in gpu.gpu(QUICK)[0].what


def test_the_command_writes_what_it_prints(tmp_path, capsys):
    assert command.main(["--quick", "--only", "theory-curve", "--only", "cube", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    saved = json.loads((tmp_path / "quick" / "results.json").read_text())["jobs"]
    assert set(saved) == {"theory-curve", "cube"}
    assert saved["cube"]["machine"]["cores"] >= 1
    assert report.number(report.row_of(saved["cube"]["rows"][0])) in printed
    assert (tmp_path / "quick" / "performance-ratios.png").stat().st_size > 1000


def test_a_job_that_fails_costs_no_other(tmp_path, capsys, monkeypatch):
    def broken(size):
        raise ValueError("it broke")

    monkeypatch.setitem(jobs.JOBS, "cube", jobs.Job("cube", "A cube", broken))
    options = ["--quick", "--only", "cube", "--only", "theory-curve", "--out", str(tmp_path)]
    assert command.main(options) == 1
    out, err = capsys.readouterr()
    assert "FAILED: it broke" in out
    assert "failed: cube" in err
    assert "met" not in out.split("theory curves")[0]
    assert set(json.loads((tmp_path / "quick" / "results.json").read_text())["jobs"]) == {"cube", "theory-curve"}


def test_peers_need_their_environment(capsys):
    assert command.main(["--only", "peers"]) == 2
    assert "make bench-peers" in capsys.readouterr().err


def test_what_is_published_is_what_was_measured(tmp_path):
    row = Row("time / X Xᵀ", 1.234, at_most=1.4, quartiles=(1.2, 1.3), context={"NTK": "2 s"})
    entry = {"title": "Gram | NTK", "size": "full", "took": 1.0, "machine": report.machine(), "rows": [row]}
    known = report.save(tmp_path / "results.json", {"gram": entry})
    docs = tmp_path / "docs"
    (docs / "figures").mkdir(parents=True)
    (docs / "performance.md").write_text("Before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nAfter\n")
    report.publish(known, tmp_path, docs)
    text = (docs / "performance.md").read_text()
    assert "| Gram \\| NTK | time / X Xᵀ | 1.23 × | 1.20–1.30 | ≤ 1.4 × | met | NTK: 2 s |" in text
    assert text.startswith("Before\n")
    assert text.endswith("-->\nAfter\n")
    assert "old" not in text


def test_growth_is_measured_and_drawn(tmp_path):
    """Squares of milliseconds, and a stage whose memory stays."""

    def run(count):
        raise AssertionError("it runs in a process of its own")

    stage = scaling.Stage("squares", "inputs", run, (1, 2, 4, 8), (1, 2, 4), 2, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            scaling, "in_fresh_process", lambda function, counts: [{"seconds": 1e-3 * n**2, "bytes": 8} for n in counts]
        )
        rows = scaling.growth(stage, jobs.Size())
    assert rows[0].value == pytest.approx(2)
    assert rows[0].points == [[n, pytest.approx(1e-3 * n**2)] for n in (1, 2, 4, 8)]
    assert "memory does not grow" in rows[1].what
    entry = {"title": "Growth", "size": "full", "took": 1.0, "machine": report.machine(), "rows": rows}
    report.draw_scaling(report.save(tmp_path / "results.json", {"growth": entry}), tmp_path / "scaling.png")
    assert (tmp_path / "scaling.png").stat().st_size > 1000


@pytest.mark.parametrize("stage", [scaling.gram, scaling.solve, scaling.ensemble])
def test_stages_run(stage):
    found = stage(count=8)
    assert found["seconds"] > 0
    assert found["bytes"] >= 0  # so little may fit into what this process has freed


def test_ensembles_are_held_against_the_loop():
    row = networks.ensemble_row(3, 8, 4, 2, steps=3, at_least=10, budget=0)
    assert row.value > 0  # the row's own comparison of losses has passed by now
    assert row.target == "≥ 10 ×"


def test_the_contestants_compute_one_kernel():
    from benchmarks import peer_worker

    X = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_array_equal(peer_worker.ntklab(X)(), ntk(X, mlp=MLP(3)))
