"""``ntklab figure``: files, exit codes, one-line errors, resuming, the gallery."""

from __future__ import annotations

import dataclasses
import functools
import json
import re

import matplotlib.image
import pytest
import torch

from ntklab import _executors, experiments
from ntklab.cli import main
from ntklab.experiments import star_polation

FAST = "star-polation"  # a second, and nothing random


@pytest.fixture
def draw(tmp_path, capsys):
    """Run the verb in a folder of its own: (exit code, stdout, stderr)."""

    def run(*words: str, out: bool = True, workers: str | None = "1"):
        folder = ["--out", str(tmp_path)] if out else []
        processes = ["--workers", workers] if workers else []
        code = main(["figure", *words, *folder, *processes])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def broken(monkeypatch):
    """The fast figure with some of its fields replaced."""

    def replace(**fields):
        monkeypatch.setattr(star_polation, "EXPERIMENT", dataclasses.replace(star_polation.EXPERIMENT, **fields))

    return replace


def test_files_numbers_and_agreement(draw, tmp_path):
    code, out, err = draw(FAST)
    assert code == 0
    assert re.search(r"✓ relu: order of the variance in δ: 2\.98\d* \(2\.95 to 3\.05\)", out)
    assert "5 of 5 units" in err
    height, width = matplotlib.image.imread(tmp_path / f"{FAST}.png").shape[:2]
    assert width > height > 300
    assert (tmp_path / f"{FAST}.pdf").read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / f"{FAST}.json").read_text(encoding="utf-8"))
    assert told["settings"]["deltas"] == [0.2, 0.1, 0.05, 0.02, 0.01]
    assert set(told["versions"]) == {"ntklab", "python", "numpy", "torch", "machine"}
    assert len(told["numbers"]["mean"]) == 5
    assert "seeds" in told


def test_json_on_stdout(draw, tmp_path):
    code, out, _ = draw(FAST, "--json")
    told = json.loads(out)
    assert code == 0
    assert {"figure", "size", "device", "seconds", "files", "agreement", "settings"} <= set(told)
    assert (told["figure"], told["size"], told["device"]) == (FAST, "small", "cpu")
    assert [path.rsplit(".", 1)[1] for path in told["files"]] == ["png", "pdf", "json"]
    assert all(isinstance(value, float) for value in told["agreement"].values())


def test_two_processes_give_the_same_numbers(draw, tmp_path):
    draw(FAST)
    alone = json.loads((tmp_path / f"{FAST}.json").read_text(encoding="utf-8"))["numbers"]
    draw(FAST, workers="2")
    assert json.loads((tmp_path / f"{FAST}.json").read_text(encoding="utf-8"))["numbers"] == alone


def test_a_missed_promise_is_exit_code_1(draw, broken):
    broken(agreement=lambda data: [experiments.Check("gap", 0.2, high=0.1)])
    code, out, err = draw(FAST)
    assert code == 1
    assert "✗ gap: 0.2 (at most 0.1)" in out
    assert "an agreement is missed in star-polation" in err


def test_without_a_name_the_figures_are_listed(draw):
    code, out, _ = draw(out=False, workers=None)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(experiments.FIGURES)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["figg1"], r"figure must be one of .*Did you mean 'fig1'\?"),
        ([FAST, "--size", "papper"], r"size must be one of 'small', 'paper'; got 'papper'\. Did you mean 'paper'\?"),
        ([FAST, "--device", "gpu"], r"device must be 'cpu', 'cuda'"),
        ([FAST, "--device", "cuda:99"], r"device 'cuda:99' is not available here; use .*'c(pu|uda)'"),
        ([FAST, "--gallery", "page.html"], r"--gallery goes with 'all'; got 'star-polation'"),
        ([FAST, "--workers", "0"], r"there must be at least 1 worker; got 0"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(draw, words, message):
    code, out, err = draw(*words, workers=None if "--workers" in words else "1")
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert re.search(message, err)


def test_a_scheduler_that_does_not_answer(draw, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(_executors, "executor", functools.partial(_executors.executor, connect_seconds=0.5))
    code, _, err = draw(FAST, "--scheduler", "tcp://127.0.0.1:9", workers=None)
    assert code == 2
    assert re.match(r"ntklab: no Dask scheduler answers at tcp://127\.0\.0\.1:9", err)


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_a_dask_cluster_gives_the_same_numbers(draw, tmp_path):
    distributed = pytest.importorskip("distributed")
    draw(FAST)
    alone = json.loads((tmp_path / f"{FAST}.json").read_text(encoding="utf-8"))["numbers"]
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=False
    ) as cluster:
        code, _, _ = draw(FAST, "--scheduler", cluster.scheduler_address, workers=None)
    assert code == 0
    assert json.loads((tmp_path / f"{FAST}.json").read_text(encoding="utf-8"))["numbers"] == alone


def test_resume_takes_what_is_saved_and_says_what_was_damaged(draw, tmp_path, monkeypatch):
    draw(FAST)
    saved = sorted((tmp_path / "units").rglob("*.unit"))
    assert len(saved) == 5
    saved[0].write_bytes(saved[0].read_bytes()[:-20])
    seen: list[str] = []
    curves = star_polation.curves

    @functools.wraps(curves)
    def counted(activation, **arguments):
        seen.append(activation)
        return curves(activation, **arguments)

    monkeypatch.setattr(star_polation, "curves", counted)
    code, _, err = draw(FAST, "--resume")
    assert code == 0
    assert seen == [saved[0].stem]
    assert f"star-polation: the save file {saved[0].name} is damaged: its unit is computed again" in err


def test_out_of_memory_says_what_to_lower(draw, monkeypatch):
    @functools.wraps(star_polation.curves)
    def greedy(**_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(star_polation, "curves", greedy)
    code, _, err = draw(FAST)
    assert code == 2
    assert re.search(r"star-polation: out of memory on cpu in unit 'linear'\. Lower --workers .*--size small", err)


def test_ctrl_c_says_how_to_go_on(draw, monkeypatch):
    @functools.wraps(star_polation.curves)
    def stopped(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(star_polation, "curves", stopped)
    code, _, err = draw(FAST)
    assert code == 130
    assert "the same command with --resume goes on from here" in err


@pytest.fixture
def two_figures(monkeypatch):
    monkeypatch.setattr(experiments, "FIGURES", (FAST, "finite-width"))


def test_all_builds_a_page_that_fetches_nothing(draw, tmp_path, two_figures):
    code, out, _ = draw("all")
    assert code == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f"gallery: {tmp_path / 'index.html'}" in out
    assert page.count("data:image/png;base64,") == 2
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    for name in (FAST, "finite-width"):
        assert f'id="{name}"' in page
        assert experiments.experiment(name).title in page
    assert "one standard error" in page


def test_all_in_markdown_links_to_the_pictures(draw, tmp_path, two_figures, broken):
    broken(agreement=lambda data: [experiments.Check("largest |ΔL|", 0.2, high=0.1)])
    page = tmp_path / "docs" / "figures.md"
    code, out, _ = draw("all", "--gallery", str(page), "--json")
    assert code == 1
    told = json.loads(out)
    assert set(told["figures"]) == {FAST, "finite-width"}
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((\S+\.png)\)", text)
    assert links == [f"../{FAST}.png", "../finite-width.png"]
    assert all((page.parent / link).is_file() for link in links)
    assert r"| largest \|ΔL\| | 0.2 | at most 0.1 (missed) |" in text
