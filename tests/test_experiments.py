"""The finite-width figure: its numbers obey the law, and the drawing shows them."""

import numpy as np
import pytest

from ntklab import experiments, plots


@pytest.fixture(scope="module")
def data():
    return experiments.finite_width(widths=(16, 64, 256), seeds=6, n=5)


def test_error_falls_with_the_root_of_the_width(data):
    for name in data["activations"]:
        assert data[f"error_{name}"].shape == (3,)
        assert abs(data[f"slope_{name}"] + 0.5) < 5 * data[f"slope_se_{name}"]


def test_wide_network_is_nearer_to_the_formula(data):
    assert data["formula"].shape == data["wide"].shape == (15,)
    narrow, wide = (np.abs(data[key] - data["formula"]).mean() for key in ("narrow", "wide"))
    assert wide < narrow


def test_the_same_settings_give_the_same_numbers(data):
    again = experiments.finite_width(widths=(16, 64, 256), seeds=6, n=5)
    np.testing.assert_array_equal(again["wide"], data["wide"])
    np.testing.assert_array_equal(again["error_erf"], data["error_erf"])


def test_one_image_is_refused():
    with pytest.raises(ValueError, match="n must be at least 2"):
        experiments.finite_width(n=1)


def test_drawing_shows_every_point_and_says_what_bars_are(data, tmp_path):
    figure = plots.finite_width(data)
    left, right = figure.axes
    np.testing.assert_array_equal(left.collections[1].get_offsets()[:, 1], data["wide"])
    assert "±" in right.get_title(loc="left")
    assert [text.get_text().split(":")[0] for text in right.get_legend().get_texts()] == data["activations"]
    figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 10_000
