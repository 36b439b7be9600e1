"""What students and instructors read: clean text, whole sentences, nothing that runs in a browser."""

from __future__ import annotations

import base64
import json
import re
import sys
import time

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from ntklab.grading.feedback import summary
from ntklab.grading.rebuild import harmless, rebuild
from ntklab.grading.results import (
    MAX_TEXT,
    ExerciseResult,
    Outcome,
    as_text,
    clean,
    display_output,
    error_output,
    stream_output,
)

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# --- markdown of a student's ----------------------------------------------------------------------------------------

# what would run, once text that only shows such signs (between tags) is left out
LIVE = re.compile(r"(?is)<\s*(script|iframe|object|embed|svg|img|style|link|meta|form|base)\b|<[a-z][^>]*\son\w+\s*=")
SCHEMES = re.compile(r"(?i)<[a-z][^>]*\s(?:href|src|action)\s*=\s*[\"']?\s*(?!https?:|mailto:|#|data:image/)[a-z]+\s*:")
ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//192.0.2.1/x.js>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<details open ontoggle=alert(1)>x</details>",
    "<!--><script>alert(1)</script>-->",
    "</div><script>alert(1)</script>",
    "<style>body{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](javascript:alert(1))",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x]\n\n[x]:javascript:alert(1)",
    "<javascript:alert(1)>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "```html\n<script>alert(1)</script>\n```\n<script>alert(1)</script>",
    "> [x](javascript:alert(1))",
    "- <script>alert(1)</script>",
    "\\<script>alert(1)</script>",
    "<<script>script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "$$x$$<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_markdown_of_a_students_comes_to_life(text):
    page = markdown2html_mistune(harmless(text))
    assert not LIVE.search(page), page
    assert not SCHEMES.search(page), page


def test_the_attacks_would_have_worked():
    alive = [text for text in ATTACKS if LIVE.search(page := markdown2html_mistune(text)) or SCHEMES.search(page)]
    assert len(alive) > 20


@pytest.mark.parametrize(
    "text", [r"$\href{javascript:alert(1)}{x}$", r"$\require{html}\style{a}{b}$", r"$\cssId{a}{b}$"]
)
def test_formulas_cannot_carry_links_or_styles(text):
    assert not re.search(r"\\(href|require|style|class|cssId)\b", harmless(text))


SIGNS = (
    "<", ">", "[", "]", "(", ")", ":", "javascript:", "script", "a", " ", "\n", "!", "\\", "`", "&lt;", "on=", "img",
    "/", "#", "https://x", "$",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=25))
def test_no_mixture_of_the_signs_comes_to_life(parts):
    text = "".join(parts)
    page = markdown2html_mistune(harmless(text))
    assert not LIVE.search(page), page
    assert not SCHEMES.search(page), page
    assert harmless(harmless(text)) == harmless(text)


def test_an_honest_answer_reads_as_it_was_written():
    text = (
        "Because $x<y$ and $a_1 < b$, so **2x** = x + x.\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "See [the notes](https://example.org/a#b) and [mail](mailto:me@example.org), `np.add(a, b)`, $\\theta[0]$."
    )
    page = markdown2html_mistune(harmless(text))
    for part in ("<strong>2x</strong>", 'href="https://example.org/a#b"', "<table>", "<ol>", "mailto:me@"):
        assert part in page
    assert harmless(text).replace(" ", "") == text.replace(" ", "")


def rebuilt_answer(invented, source, attachments):
    from ntklab.grading.grader import master_notebook

    metadata = {"nbgrader": {"grade_id": "why-twice"}}
    cell = {"cell_type": "markdown", "source": source, "metadata": metadata, "attachments": attachments}
    got = rebuild(master_notebook(invented.source), [cell]).notebook
    nbformat.validate(got)
    return next(c for c in got.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why-twice")


def test_only_real_pictures_stay_attached(invented):
    attachments = {
        "a.png": {"image/png": PIXEL, "text/html": "<script>"},
        "b.png": {"image/png": '"><script>alert(1)</script>'},
        "c.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
        "d.png": {"image/png": base64.b64encode(b"GIF89a").decode()},
        "e": "text",
    }
    written = rebuilt_answer(invented, "![](attachment:a.png)", attachments)
    assert written.attachments == {"a.png": {"image/png": PIXEL}}
    assert written.source == "![](attachment:a.png)"


@pytest.mark.parametrize(
    "mention",
    [
        "![x](attachment:b.png)",
        "![x](attachment:a.png2)",
        '![x](attachment:"a.png")',
        "![x][1]\n\n[1]: attachment:b.png",
        "[x](attachment:)",
        "![x]( attachment:b.png 'title')",
    ],
)
def test_an_attachment_that_is_not_there_does_not_stop_the_page(invented, mention):
    written = rebuilt_answer(invented, f"![y](attachment:a.png) {mention}", {"a.png": {"image/png": PIXEL}})
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[written]))
    assert PIXEL in page


