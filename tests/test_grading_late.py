"""Late points: the policy by hand, the gradebook, marks and extensions that come afterwards."""

from __future__ import annotations

import warnings

import pytest
from grading_lab import NAME, POINTS
from hypothesis import given
from hypothesis import strategies as st
from marking import DUE, open_classroom
from nbgrader.plugins import LateSubmissionPlugin

from ntklab.cli import main
from ntklab.grading.gradebook import Course, CourseError
from ntklab.grading.late import DAY, LatePolicy, policy, settle, when

TOTAL = sum(POINTS.values())
TEN = f'c.LatePolicy.due = {{"{NAME}": "{DUE}"}}\nc.LatePolicy.percent_per_day = 10'


# --- the policy -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "penalty"), [(0.0, None), (1e-5, 1.3), (1.0, 1.3), (1.01, 2.6), (2.5, 3.9), (5.0, 6.5), (50.0, 6.5)]
)
def test_each_day_begun_costs_up_to_the_cap(days, penalty):
    # 13 points at 10 % a day: 1.3 a day, never more than half
    found = LatePolicy(percent_per_day=10, cap=50).late_submission_penalty("ada", 13.0, days * DAY)
    assert found == (None if penalty is None else pytest.approx(penalty, rel=1e-14))


def test_grace_shifts_the_first_day():
    chosen = LatePolicy(percent_per_day=20, grace_minutes=30)
    assert chosen.late_submission_penalty("ada", 10.0, 30 * 60) is None
    assert chosen.late_submission_penalty("ada", 10.0, 30 * 60 + DAY) == 2.0
    assert chosen.late_submission_penalty("ada", 10.0, 31 * 60 + DAY) == 4.0


def test_without_a_rate_nbgraders_own_methods_hold():
    assert LatePolicy().late_submission_penalty("ada", 10.0, 5 * DAY) is None
    assert LatePolicy(penalty_method="zero").late_submission_penalty("ada", 10.0, 5 * DAY) == 10.0


