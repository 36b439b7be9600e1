"""The gradebook on a PostgreSQL server: a real one, from the system's packages, on a socket in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from grading_lab import NAME
from marking import DUE, open_classroom

from ntklab.cli import main
from ntklab.grading import database
from ntklab.grading.database import CourseError

pwd = pytest.importorskip("pwd", reason="a server of one's own is for Unix")
LATE = (f'c.LatePolicy.due = {{"{NAME}": "{DUE}"}}', "c.LatePolicy.percent_per_day = 10")
psycopg = pytest.mark.skipif(
    importlib.util.find_spec("psycopg") is None, reason="no psycopg: pip install 'ntklab[postgres]'"
)


def server_program() -> str | None:
    """Debian keeps the server's programs out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]))
    return str(found[-1]) if found else shutil.which("postgres")


@pytest.fixture(scope="module")
def server():
    """A server of our own; its URL, less the database's name."""
    program = server_program()
    if program is None:
        pytest.skip("no PostgreSQL server on this machine: apt-get install postgresql")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("no psycopg: pip install 'ntklab[postgres]'")
    # not below pytest's folder: a socket's path holds 107 characters, and the server's user must get there
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = {}
    if os.getuid() == 0:  # the server refuses to run as root
        name = "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"
        user = {"user": name}
        shutil.chown(folder, name)
    run = {"capture_output": True, "text": True, "timeout": 120, "cwd": folder, **user}
    initdb = Path(program).with_name("initdb")
    options = ["--auth=trust", "--username=ta", "--encoding=UTF8", "--no-sync", "--locale=C"]
    made = subprocess.run([initdb, "-D", folder / "data", *options], **run)
    assert made.returncode == 0, made.stderr
    quick = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_memory_type=mmap"]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            [program, "-D", folder / "data", "-k", folder, *quick], stdout=log, stderr=log, cwd=folder, **user
        )
    try:
        until = time.monotonic() + 60
        while not _answers(folder) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert _answers(folder), (folder / "log").read_text()
        yield f"postgresql://ta@/{{}}?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)  # the server's own "end now, in order"
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as end:
        return end.connect_ex(str(folder / ".s.PGSQL.5432")) == 0


@pytest.fixture(scope="module")
def rooms(server, tmp_path_factory, invented, grader, light_sandbox):
    """The same class in two courses, one on the server and one in a file."""
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE marks")
    both = {}
    for kind, setting in (("server", f'c.CourseDirectory.db_url = "{server.format("marks")}"'), ("file", "")):
        room = open_classroom(tmp_path_factory.mktemp(kind), invented.source)
        room.configure(*LATE, setting)
        room.submit("ada", at=DUE)
        room.submit("emmy", at="2026-10-14 11:00:00 UTC", gram="def gram(X):\n    return X")
        room.submit("kurt", text="Unsure. Ünïcode, \U0001f600 and a NUL: \x00.")
        room.grade()
        room.mark({"ada": 4.0, "emmy": 3.0})
        room.submit("ada", at=DUE, text="It is repeated addition, I now think.")
        both[kind] = (room, room.grade())
    return both


def test_both_hold_the_same(rooms):
    (server, on_server), (file, in_file) = rooms["server"], rooms["file"]
    first, second = on_server.to_json(), in_file.to_json()
    assert first == second
    assert server.course.totals(NAME) == file.course.totals(NAME)
    emmy = server.course.totals(NAME)["emmy"]
    assert (emmy.automatic, emmy.manual, emmy.late_penalty) == (5.0, 3.0, pytest.approx(0.2 * 8))
    assert server.course.totals(NAME)["ada"].changed == ["why-twice"]


def test_no_file_is_made_beside_the_server(rooms):
    assert not list(rooms["server"][0].course.folder.glob("*.db*"))
    assert (rooms["file"][0].course.folder / "gradebook.db").is_file()


def test_feedback_report_and_export_read_the_server(rooms, monkeypatch, capsys):
    pages = {}
    for kind, (room, _) in rooms.items():
        monkeypatch.setenv("NTKLAB_ROOT", str(room.root))
        assert main(["feedback", NAME]) == 0
        assert main(["report", NAME]) == 0
        assert main(["export", NAME, "--out", str(room.root / "out.csv")]) == 1  # kurt's and ada's answers wait
        capsys.readouterr()
        feedback = (room.course.folder / "feedback" / "emmy" / NAME / f"{NAME}.html").read_text()
        assert "Late submission penalty (Score: -1.6)" in feedback
        pages[kind] = (room.root / "out.csv").read_text(), (room.course.folder / f"report-{NAME}.html").read_text()
    assert pages["server"][0] == pages["file"][0]
    assert pages["server"][1].count("<tr>") == pages["file"][1].count("<tr>")


def test_a_server_without_that_database(server):
    with pytest.raises(CourseError, match=r'database "nowhere" does not exist.*: start the server, or mend') as info:
        database.reach(server.format("nowhere"))
    assert "\n" not in str(info.value)


@psycopg
@pytest.mark.parametrize("verb", ["grade", "feedback", "report", "export"])
def test_a_server_that_is_down_is_one_line(tmp_path, invented, monkeypatch, capsys, verb):
    room = open_classroom(tmp_path, invented.source)
    room.configure(f'c.CourseDirectory.db_url = "postgresql://ta:secret@/marks?host={tmp_path}"')
    room.submit("ada")
    graded = room.course.autograded(NAME, "ada")  # feedback and report look here first
    graded.parent.mkdir(parents=True)
    graded.write_text('{"metadata": {"ntklab_outcome": {"status": "graded", "reason": "", "exercises": []}}}')
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    assert main([verb, NAME]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.err.startswith("ntklab: the gradebook postgresql://ta:***@/marks")
    assert "secret" not in said.err
    assert "cannot be opened (" in said.err
    assert "start the server, or mend c.CourseDirectory.db_url in course/nbgrader_config.py" in said.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gradebook", "is no URL of a database: write postgresql://USER@HOST/DATABASE"),
        ("postgresql://a:b:c:d", "is no URL of a database"),
        ("postgrsql://ta@localhost/x", "no database is called 'postgrsql': write postgresql://"),
        ("postgresql+nodriver://ta@localhost/x", r"no database is called 'postgresql\+nodriver'"),
        ("sqlite:////nowhere/at/all.db", r"cannot be opened \(unable to open database file\): move it away or restore"),
    ],
)
def test_a_wrong_url_is_one_line(url, said):
    with pytest.raises(CourseError, match=said) as info:
        database.reach(url)
    assert "\n" not in str(info.value)


def test_a_missing_driver_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(CourseError, match=r"needs the package psycopg: pip install 'ntklab\[postgres\]'"):
        database.reach("postgresql+psycopg://ta@localhost/x")


@psycopg
def test_a_server_that_never_answers_costs_seconds(monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        started = time.monotonic()
        with pytest.raises(CourseError, match="timeout expired"):
            database.reach(f"postgresql://ta@127.0.0.1:{deaf.getsockname()[1]}/x")
        assert time.monotonic() - started < 20
