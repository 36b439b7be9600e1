"""Units of work: saved whole, resumed after a kill with the same numbers, never believed when damaged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch

from ntklab import experiments
from ntklab._executors import executor
from ntklab.experiments import Check, Experiment, OutOfMemory, Unit, runner
from ntklab.experiments.store import Damaged, Store

CALLS: list[int] = []


def draws(seed: int, device: str) -> dict[str, np.ndarray]:
    CALLS.append(seed)
    return {"x": np.random.default_rng(seed).normal(size=3), "threads": np.array(torch.get_num_threads())}


def greedy(seed: int, device: str) -> dict[str, np.ndarray]:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 80 GiB")


def wrong(seed: int, device: str) -> dict[str, np.ndarray]:
    raise ValueError("a mistake of the unit's own")


def dying(seed: int, device: str) -> dict[str, np.ndarray]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def toy(work=draws, **settings) -> Experiment:
    return Experiment(
        name="toy",
        title="A toy",
        caption="Nothing.",
        sizes={"small": {"seeds": 4, "shift": 0.0, "seed": 0, **settings}, "paper": {"seeds": 9, "shift": 0.0}},
        units=lambda s: [Unit(f"seed {seed}", work, {"seed": seed}, cost=1 + seed) for seed in range(s["seeds"])],
        gather=lambda s, results: {
            "x": np.stack([results[f"seed {i}"]["x"] for i in range(s["seeds"])]),
            "settings": s,
        },
        agreement=lambda data: [Check("mean", float(data["x"].mean()), high=10.0)],
    )


@pytest.fixture(autouse=True)
def _count_from_zero():
    CALLS.clear()


EXPECTED = np.stack([np.random.default_rng(seed).normal(size=3) for seed in range(4)])


def test_results_are_the_units_own_in_the_order_of_the_settings():
    np.testing.assert_array_equal(runner.run(toy())["x"], EXPECTED)


def test_every_unit_runs_on_one_thread_and_leaves_the_count_alone():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert int(runner._work(draws, {"seed": 0}, "cpu")["threads"]) == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_processes_give_the_same_numbers(tmp_path):
    with executor(workers=2) as pool:
        data = runner.run(toy(), pool=pool, folder=tmp_path)
    np.testing.assert_array_equal(data["x"], EXPECTED)
    assert CALLS == []
    assert len(list(tmp_path.glob("*.unit"))) == 4


def test_resume_computes_only_what_is_missing(tmp_path):
    runner.run(toy(), folder=tmp_path)
    (tmp_path / "seed_2.unit").unlink()
    CALLS.clear()
    data = runner.run(toy(), folder=tmp_path, resume=True)
    assert CALLS == [2]
    np.testing.assert_array_equal(data["x"], EXPECTED)


def test_without_resume_everything_is_computed_anew(tmp_path):
    runner.run(toy(), folder=tmp_path)
    CALLS.clear()
    runner.run(toy(), folder=tmp_path)
    assert CALLS == [0, 1, 2, 3]


def test_a_unit_of_other_settings_or_another_device_is_not_taken(tmp_path):
    store, unit = Store(tmp_path, "cpu"), Unit("a", draws, {"seed": 1})
    store.save(unit, {"x": np.ones(2)})
    assert store.load(Unit("a", draws, {"seed": 2})) is None
    assert Store(tmp_path, "cuda").load(unit) is None
    np.testing.assert_array_equal(store.load(unit)["x"], np.ones(2))


@pytest.mark.parametrize("place", [0, 70, 140, -200, -1])
def test_any_changed_byte_is_noticed_and_said(tmp_path, place):
    runner.run(toy(), folder=tmp_path)
    path = tmp_path / "seed_1.unit"
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
    CALLS.clear()
    told: list[str] = []
    data = runner.run(toy(), folder=tmp_path, resume=True, say=told.append)
    assert CALLS == [1]
    assert told == ["the save file seed_1.unit is damaged: its unit is computed again"]
    np.testing.assert_array_equal(data["x"], EXPECTED)


@pytest.mark.parametrize("content", [b"", b"no checksum", b"\x00" * 300])
def test_a_cut_or_foreign_file_is_damaged(tmp_path, content):
    store, unit = Store(tmp_path, "cpu"), Unit("a", draws, {"seed": 1})
    store.path(unit).write_bytes(content)
    with pytest.raises(Damaged, match=r"a\.unit"):
        store.load(unit)


def test_saving_leaves_no_half_written_file(tmp_path, monkeypatch):
    store, unit = Store(tmp_path, "cpu"), Unit("a", draws, {"seed": 1})
    store.save(unit, {"x": np.ones(2)})

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        store.save(unit, {"x": np.zeros(2)})
    np.testing.assert_array_equal(store.load(unit)["x"], np.ones(2))
    assert [path.name for path in tmp_path.iterdir()] == ["a.unit"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_kill_in_the_middle_resumes_with_the_same_numbers(tmp_path):
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        import test_experiments_runner as t
        def end(progress):
            if progress.done == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        t.runner.run(t.toy(), folder=Path(sys.argv[1]), progress=end)
    """)
    here = str(Path(__file__).parent)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], env={**os.environ, "PYTHONPATH": here}, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("*.unit"))) == 2
    data = runner.run(toy(), folder=tmp_path, resume=True)
    assert CALLS == [2, 3]
    np.testing.assert_array_equal(data["x"], EXPECTED)