# --- text from the sandbox ------------------------------------------------------------------------------------------


def test_clean_text_has_no_codes_and_no_paths():
    assert clean("\x1b[31mred\x1b[0m \x1b]0;title\x07 \x00\x08 a\ud800b \u202eright") == "red   ab right"
    trace = f'File "{sys.prefix}/lib/python3.11/site-packages/numpy/core/x.py", line 3'
    assert clean(trace) == 'File "numpy/core/x.py", line 3'
    assert sys.prefix not in clean(f"{sys.prefix} {sys.base_prefix}/bin")
    assert clean("/opt/library/ntklab/lab/checks.py /tmp/work/mine.txt") == "ntklab/lab/checks.py mine.txt"
    assert clean("a\nb\tc") == "a\nb\tc"


def test_clean_text_is_bounded_and_fast():
    for piece in ("/", "a/", "\x1b]", "\x1b[", "/site-packages", "'", "\ud800"):
        started = time.perf_counter()
        assert len(clean(piece * 10**6)) <= MAX_TEXT + 10
        assert time.perf_counter() - started < 2, piece  # it once took quadratic time: minutes
    assert clean("x" * 100, 10) == "x" * 10 + "\n… (cut)"


@pytest.mark.parametrize("thing", [None, 3, ["text"], {"a": "b"}, b"x", [[[[]]]]])
def test_what_should_be_text_and_is_not_is_nothing(thing):
    assert as_text(thing) == clean(thing) == ""
    assert display_output(thing) is None
    assert display_output({"kind": "stdout", "text": thing})["text"] == ""
    assert display_output({"kind": thing}) is None


def test_displays_are_text_and_real_png_only():
    assert display_output({"kind": "html", "data": "<script>"}) is None
    assert display_output({"kind": "text", "text": "<b>"})["data"] == {"text/plain": "<b>"}
    assert display_output({"kind": "png", "data": PIXEL})["data"]["image/png"] == PIXEL
    for data in ("no base64!", base64.b64encode(b"GIF89a").decode(), PIXEL + '"><script>', None):
        assert display_output({"kind": "png", "data": data}) is None


def test_outputs_are_valid_in_a_notebook():
    outputs = [stream_output("a\ud800"), error_output("Error", "m\x00", "line\nline"), stream_output("b", "stderr")]
    cell = nbformat.v4.new_code_cell("x", outputs=outputs)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    json.dumps(outputs, ensure_ascii=False).encode("utf-8")


# --- the summary ----------------------------------------------------------------------------------------------------


def outcome(**changes) -> dict:
    results = {
        "one": ExerciseResult("one", 3.0, 2, 2, None, 3.0),
        "two": ExerciseResult("two", 2.0, 0, 2, changes.pop("diagnosis", "you forgot it")),
        "three": ExerciseResult("three", 1.0, 1, 2, "nearly"),
    }
    return Outcome(exercises=results, **changes).to_json()


HINTS = {name: [("Hint 1", "think"), ("Hint 2", "formula"), ("Hint 3", "code")] for name in ("one", "two", "three")}


def test_the_summary_has_points_diagnosis_and_the_next_hint():
    text = summary(outcome(), HINTS)
    assert "# Feedback: 3 of 6 automatic points" in text
    assert "| `one` | 3 / 3 | 2 of 2 | all tests pass |" in text
    assert "**`two`**: you forgot it" in text
    assert text.count("Next hint: Hint 1") == 1  # nothing passes yet
    assert text.count("Next hint: Hint 2") == 1  # something does
    assert "code" not in text


def test_the_summary_says_what_was_lost_and_how_it_was_graded():
    text = summary({**outcome(status="partial", reason="two: it took longer"), "sandbox": "off"}, {})
    assert "**Partial:** two: it took longer" in text
    assert "**Graded without a sandbox.**" in text
    assert "Next hint" not in summary(outcome(status="unreadable", reason="there is no file"), HINTS)


@pytest.mark.parametrize("text", ATTACKS)
def test_a_diagnosis_that_quotes_the_student_runs_nothing(text):
    page = markdown2html_mistune(summary(outcome(diagnosis=f"it raised ValueError: {text}"), {}).split("</style>")[1])
    assert not LIVE.search(page), page
    assert not SCHEMES.search(page), page


def test_an_outcome_survives_its_way_through_json():
    before = Outcome.from_json(outcome(status="partial", reason="r"))
    again = Outcome.from_json(json.loads(json.dumps(before.to_json())))
    assert again == before
    assert list(again.exercises) == ["one", "two", "three"]
    assert (again.score, again.max) == (3.0, 6.0)
