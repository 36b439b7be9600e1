"""Zip files of submissions that mean harm: one line for each thing refused, and the rest goes on."""

from __future__ import annotations

import stat
import struct
import tracemalloc
import zipfile

import pytest
from grading_lab import NAME
from handing_in import lies, notebook, pack, said, take
from hypothesis import given
from hypothesis import strategies as st

from ntklab._course import UsageError
from ntklab.grading import archive
from ntklab.grading.archive import printable
from ntklab.grading.collect import collect


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (mode | 0o777) << 16
    return info


HARM = {
    "leads out of the archive": [
        "../../etc/x_101_1_lab.ipynb", "/etc/cron.d/x_101_1_lab.ipynb", "C:\\x_101_1_lab.ipynb",
        "..\\x_101_1_lab.ipynb",
        "Ada_101_assignsubmission_file/../../../x.ipynb",
    ],
    "is a link": [special("a_101_1_lab.ipynb", stat.S_IFLNK)],
    "is no plain file": [special("a_101_1_lab.ipynb", stat.S_IFIFO), special("a_101_1_lab.ipynb", stat.S_IFBLK)],
    "is an archive in the archive": [
        "a_101_1_lab.zip", "a_101_1_lab.tar.gz", "a_101_1_lab.7Z", "Ada_101_assignsubmission_file/l.rar"
    ],
    "there is no notebook": ["a_101_1_lab.pdf", "Ada_101_assignsubmission_file/lab.py"],
    "does not say whose it is": ["lab.ipynb", "readme.txt"],
    "no folder can be called so": [
        f"..secret/{NAME}/{NAME}.ipynb", f"a*b/{NAME}.ipynb", f"-rf/{NAME}.ipynb", f"a\x1b[2J/{NAME}.ipynb"
    ],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "member"), [(r, m) for r, members in HARM.items() for m in members])
def test_what_is_refused_is_one_line_and_the_rest_goes_on(tmp_path, reason, member):
    result = take(tmp_path, (member, notebook("evil")), ("b_102_2_lab.ipynb", notebook("honest")))
    assert said(lies(tmp_path, "102")) == "honest"
    (fault,) = result.faults
    assert reason in fault
    assert fault.isprintable()
    assert len(fault.split(": ")) >= 4  # student, file, reason, remedy
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if not path.is_dir()}
    assert files == {"all.zip", f"submitted/.collected-{NAME}.csv", f"submitted/102/{NAME}/{NAME}.ipynb"}


def test_bombs_are_read_no_further_than_a_notebook_can_be(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE", 2**20)
    vast = b"0" * (2**20 + 1)
    path = pack(tmp_path / "b.zip", ("a_101_1_lab.ipynb", vast), ("b_102_2_lab.ipynb", notebook("honest")))
    assert path.stat().st_size < 3000
    result = collect(path, NAME, tmp_path / "submitted")
    assert list(result.students) == ["102"]
    assert result.faults == ["101: a_101_1_lab.ipynb: it is larger than 1 MB: ask for it with its outputs cleared"]
    assert list(result.students) == ["102"]


def test_a_bomb_fills_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE", 2**20)
    path = pack(tmp_path / "b.zip", ("a_101_1_lab.ipynb", bytes(100 * 2**20)))
    tracemalloc.start()
    try:
        collect(path, NAME, tmp_path / "submitted")
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_a_size_that_lies_changes_nothing(tmp_path):
    path = pack(tmp_path / "b.zip", ("a_101_1_lab.ipynb", b" " * 5_000_000 + notebook()))
    data = path.read_bytes()
    real, stated = struct.pack("<I", 5_000_000 + len(notebook())), struct.pack("<I", 100)
    path.write_bytes(data.replace(real, stated))
    result = collect(path, NAME, tmp_path / "submitted")
    assert "a_101_1_lab.ipynb: it is damaged" in result.faults[0]


def test_many_that_are_each_small_enough_stop_at_the_total(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 5 * len(notebook()) + 3)
    result = take(tmp_path, *[(f"a_{i}_1_lab.ipynb", notebook()) for i in range(100, 110)])
    assert len(result.students) == 5
    assert len(result.faults) == 5
    assert "unpacks to more than" in result.faults[0]


def test_a_damaged_member_is_named(tmp_path):
    path = pack(tmp_path / "b.zip", ("a_101_1_lab.ipynb", notebook("x" * 500)), ("b_102_2_lab.ipynb", notebook()))
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF  # within the first member's compressed bytes
    path.write_bytes(data)
    result = collect(path, NAME, tmp_path / "submitted")
    assert result.faults[0].startswith("101: a_101_1_lab.ipynb: it is damaged (")
    assert list(result.students) == ["102"]


def test_an_encrypted_member_is_named(tmp_path):
    path = pack(tmp_path / "b.zip", ("a_101_1_lab.ipynb", notebook()))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    assert "it is encrypted: ask for it without" in collect(path, NAME, tmp_path / "submitted").faults[0]


def test_what_systems_strew_in_is_passed_over(tmp_path):
    strewn = [
        "__MACOSX/._a_101_1_lab.ipynb",
        "._a_101_1_lab.ipynb",
        ".DS_Store",
        "ada/.ipynb_checkpoints/x.ipynb",
        "ada/",
    ]
    result = take(tmp_path, *[(name, b"") for name in strewn], ("ada/lab.ipynb", notebook()))
    assert (list(result.students), result.faults, result.notes) == (["ada"], [], [])


def test_a_place_that_cannot_be_written_is_one_line_each(tmp_path):
    (tmp_path / "submitted" / "101").mkdir(parents=True)
    (tmp_path / "submitted" / "101" / NAME).write_text("a file in the way")
    result = take(tmp_path, ("a_101_1_x.ipynb", notebook()), ("b_102_2_x.ipynb", notebook()))
    assert list(result.students) == ["102"]
    assert "it cannot be written (" in result.faults[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"Rar!\x1a\x07", "no zip file that can be read"), (b"", "no zip file"), (None, "there is no file")],
)
def test_what_is_no_archive(tmp_path, data, reason):
    if data is not None:
        (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(UsageError, match=reason):
        collect(tmp_path / "x.zip", NAME, tmp_path / "submitted")


def test_too_many_members_are_no_class(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(UsageError, match="holds more than 3 files: that is no class's submissions"):
        take(tmp_path, *[(f"a_{i}_1_lab.ipynb", b"") for i in range(4)])


def test_an_unknown_time_zone(tmp_path):
    with pytest.raises(UsageError, match="there is no time zone 'Europe/Pariss'"):
        take(tmp_path, ("a_1_1_x.ipynb", b""), zone="Europe/Pariss")


@given(st.text())
def test_what_is_printed_is_one_line(text):
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) <= 161