def test_progress_counts_units_and_weighs_time_by_cost():
    seen: list[experiments.Progress] = []
    runner.run(toy(), progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(i, 4) for i in range(5)]
    assert seen[0].seconds_left is None
    assert seen[-1].seconds_left == 0


def test_out_of_memory_says_what_to_lower():
    with pytest.raises(OutOfMemory, match=r"toy: out of memory on cpu in unit 'seed 0'\. Lower --workers"):
        runner.run(toy(greedy))


def test_out_of_memory_in_a_process_too():
    with (
        executor(workers=1) as pool,
        pytest.raises(OutOfMemory, match=r"in unit 'seed 3'.*--size small.*--resume keeps"),
    ):
        runner.run(toy(greedy), pool=pool)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_killed_each_time_counts_as_out_of_memory():
    with executor(workers=1) as pool, pytest.raises(OutOfMemory, match="out of memory on cpu in unit 'seed 0'"):
        runner.run(toy(dying, seeds=1), pool=pool)


def test_a_mistake_in_a_unit_is_shown_as_it_is():
    with pytest.raises(ValueError, match="a mistake of the unit's own"):
        runner.run(toy(wrong))
    with executor(workers=1) as pool, pytest.raises(ValueError, match="a mistake of the unit's own"):
        runner.run(toy(wrong), pool=pool)


def test_unknown_names_are_met_with_the_nearest():
    with pytest.raises(ValueError, match=r"figure must be one of .* Did you mean 'fig1'\?"):
        runner.run("fig11")
    with pytest.raises(ValueError, match=r"size must be one of 'small', 'paper'; got 'papre'\. Did you mean 'paper'"):
        runner.run("fig1", "papre")
    with pytest.raises(ValueError, match=r"settings must be one of .* Did you mean 'width'\?"):
        runner.run("fig1", settings={"widht": 3})
    with pytest.raises(ValueError, match="device must be 'cpu', 'cuda'"):
        runner.run(toy(), device="gpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_device_that_is_not_there():
    with pytest.raises(ValueError, match="device 'cuda' is not available here"):
        runner.run(toy(), device="cuda")


def test_two_units_of_one_name_are_a_mistake():
    twice = toy()
    record = Experiment(**{**twice.__dict__, "units": lambda s: [Unit("a", draws, {"seed": 0})] * 2})
    with pytest.raises(RuntimeError, match="two units of one name"):
        runner.run(record)


@pytest.mark.parametrize(
    ("low", "high", "value", "ok"),
    [(0, 1, 0.5, True), (0, 1, 1.5, False), (0, 1, -0.5, False), (0, 1, float("nan"), False)],
)
def test_a_promise_is_kept_inside_its_interval(low, high, value, ok):
    assert Check("a", value, low, high).ok is ok
