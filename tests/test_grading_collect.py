"""Submissions out of an LMS's zip file: both systems' names, and the latest counts."""

from __future__ import annotations

import csv
import json
import zipfile

import pytest
from grading_lab import NAME
from handing_in import CANVAS, WORKSHEET, lies, notebook, pack, said, take
from hypothesis import given
from hypothesis import strategies as st
from marking import open_classroom

from ntklab.cli import main
from ntklab.grading.collect import collect
from ntklab.grading.roster import read_roster
from ntklab.grading.senders import Sender, sender

# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("lovelaceada_101_9001_lab.ipynb", Sender("101", "lovelaceada", "lab.ipynb", "canvas", False, 9001)),
        ("lovelaceada_LATE_101_9001_lab-2.ipynb", Sender("101", "lovelaceada", "lab-2.ipynb", "canvas", True, 9001)),
        ("de_la_cruz_ana_55_66_a_7_8_b.ipynb", Sender("55", "de_la_cruz_ana", "a_7_8_b.ipynb", "canvas", False, 66)),
        ("nöthere_102_9_x y.ipynb", Sender("102", "nöthere", "x y.ipynb", "canvas", False, 9)),
        ("anon_x1Y2z_9001_lab.ipynb", Sender("anon_x1Y2z", "", "lab.ipynb", "canvas", False, 9001)),
        ("LATE_anon_x1Y2z_9001_lab.ipynb", Sender("anon_x1Y2z", "", "lab.ipynb", "canvas", True, 9001)),
        ("top/lovelaceada_101_9001_lab.ipynb", Sender("101", "lovelaceada", "lab.ipynb", "canvas", False, 9001)),
        ("Ada Lovelace_7001_assignsubmission_file/lab.ipynb", Sender("7001", "Ada Lovelace", "lab.ipynb", "moodle")),
        ("Ada Lovelace_7001_assignsubmission_file_/a/lab.ipynb",
         Sender("7001", "Ada Lovelace", "a/lab.ipynb", "moodle")),
        ("Ada Lovelace_7001_assignsubmission_file_my_1_2_lab.ipynb",
         Sender("7001", "Ada Lovelace", "my_1_2_lab.ipynb", "moodle")),
        ("Participant_7001_assignsubmission_file/lab.ipynb", Sender("7001", "Participant", "lab.ipynb", "moodle")),
        ("Ada_7001_assignsubmission_onlinetext/onlinetext.html", Sender("7001", "Ada", "onlinetext.html", "moodle")),
        (f"ada/{NAME}/{NAME}.ipynb", Sender("ada", "", f"{NAME}.ipynb")),
        (f"submitted/ada/{NAME}/{NAME}.ipynb", Sender("ada", "", f"{NAME}.ipynb")),
        ("ada/work.ipynb", Sender("ada", "", "work.ipynb")),
        ("work.ipynb", None),
    ],
)  # fmt: skip
def test_whose_a_member_is(path, wanted):
    assert sender(tuple(path.split("/"))) == wanted


@given(
    name=st.text(st.characters(categories=["Ll"], max_codepoint=0x24F), min_size=1, max_size=20),
    late=st.booleans(),
    user=st.integers(1, 10**9),
    file_id=st.integers(1, 10**9),
    file=st.from_regex(r"[a-z0-9_ -]{1,20}\.ipynb", fullmatch=True),
)
def test_canvas_names_are_read_as_canvas_writes_them(name, late, user, file_id, file):
    written = "_".join(filter(None, [name, "LATE" if late else "", str(user), str(file_id), file]))
    assert sender((written,)) == Sender(str(user), name, file, "canvas", late, file_id)


