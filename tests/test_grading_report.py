"""The class page: what it counts, what it escapes, that it fetches nothing and fits a narrow screen."""

from __future__ import annotations

import importlib.util
import re
import shutil
from html.parser import HTMLParser

import pytest

from ntklab.grading.report import ClassPage, one_kind, page
from ntklab.grading.results import ExerciseResult, Outcome
from ntklab.grading.totals import Total


def outcome(one=None, two=None, status="graded", reason="", seconds=(0.1, 0.2)):
    """A submission with a diagnosis for each of two exercises; None: solved."""
    results = {
        name: ExerciseResult(name, 3.0, 1, 1, diagnosis, 0.0 if diagnosis else 3.0, spent)
        for name, diagnosis, spent in (("one", one, seconds[0]), ("two", two, seconds[1]))
    }
    return Outcome(results, status=status, reason=reason)


def entries(count, value):
    return f"{count} of 6 entries are wrong; the first is at index (0, 0), where you have {value}"


SLOW = "it took longer than 20 seconds"
CALLED = "`two`, which your answer calls, fails its own tests: mend that first."


@pytest.fixture
def class_page():
    outcomes = {
        "ada": outcome(),
        "bob": outcome("you forgot <b>two</b>", entries(4, 3), seconds=(9.0, 0.4)),
        "cy": outcome("you forgot <b>two</b>", entries(2, -0.5)),
        "dee": outcome("nothing", "nothing", "unreadable", "<script>alert(1)</script>", seconds=(0.0, 0.0)),
        "eve": outcome(None, SLOW, "partial", f"two: {SLOW}", (0.3, 0.0)),
        "fay": outcome(f"{CALLED} {entries(1, 9)}", "mixed `x<y`"),
    }
    totals = {
        "ada": Total("ada", 6.0, 6.0, 2.0, 5.0, late_penalty=0.8, seconds_late=90.0, changed=["why"]),
        "bob": Total("bob", 0.0, 6.0, 0.0, 5.0, waiting=["why"]),
        "cy": Total("cy", 0.0, 6.0, 5.0, 5.0),
    }
    return ClassPage("lab98", outcomes, totals, unfenced=False, pages={"bob": "feedback/bob/lab98/lab98.html"})


def test_success_counts_everybody(class_page):
    assert class_page.success() == {"one": (2, 6), "two": (1, 6)}
    assert class_page.max == 6.0


def test_diagnoses_are_counted_by_kind_and_say_whose(class_page):
    found = class_page.diagnoses()
    assert found[:2] == [
        ("one", "you forgot <b>two</b>", ["bob", "cy"]),
        ("two", "entries are wrong, and no known mistake fits", ["bob", "cy"]),
    ]
    assert ("one", "`two`, which the answer calls, is wrong itself", ["fay"]) in found
    assert not any("dee" in who for _, _, who in found)  # nobody could read it
    assert len(class_page.diagnoses(most=1)) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("wrong value (you returned 3.5)", "a wrong value, and no known mistake fits"),
        ("some entries are nan (first at index (0, 1))", "some entries are nan"),
        ("`a` and `b`, which your answer calls, fail their own tests: mend that first. its shape is wrong",
         "`a` and `b`, which the answer calls, is wrong itself"),
        ("you squared x", "you squared x"),
    ],
)  # fmt: skip
def test_one_kind(text, kind):
    assert one_kind(text) == kind


def test_slowest_cells_by_exercise_with_what_the_limit_took(class_page):
    assert class_page.slowest() == [
        ("two", pytest.approx(0.2), 0.4, "bob", ["eve"]),  # 0.2, 0.4, 0.2, 0.2
        ("one", pytest.approx(0.1), 9.0, "bob", []),  # 0.1, 9.0, 0.1, 0.3, 0.1
    ]


def test_who_needs_a_human(class_page):
    assert class_page.needs_a_human() == [
        ("ada", "changed since it was marked: why"),
        ("bob", "0 of 6 points"),
        ("bob", "waits for marks: why"),
        ("cy", "0 of 6 points"),
        ("dee", "unreadable: <script>alert(1)</script>"),
        ("eve", "partial: two: it took longer than 20 seconds"),
        ("fay", "0 of 6 points"),
    ]


def test_the_page_escapes_what_students_wrote(class_page):
    html = page(class_page)
    assert "lab98: 6 submissions, median 0 of 6 automatic points" in html
    assert "1 with full automatic points · 1 partial · 1 unreadable · 2 waiting for a marker · 1 late" in html
    assert "you forgot &lt;b&gt;two&lt;/b&gt;" in html
    assert "<code>two</code>, which the answer calls" in html
    assert "mixed `x&lt;y`" in html
    assert "<script" not in html
    assert "without a sandbox" not in html
    assert "<a href='feedback/bob/lab98/lab98.html'>bob</a>" in html
    assert "−0.8<td class=n>7.2<td>graded" in html  # ada: 6 + 2 - 0.8
    assert "http" not in html  # nothing is fetched
    assert "Graded without a sandbox" in page(ClassPage("lab98", class_page.outcomes, {}, unfenced=True))


def test_its_tags_are_in_order(class_page):
    opened: list[str] = []

    class Order(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in ("div", "table", "svg", "details", "a", "code", "span", "h1", "h2"):
                opened.append(tag)

        def handle_endtag(self, tag):
            if tag in ("div", "table", "svg", "details", "a", "code", "span", "h1", "h2"):
                assert opened.pop() == tag

    Order().feed(page(class_page))
    assert opened == []


def test_the_histogram_counts_every_submission(class_page):
    html = page(class_page)
    (said,) = re.findall(r"<svg [^>]*aria-label='([^']*)'", html)
    assert said == "4 from 0 to 0.6, 1 from 3 to 3.6, 1 from 5.4 to 6"


@pytest.mark.browser
def test_in_a_browser_it_fetches_nothing_and_fits(class_page, tmp_path):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None or importlib.util.find_spec("playwright") is None:
        pytest.skip("no Chromium or no playwright: apt-get install chromium; pip install 'ntklab[browser]'")
    from playwright.sync_api import sync_playwright

    path = tmp_path / "report.html"
    path.write_text(page(class_page), encoding="utf-8")
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for width, scheme in ((1200, "light"), (380, "dark")):
            view = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            fetched, complaints = [], []
            view.on("request", lambda request, fetched=fetched: fetched.append(request.url))
            view.on("console", lambda message, complaints=complaints: complaints.append(message.text))
            view.goto(path.as_uri())
            assert (fetched, complaints) == ([path.as_uri()], [])
            wide = view.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert wide[0] <= wide[1]
            assert view.locator("h2").count() == 6
        browser.close()
