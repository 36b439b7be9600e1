"""The drawings: what they show of their data, readable in grey, and golden images of two.

``python tests/test_plots.py`` draws the golden images anew; look at them before they are committed.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ntklab import experiments, plots
from ntklab.plots import style

GOLDEN = Path(__file__).parent / "reference" / "figures"
# Root mean square of the luminance, 0 to 255, after 4 × 4 pixels are averaged, which forgives a glyph moved by a
# fraction of a pixel. Half of what 3 % in the bars or curves alone makes (5.6 and 7.5; test below).
TOLERANCE = 3.0


def parities() -> dict[str, Any]:
    """Arrays like those of Figure 1, by a formula of their own."""
    ns = np.array([0, *(2**i for i in range(9))])
    net_ns, fine = np.array([1, 8, 64]), np.geomspace(1, 255, 60)
    half = np.array([2.0, 20.0, 100.0, 180.0])

    def learned(n: np.ndarray) -> np.ndarray:
        return n[:, None] / (n[:, None] + half)

    data: dict[str, Any] = {"ks": np.array([0, 1, 3, 8]), "ns": ns, "net_ns": net_ns, "fine": fine}
    for name, shape in (("L", learned), ("mse", lambda n: 1.1 * (1 - learned(n)))):
        data[f"fine_{name}"] = shape(fine)
        data[f"kernel_{name}"], data[f"net_{name}"] = shape(ns[1:]), shape(net_ns) + 0.02
        data[f"kernel_{name}_sd"] = np.full((9, 4), 0.05)
        data[f"net_{name}_sd"] = np.full((3, 4), 0.08)
    return data


def modes() -> dict[str, Any]:
    """Arrays like those of Figure 2."""
    share = np.linspace(1.5, 0.5, 10) / 10
    heights = np.stack([np.stack([n * share for n in (3, 6)])] * 2)
    sums = np.array([[3.0, 6.0]] * 2)
    return {
        "nets": ["ReLU, 1 hidden", "tanh, 4 hidden"],
        "ns": np.array([3, 6]),
        "frequencies": np.array([0, 1, 1, 2, 2, 3, 3, 4, 4, 5]),
        "kernel": heights,
        "net": 0.98 * heights,
        "kernel_sum": sums,
        "net_sum": 0.98 * sums,
        "net_sum_sd": np.full((2, 2), 0.15),
    }


CASES = {"fig1": parities, "fig2": modes}


def grey(source: Any) -> np.ndarray:
    """Luminance, averaged over 4 × 4 pixels."""
    from PIL import Image

    pixels = np.asarray(Image.open(source).convert("L"), dtype=float)
    height, width = (side - side % 4 for side in pixels.shape)
    return pixels[:height, :width].reshape(height // 4, 4, width // 4, 4).mean((1, 3))


def picture(name: str, data: dict[str, Any]) -> io.BytesIO:
    """The drawing as a small PNG of fixed size: nothing is cropped to what happens to be drawn."""
    file = io.BytesIO()
    with style.styled():
        plots.draw(name, data).savefig(file, format="png", dpi=60, bbox_inches=None)
    return file


def distance(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape
    return float(np.sqrt(((one - other) ** 2).mean()))


@pytest.mark.parametrize("name", CASES)
def test_golden_image(name):
    assert distance(grey(picture(name, CASES[name]())), grey(GOLDEN / f"{name}.png")) < TOLERANCE


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("fig1", {"fine_L": 1.03, "fine_mse": 1.03}),  # curves alone
        ("fig1", {"kernel_L": 1.03, "kernel_mse": 1.03}),  # triangles alone
        ("fig2", {"net": 1.03}),  # bars alone
    ],
)
def test_golden_image_notices(name, changes):
    data = CASES[name]()
    for key, factor in changes.items():
        data[key] = factor * data[key]
    assert distance(grey(picture(name, data)), grey(GOLDEN / f"{name}.png")) > TOLERANCE


def test_figure_1_draws_theory_kernel_and_networks_as_what_they_are():
    data = parities()
    left, right = plots.draw("fig1", data).axes
    lines = [line for line in right.get_lines() if line.get_linestyle() != "None"]
    np.testing.assert_array_equal(lines[0].get_ydata(), data["fine_L"][:, 0])
    by_marker = {mark: [line for line in left.get_lines() if line.get_marker() == mark] for mark in "^o"}
    assert len(by_marker["^"]) == 5  # four targets, and the prediction from no data
    assert len(by_marker["o"]) == 4
    np.testing.assert_array_equal(by_marker["o"][2].get_ydata(), data["net_mse"][:, 2])
    bars = left.collections[0].get_segments()[0]
    np.testing.assert_allclose(np.ptp(bars[:, 1]), 2 * 0.05)


def test_figure_2_stacks_to_the_sum_and_marks_n():
    data = modes()
    for axes, n in zip(plots.draw("fig2", data).axes, data["ns"], strict=True):
        tops = [bar.get_y() + bar.get_height() for bar in axes.patches]
        assert max(tops) == pytest.approx(n)
        assert min(bar.get_y() for bar in axes.patches) == 0
        dashed = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
        assert dashed[0].get_ydata()[0] == n


def test_a_negative_learnability_hangs_below_zero():
    data = modes()
    data["kernel"] = data["kernel"].copy()
    data["kernel"][0, 0, 9] = -0.2
    axes = plots.draw("fig2", data).axes[0]
    hanging = [bar for bar in axes.patches if bar.get_height() < 0]
    assert [(bar.get_y(), round(bar.get_height(), 12)) for bar in hanging] == [(0, -0.2)]


def test_curves_that_share_a_panel_differ_without_colour():
    for axes in plots.draw("fig1", parities()).axes:
        curves = [line for line in axes.get_lines() if line.get_linestyle() not in ("None", "none")]
        styles = {str(line.get_linestyle()) + str(line._dash_pattern) for line in curves}
        assert len(styles) == len(curves) == 4


def test_drawing_leaves_no_global_state(tmp_path):
    import matplotlib as mpl
    from matplotlib import _pylab_helpers

    before = dict(mpl.rcParams)
    plots.save(plots.draw("fig2", modes()), tmp_path / "figure")
    assert dict(mpl.rcParams) == before
    assert _pylab_helpers.Gcf.get_all_fig_managers() == []  # pyplot keeps nothing


def test_every_figure_can_be_drawn_by_name():
    with pytest.raises(ValueError, match=r"figure must be one of .* Did you mean 'spectra'\?"):
        plots.draw("spectre", {})
    assert set(experiments.FIGURES) >= set(CASES)


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for case, make in CASES.items():
        (GOLDEN / f"{case}.png").write_bytes(picture(case, make()).getvalue())