@given(
    name=st.text(st.characters(exclude_characters="_/", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
    number=st.integers(1, 10**9),
    file=st.from_regex(r"[A-Za-z0-9_ -]{1,20}\.ipynb", fullmatch=True),
    shape=st.sampled_from(["{}/{}", "{}_/{}", "{}_{}"]),
)
def test_moodle_names_are_read_as_moodle_writes_them(name, number, file, shape):
    path = shape.format(f"{name}_{number}_assignsubmission_file", file)
    assert sender(tuple(path.split("/"))) == Sender(str(number), name, file, "moodle")


# --- whole archives -------------------------------------------------------------------------------------------------


def test_canvas_with_its_roster(tmp_path):
    result = take(
        tmp_path,
        ("lovelaceada_101_9001_lab98-grading.ipynb", notebook("first")),
        ("lovelaceada_101_9010_lab98-grading-1.ipynb", notebook("second")),  # handed in anew
        ("lovelaceada_101_9011_notes.ipynb", notebook("something else, uploaded last")),
        ("noetheremmy_LATE_102_9002_My Work.ipynb", notebook("emmy")),
        ("noetheremmy_LATE_102_9003_plot.png", b"\x89PNG"),
        ("strangera_999_9004_lab98-grading.ipynb", notebook("nobody")),
        roster=CANVAS,
    )
    assert said(lies(tmp_path, "ada")) == "second"
    assert said(lies(tmp_path, "emmy")) == "emmy"
    assert sorted(p.name for p in (tmp_path / "submitted").iterdir()) == [f".collected-{NAME}.csv", "ada", "emmy"]
    assert result.faults == [
        "strangera: strangera_999_9004_lab98-grading.ipynb: not in roster.csv, so left out: "
        "add a row, then collect again"
    ]
    assert result.notes == [
        "ada: 3 notebooks; taken: lovelaceada_101_9010_lab98-grading-1.ipynb",
        "late, says Canvas, but not by how much: emmy. "
        f"For late points write the time into submitted/ID/{NAME}/timestamp.txt",
        "nothing from 1 of 3 in roster.csv: grace",
    ]
    assert (result.students["emmy"].late, result.students["ada"].late) == (True, False)


def test_the_latest_is_the_one_with_the_greatest_number_wherever_it_stands(tmp_path):
    take(tmp_path, *[(f"a_101_{n}_{NAME}-{n}.ipynb", notebook(str(n))) for n in (998, 1002, 999, 1001)])
    assert said(lies(tmp_path, "101")) == "1002"


def test_without_a_roster_canvas_ids_are_the_folders(tmp_path):
    result = take(tmp_path, ("lovelaceada_101_9001_x.ipynb", notebook()), ("anon_ab12_9_x.ipynb", notebook()))
    assert list(result.students) == ["101", "anon_ab12"]
    assert result.faults == []


@pytest.mark.parametrize(
    "shape", ["{}_assignsubmission_file/{}", "{}_assignsubmission_file_/{}", "{}_assignsubmission_file_{}"]
)
def test_moodle_with_its_worksheet_brings_the_times(tmp_path, shape):
    result = take(
        tmp_path,
        (shape.format("Ada Lovelace_7001", f"{NAME}.ipynb"), notebook("ada")),
        (shape.format("Somebody Else_7002", "x.ipynb"), notebook("emmy")),  # the number counts, not the name
        ("Ada Lovelace_7001_assignsubmission_onlinetext/onlinetext.html", b"<p>see file"),
        roster=WORKSHEET,
        zone="Europe/Paris",
    )
    assert (said(lies(tmp_path, "ada")), said(lies(tmp_path, "emmy"))) == ("ada", "emmy")
    assert (lies(tmp_path, "ada").parent / "timestamp.txt").read_text() == "2026-10-12 09:00:00 UTC\n"
    assert not (lies(tmp_path, "emmy").parent / "timestamp.txt").exists()
    assert result.faults == []
    assert result.students["ada"].time == "2026-10-12 09:00:00 UTC"


def test_moodle_by_name_where_the_roster_has_no_numbers(tmp_path):
    roster = (
        "First name,Surname,ID number,Email address\nAda,Lovelace,ada,\nEmmy,Nöther,emmy,\nTim,Berg,t1,\nTim,Berg,t2,\n"
    )
    result = take(
        tmp_path,
        ("Ada Lovelace_7001_assignsubmission_file/a.ipynb", notebook("ada")),
        ("NÖTHER Emmy_7002_assignsubmission_file/a.ipynb", notebook("emmy")),
        ("Tim Berg_7003_assignsubmission_file/a.ipynb", notebook("which?")),
        roster=roster,
    )
    assert list(result.students) == ["ada", "emmy"]
    assert result.faults == [
        "Tim Berg: Tim Berg_7003_assignsubmission_file/a.ipynb: 2 in roster.csv are called so, so left out: "
        "take Moodle's grading worksheet as roster"
    ]


def test_names_in_other_encodings(tmp_path):
    plain = zipfile.ZipInfo("Emmy N?ther_7002_assignsubmission_file/a.ipynb")
    data = pack(tmp_path / "a.zip", (plain, notebook("emmy"))).read_bytes()
    raw = data.replace(b"N?ther", "Nöther".encode()[:-1])  # UTF-8 without the flag that says so, one byte longer
    assert len(raw) == len(data)
    decomposed = "Emmy No\u0308ther_7002_assignsubmission_file/a.ipynb"
    (tmp_path / "a.zip").write_bytes(raw)
    (tmp_path / "r.csv").write_text(WORKSHEET.replace("Nöther", "Nöthe"), encoding="utf-8")
    found = collect(tmp_path / "a.zip", NAME, tmp_path / "one", read_roster(tmp_path / "r.csv"))
    assert list(found.students) == ["emmy"]
    assert "Nöthe_7002" in found.students["emmy"].member
    assert list(take(tmp_path, (decomposed, notebook()), roster=WORKSHEET, where="two").students) == ["emmy"]


def test_collecting_again(tmp_path):
    first = take(tmp_path, ("a_101_1_x.ipynb", notebook("one")), ("b_102_2_x.ipynb", notebook("same")))
    assert {s: t.status for s, t in first.students.items()} == {"101": "new", "102": "new"}
    (lies(tmp_path, "102").parent / "timestamp.txt").write_text("2026-10-12 09:00:00 UTC\n")  # by the instructor's hand
    (lies(tmp_path, "101").parent / "timestamp.txt").write_text("2026-10-12 09:00:00 UTC\n")
    again = take(tmp_path, ("a_101_5_x-1.ipynb", notebook("two")), ("b_102_2_x.ipynb", notebook("same")))
    assert {s: t.status for s, t in again.students.items()} == {"101": "replaced", "102": "unchanged"}
    assert said(lies(tmp_path, "101")) == "two"
    assert not (lies(tmp_path, "101").parent / "timestamp.txt").exists()  # it was another notebook's time
    assert (lies(tmp_path, "102").parent / "timestamp.txt").exists()
    with (tmp_path / "submitted" / f".collected-{NAME}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["status"]) for row in rows] == [
        ("101", "new"), ("102", "new"), ("101", "replaced"), ("102", "unchanged")
    ]  # fmt: skip


def test_an_older_download_does_not_replace_a_later_hand_in(tmp_path):
    member = "Ada Lovelace_7001_assignsubmission_file/x.ipynb"
    later = WORKSHEET.replace("12 October 2026, 11:00", "14 October 2026, 11:00")
    take(tmp_path, (member, notebook("later")), roster=later)
    older = take(tmp_path, (member, notebook("older")), roster=WORKSHEET)
    assert older.students["ada"].status == "kept"
    assert said(lies(tmp_path, "ada")) == "later"
    take(tmp_path, (member, notebook("last")), roster=later.replace("14 October", "15 October"))
    assert said(lies(tmp_path, "ada")) == "last"
    assert (lies(tmp_path, "ada").parent / "timestamp.txt").read_text() == "2026-10-15 11:00:00 UTC\n"


# --- the verb -------------------------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path, invented, monkeypatch):
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    return open_classroom(tmp_path, invented.source)


def test_the_verb_says_what_it_took(room, tmp_path, capsys):
    path = pack(tmp_path / "a.zip", ("a_101_1_x.ipynb", notebook()), ("b_102_2_x.zip", b""))
    assert main(["collect", NAME, "--zip", str(path)]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        f"1 submission in {tmp_path / 'course' / 'submitted'}: 1 new",
        f"next: ntklab grade {NAME}",
    ]
    assert told.err.splitlines()[0] == "ntklab: 1 fault:"
    assert "102: b_102_2_x.zip: it is an archive in the archive: ask for" in told.err
    pack(path, ("a_101_1_x.ipynb", notebook()))
    assert main(["collect", NAME, "--zip", str(path), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert set(value) == {"lab", "submitted", "students", "faults", "notes"}
    assert value["students"]["101"]["status"] == "unchanged"


def test_mistakes_in_calling_are_one_line(room, tmp_path, capsys):
    for argv, reason in (
        ([], "--zip"),
        (["--zip", tmp_path / "nowhere.zip"], "there is no file"),
        (["--zip", pack(tmp_path / "a.zip"), "--roster", tmp_path / "no.csv"], "the roster"),
    ):
        assert main(["collect", NAME, *map(str, argv)]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert reason in err


def test_collected_notebooks_are_graded(room, tmp_path, invented, capsys, grader, light_sandbox):
    from grading_lab import with_answers
    from nbformat import writes

    right = writes(with_answers(invented.solved, why_twice="It is once more.")).encode()
    path = pack(tmp_path / "a.zip", ("lovelaceada_101_9001_mine.ipynb", right))
    (tmp_path / "roster.csv").write_text(CANVAS)
    assert main(["collect", NAME, "--zip", str(path), "--roster", str(tmp_path / "roster.csv")]) == 0
    capsys.readouterr()
    assert main(["grade", NAME, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert {s: v["score"] for s, v in value["students"].items()} == {"ada": 7.0}
