"""A written answer marked by hand in nbgrader's formgrader, in a real Chromium, and its mark in the export."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from grading_lab import NAME, POINTS
from marking import DUE, open_classroom

from ntklab.cli import main

pytestmark = pytest.mark.browser
TOKEN = "not-a-secret"
TOTAL = sum(POINTS.values())
# pictures of the pages, for whoever wants to look: NTKLAB_SHOTS=DIR
SHOTS = os.environ.get("NTKLAB_SHOTS")


def chromium() -> str:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("no playwright: pip install 'ntklab[browser]'")
    return program


@pytest.fixture(scope="module")
def room(tmp_path_factory, invented, grader, light_sandbox):
    """Three graded submissions that wait for a marker; one was late."""
    chromium()
    room = open_classroom(tmp_path_factory.mktemp("formgrader"), invented.source)
    room.configure(f'c.LatePolicy.due = {{"{NAME}": "{DUE}"}}', "c.LatePolicy.percent_per_day = 10")
    room.submit("ada", at=DUE, text="It is *repeated addition*: $2x = x + x$.")
    room.submit("emmy", at="2026-10-13 11:00:00 UTC")
    room.submit(
        "kurt", text="<script>document.title = 'stolen'</script> <img src=x onerror=\"document.title='stolen'\">"
    )
    room.grade()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTKLAB_ROOT", str(room.root))
        yield room


@pytest.fixture(scope="module")
def jupyter(room, tmp_path_factory):
    """Jupyter with nbgrader's extensions, started in the course folder as the guide says; its address."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_RUNTIME_DIR": home / "run",
           "JUPYTER_DATA_DIR": home / "data", "IPYTHONDIR": home / "ipython"}  # fmt: skip
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    options = [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", "--no-browser",
               f"--IdentityProvider.token={TOKEN}", "--allow-root"]  # fmt: skip
    with open(home / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *options],
            cwd=room.course.folder,
            env={**os.environ, **{name: str(value) for name, value in own.items()}, "PATH": path},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 90
        while not _up(address) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        assert _up(address), (home / "log").read_text()[-3000:]
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def page(jupyter):
    """A page of a headless Chromium, signed in, that reaches nothing but this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.route("**/*", lambda r: r.continue_() if r.request.url.startswith(jupyter) else r.abort())
        page = context.new_page()
        page.goto(f"{jupyter}/formgrader?token={TOKEN}")
        yield page
        browser.close()


def submission(room, student) -> str:
    with room.course.gradebook() as book:
        return book.find_submission_notebook(NAME, NAME, student).id


def shoot(page, name) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def exported(room, capsys) -> dict[str, dict[str, str]]:
    main(["export", NAME, "--out", str(room.root / "out.csv")])
    capsys.readouterr()
    return {row["student"]: row for row in csv.DictReader(io.StringIO((room.root / "out.csv").read_text()))}


def test_the_formgrader_lists_the_lab_with_what_waits(room, page, jupyter):
    page.goto(f"{jupyter}/formgrader/gradebook/{NAME}/{NAME}")
    page.wait_for_selector("text=Submission #1")
    page.goto(f"{jupyter}/formgrader/manage_assignments")
    row = page.locator("tbody tr", has_text=NAME)
    row.wait_for()
    shoot(page, "formgrader-assignments")
    assert row.locator("td.num-submissions").inner_text().strip() == "3"


def test_the_marker_sees_answer_and_mark_scheme(room, page, jupyter):
    page.goto(f"{jupyter}/formgrader/submissions/{submission(room, 'ada')}")
    page.wait_for_selector("#why-twice")
    text = page.inner_text("body")
    assert "It is repeated addition" in text
    assert "Mark scheme, 5 points" in text
    assert "Five for naming repeated addition." in text
    assert page.locator("details summary", has_text="Model answer").count() == 1
    page.locator("#why-twice").scroll_into_view_if_needed()
    shoot(page, "formgrader-answer")


def type_mark(page, address, which, mark) -> None:
    """Type a mark into the box of the written answer, and wait until the formgrader has saved it."""
    page.goto(f"{address}/formgrader/submissions/{which}")
    box = page.locator("#why-twice")
    box.wait_for()
    page.wait_for_load_state("networkidle")  # the marks so far have been fetched
    with page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url and answer.ok):
        box.fill(mark)
        box.press("Tab")
    page.wait_for_timeout(300)


def test_a_mark_typed_in_the_browser_arrives_in_the_export(room, page, jupyter, capsys):
    before = exported(room, capsys)
    assert before["ada"]["waiting"] == before["emmy"]["waiting"] == "why-twice"
    type_mark(page, jupyter, submission(room, "ada"), "4.5")
    shoot(page, "formgrader-marked")
    type_mark(page, jupyter, submission(room, "emmy"), "3")
    after = exported(room, capsys)
    assert (after["ada"]["manual"], after["ada"]["score"], after["ada"]["waiting"]) == ("4.5", f"{TOTAL + 4.5:g}", "")
    assert float(after["emmy"]["score"]) == pytest.approx(0.9 * (TOTAL + 3))  # a day late
    assert after["emmy"]["waiting"] == ""
    assert after["kurt"]["waiting"] == "why-twice"


def test_the_mark_outlives_a_regrade_and_shows_in_the_browser(room, page, jupyter, capsys):
    type_mark(page, jupyter, submission(room, "ada"), "2.25")
    room.grade("ada")
    row = exported(room, capsys)["ada"]
    assert (row["manual"], row["waiting"]) == ("2.25", "")
    page.goto(f"{jupyter}/formgrader/submissions/{submission(room, 'ada')}")
    page.locator("#why-twice").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.input_value("#why-twice") == "2.25"


def test_a_students_script_does_not_run_in_the_markers_browser(room, page, jupyter):
    page.goto(f"{jupyter}/formgrader/submissions/{submission(room, 'kurt')}")
    page.locator("#why-twice").wait_for()
    page.wait_for_timeout(500)
    assert page.title() != "stolen"
    assert "document.title" in page.inner_text("body")  # shown, not run