@given(
    score=st.floats(0, 100),
    days=st.lists(st.floats(0, 40), min_size=2, max_size=2),
    rate=st.floats(0.01, 100),
    cap=st.floats(0, 100),
)
def test_later_never_costs_less_nor_more_than_the_cap(score, days, rate, cap):
    chosen = LatePolicy(percent_per_day=rate, cap=cap)
    early, late = (chosen.late_submission_penalty("ada", score, d * DAY) or 0.0 for d in sorted(days))
    assert 0 <= early <= late <= score * cap / 100


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-10-12 23:59 Europe/Paris", "2026-10-12 21:59"),  # summer time: two hours
        ("2026-12-12 23:59 Europe/Paris", "2026-12-12 22:59"),
        ("2026-10-12 23:59 +0200", "2026-10-12 21:59"),  # nbgrader itself would take this for 200 seconds
        ("2026-10-12 23:59 -05:30", "2026-10-13 05:29"),
        ("2026-10-12T23:59:00+02:00", "2026-10-12 21:59"),
        ("2026-10-12 23:59", "2026-10-12 23:59"),
    ],
)
def test_times_are_kept_in_utc(text, utc):
    assert f"{when(text):%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize("text", ["soon", "2026-13-45 10:00 UTC", "", "2026-10-12 23:59 Europe/Pariss"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"is no time: write it as|there is no time zone 'Europe/Pariss'"):
        when(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f'c.LatePolicy.due = {{"{NAME}": "soon"}}', "'soon' is no time: write it as"),
        (f'c.LatePolicy.extensions = {{"{NAME}": {{"ada": "2026-10-12 9:00 Mars/Base"}}}}', "no time zone 'Mars/Base'"),
        ("c.LatePolicy.percent_per_day = -5", "percent_per_day"),
        ("c.LatePolicy.cap = 500", "cap"),
        ('c.AssignLatePenalties.plugin_class = "no.such.Plugin"', "No module named 'no'"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_file(tmp_path, invented, line, said):
    room = open_classroom(tmp_path, invented.source)
    room.configure(line)
    with pytest.raises(CourseError, match=r"late points: .*: mend c.LatePolicy in course/nbgrader_config.py") as info:
        policy(room.course.config())
    assert said in str(info.value)
    assert "\n" not in str(info.value)


def test_settings_that_do_not_run_are_one_line(tmp_path, invented, monkeypatch, capsys):
    room = open_classroom(tmp_path, invented.source)
    room.configure("this is no python")
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    room.submit("ada")
    assert main(["grade", NAME]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "nbgrader_config.py does not run (SyntaxError" in line


# --- settling a gradebook made by hand ------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    """Two labs, due at noon; ada has 8 points in each and is three hours late in both."""
    with Course(tmp_path, tmp_path).gradebook() as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader flushes half-made rows
        book.add_student("ada")
        for lab in ("one", "two"):
            book.add_assignment(lab, duedate=DUE)
            book.add_notebook(lab, lab)
            book.add_grade_cell("cell", lab, lab, max_score=10, cell_type="code")
            book.add_source_cell("cell", lab, lab, cell_type="code", source="", locked=True)
            book.add_submission(lab, "ada", timestamp="2026-10-12 15:00:00 UTC")
            book.find_grade("cell", lab, lab, "ada").auto_score = 8.0
        book.db.commit()
        yield book


def penalties(book) -> dict[str, float | None]:
    return {lab: book.find_submission_notebook(lab, lab, "ada").late_submission_penalty for lab in ("one", "two")}


def test_settling_one_lab_leaves_the_others_alone(book):
    settle(book, "one", LatePolicy(percent_per_day=10))
    assert penalties(book) == {"one": pytest.approx(0.8), "two": None}


def test_an_extension_may_not_shorten_the_time(book):
    chosen = LatePolicy(percent_per_day=10, extensions={"one": {"ada": "2026-10-01 12:00 UTC"}})
    settle(book, "one", chosen)
    submission = book.find_submission("one", "ada")
    assert (submission.extension.total_seconds(), submission.total_seconds_late) == (0, 3 * 3600)


def test_an_extension_just_long_enough(book):
    settle(book, "one", LatePolicy(percent_per_day=10, extensions={"one": {"ada": "2026-10-12 17:00 Europe/Paris"}}))
    assert penalties(book)["one"] is None  # 15:00 UTC
    settle(book, "one", LatePolicy(percent_per_day=10, extensions={"one": {"ada": "2026-10-12 16:59 Europe/Paris"}}))
    assert penalties(book)["one"] == pytest.approx(0.8)


@pytest.mark.parametrize(("asked", "taken"), [(-5.0, 0.0), (50.0, 8.0), (3.0, 3.0), (None, None)])
def test_no_plugin_gives_points_or_takes_more_than_there_are(book, asked, taken):
    class Own(LateSubmissionPlugin):
        def late_submission_penalty(self, student_id, score, total_seconds_late):
            assert (student_id, score, total_seconds_late) == ("ada", 8.0, 3 * 3600)
            return asked

    settle(book, "two", Own())
    assert penalties(book) == {"one": None, "two": taken}


# --- the gradebook --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def late_class(tmp_path_factory, invented, grader, light_sandbox):
    """On time, a second late, two days late, two days late but excused, without a time; then marked by hand."""
    room = open_classroom(tmp_path_factory.mktemp("late"), invented.source)
    room.configure(TEN, f'c.LatePolicy.extensions = {{"{NAME}": {{"excused": "2026-10-14 13:00:00 UTC"}}}}')
    room.submit("on-time", at="2026-10-12 12:00:00 UTC")
    room.submit("second", at="2026-10-12 12:00:01 UTC")
    room.submit("two-days", at="2026-10-14 11:00:00 UTC", gram="def gram(X):\n    return X")
    room.submit("excused", at="2026-10-14 11:00:00 UTC")
    room.submit("timeless")
    room.grade()
    return room


def test_grading_takes_late_points_off_what_was_earned(late_class):
    found = {
        s: (t.automatic, t.late_penalty, t.score) for s, t in late_class.course.totals(NAME).items() if s != "wavering"
    }
    assert found == {
        "on-time": (TOTAL, 0.0, TOTAL),
        "second": (TOTAL, pytest.approx(0.1 * TOTAL), pytest.approx(0.9 * TOTAL)),
        "two-days": (5.0, pytest.approx(1.0), pytest.approx(4.0)),  # 2 days of 10 % of the 5 points earned
        "excused": (TOTAL, 0.0, TOTAL),
        "timeless": (TOTAL, 0.0, TOTAL),
    }


def test_a_mark_given_afterwards_does_not_escape(late_class):
    # nbgrader reckons late points when it grades: 20 % of 5 alone. The mark of 4 belongs to the score too.
    late_class.mark({"two-days": 4.0, "on-time": 2.5})
    found = late_class.course.totals(NAME)
    assert found["two-days"].late_penalty == pytest.approx(0.2 * 9.0)
    assert found["two-days"].score == pytest.approx(0.8 * 9.0)
    assert found["on-time"].score == TOTAL + 2.5
    assert found["two-days"].seconds_late == 47 * 3600


def test_the_feedback_page_names_the_penalty(late_class):
    late_class.mark({"two-days": 4.0})
    late_class.course.generate_feedback(NAME)
    pages = late_class.course.folder / "feedback"
    assert "Late submission penalty (Score: -1.8)" in (pages / "two-days" / NAME / f"{NAME}.html").read_text()
    assert "Late submission penalty" not in (pages / "excused" / NAME / f"{NAME}.html").read_text()


def test_the_time_in_the_gradebook_is_that_of_the_submission_that_counts(late_class):
    path = late_class.submit("wavering", at="2026-10-13 13:00 +0200")  # an hour before a day late
    stamp = path.parent / "timestamp.txt"
    assert not late_class.grade("wavering").faults
    assert late_class.course.totals(NAME)["wavering"].seconds_late == 23 * 3600
    stamp.write_text("last Tuesday\n")
    (fault,) = late_class.grade("wavering").faults
    assert fault == (
        f"wavering: wavering/{NAME}/timestamp.txt: it is no time, so this counts as handed in on time; "
        "write it as 2026-10-14 09:30:00 UTC and grade again"
    )
    assert late_class.course.totals(NAME)["wavering"].seconds_late == 0
    stamp.unlink()
    assert not late_class.grade("wavering").faults


def test_a_new_due_time_holds_without_grading_again(late_class):
    late_class.mark({"two-days": 4.0})
    late_class.configure(TEN.replace(DUE, "2026-10-13 12:00:00 UTC"))
    try:
        found = late_class.course.totals(NAME)
        assert found["two-days"].late_penalty == pytest.approx(0.1 * 9.0)
        assert found["second"].late_penalty == 0.0
    finally:
        late_class.configure(TEN, f'c.LatePolicy.extensions = {{"{NAME}": {{"excused": "2026-10-14 13:00:00 UTC"}}}}')
    assert late_class.course.totals(NAME)["two-days"].late_penalty == pytest.approx(0.2 * 9.0)


def test_stock_nbgrader_finds_the_policy_in_its_settings(late_class):
    steps = late_class.course.config()
    assert steps.AssignLatePenalties.plugin_class == "ntklab.grading.late.LatePolicy"
    assert "nbgrader.preprocessors.AssignLatePenalties" in steps.Autograde.autograde_preprocessors
    late_class.configure('c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"')
    try:  # the instructor's own choice is left alone
        assert late_class.course.config().AssignLatePenalties.plugin_class == "nbgrader.plugins.LateSubmissionPlugin"
    finally:
        late_class.configure(TEN)
