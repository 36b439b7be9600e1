"""Every figure: promises kept at a quick size, and that notice; a drawing; a caption that says what bars are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ntklab import experiments, plots

# Settings that differ from the small ones where those take long; each promise must hold all the same.
QUICK: dict[str, dict] = {
    "fig1": {"trials": 300, "net_ns": [16], "net_trials": 10},
    "fig2": {"width": 256, "nets": ["ReLU, 4 hidden", "tanh, 4 hidden"], "ns": [3]},
    "finite-width": {},
    "one-limit": {"marks": [1, 10, 100, 1000, 2000, 3000]},
    "kernel-drift": {"widths": [128, 512, 2048]},
    "ensemble-band": {},
    "random-labels": {"n": 400, "draws": 10, "ns": [100, 1000]},
    "learning-curves": {"tasks": ["odd or even", "ten digits"], "ns": [50, 200], "splits": 40, "band_splits": 30},
    "angles": {},
    "depth-exponents": {"smooth": ["tanh", "shifted tanh, 0.35"], "kinked": ["relu"]},
    "star-polation": {},
    "spectra": {"sphere": {"d": 5, "k_max": 8, "pairs": 5_000, "draws": 20, "seed": 0}},
}
# Arrays that a promise rests on: a few per cent off in any of them must be noticed.
RESTS_ON = {
    "fig1": ["kernel_L", "kernel_mse", "theory_L", "net_L"],
    "fig2": ["kernel_sum", "net_sum"],
    "finite-width": [],  # slopes are invariant under a factor
    "one-limit": ["gap"],
    "kernel-drift": [],  # slopes, likewise
    "ensemble-band": ["net_mean", "mean"],
    "random-labels": ["measure", "theory"],
    "learning-curves": ["mean", "error"],
    "angles": ["cos_zeta", "psi", "kernel", "relu_at_decades"],
    "depth-exponents": ["spread_exponent"],
    "star-polation": ["to_law", "to_book"],
    "spectra": ["circle_formula", "cube_formula", "sphere_formula"],
}
NAMES = [name for name in experiments.FIGURES if name in QUICK]


def test_every_figure_is_tested():
    assert set(QUICK) == set(RESTS_ON) == set(experiments.FIGURES)


@pytest.fixture(scope="module", params=NAMES)
def figure(request):
    record = experiments.experiment(request.param)
    return record, experiments.run(record, settings=QUICK[record.name])


def test_promises_hold(figure):
    record, data = figure
    checks = record.agreement(data)
    assert checks
    assert len({check.name for check in checks}) == len(checks)  # they are keys of the report
    assert [f"{check.name}: {check.value:g} ({check.target})" for check in checks if not check.ok] == []


def test_promises_notice(figure):
    record, data = figure
    for name in RESTS_ON[record.name]:
        spoiled = {**data, name: np.asarray(data[name]) * 1.1 + 0.02}
        assert not all(check.ok for check in record.agreement(spoiled)), name


def test_drawing_shows_something_in_every_panel_and_is_a_small_file(figure, tmp_path):
    record, data = figure
    drawn = plots.draw(record.name, data)
    assert all(axes.has_data() and axes.get_xlabel() for axes in drawn.axes)
    assert drawn.axes[0].get_ylabel()
    assert any(axes.get_legend() for axes in drawn.axes)
    picture = plots.save(drawn, tmp_path / record.name)[0]
    assert 5_000 < picture.stat().st_size < 100_000


def test_the_same_numbers_give_the_same_files(tmp_path):
    data = experiments.finite_width(widths=(16, 64), seeds=3, n=4)
    first, second = (plots.save(plots.draw("finite-width", data), tmp_path / name) for name in "ab")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", experiments.FIGURES)
def test_caption_says_what_bars_are(name):
    record = experiments.experiment(name)
    assert any(words in record.caption for words in ("rror bars", "bars of one", "nothing random", "band"))
    assert any(words in record.caption for words in ("standard", "nothing random"))
    assert record.title[0].isupper()
    assert record.title[-1] != "."


def test_the_numbers_are_plain_json(figure):
    import json

    from ntklab.experiments.report import numbers, report

    record, data = figure
    text = json.dumps({**report(record, data, "small", "cpu", 1.0), "numbers": numbers(data)}, allow_nan=False)
    back = json.loads(text)
    assert back["figure"] == record.name
    assert back["ok"] is True
    assert set(back["agreement"]) == set(back["targets"])


@pytest.mark.parametrize("name", experiments.FIGURES)
def test_paper_and_small_have_the_same_settings_by_name(name):
    sizes = experiments.experiment(name).sizes
    assert set(sizes) == {"small", "paper"}
    assert set(sizes["small"]) == set(sizes["paper"])


@pytest.mark.parametrize("name", experiments.FIGURES)
def test_units_are_named_apart_and_hashable_at_both_sizes(name):
    record = experiments.experiment(name)
    for size in ("small", "paper"):
        units = record.units(record.settings(size))
        assert len({unit.name for unit in units}) == len(units)
        assert len({unit.key("cpu") for unit in units}) == len(units)
        assert all(unit.cost > 0 for unit in units)


@pytest.mark.parametrize("name", experiments.FIGURES)
def test_the_gallery_shows_it_with_the_caption_of_today(name):
    course = Path(__file__).parents[1] / "course"
    page, record = (course / "figures.md").read_text(encoding="utf-8"), experiments.experiment(name)
    assert record.caption in page, "draw it anew: ntklab figure all --out course/figures --gallery course/figures.md"
    assert f"![{record.title}](figures/{name}.png)" in page
    assert 5_000 < (course / "figures" / f"{name}.png").stat().st_size < 100_000
    assert "(missed)" not in page


@pytest.mark.slow
@pytest.mark.parametrize("name", experiments.FIGURES)
def test_promises_hold_at_the_small_size(name):
    record = experiments.experiment(name)
    assert [check for check in record.agreement(experiments.run(record)) if not check.ok] == []
