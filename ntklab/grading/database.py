"""Where the gradebook lies, SQLite file or server, and what to do when it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

PATIENCE = 10  # seconds for a server to answer
_SETTING = "c.CourseDirectory.db_url in course/nbgrader_config.py"
_EXAMPLE = "postgresql://USER@HOST/DATABASE, or none for a file"


class CourseError(Exception):
    """The course folder or its gradebook is in a state that stops grading; the message says what to do."""


def url(setting: str | None, folder: Path) -> str:
    """The gradebook's URL: the course's setting, a relative SQLite path meant within the course folder.

    >>> url(None, Path("/course"))
    'sqlite:////course/gradebook.db'
    >>> url("sqlite:///marks.db", Path("/course"))
    'sqlite:////course/marks.db'
    >>> url("postgresql://ta@db.example.org/ntk", Path("/course"))
    'postgresql://ta@db.example.org/ntk'
    """
    if not setting:
        return f"sqlite:///{folder / 'gradebook.db'}"
    if setting.startswith("sqlite:///") and not Path(setting[10:].partition("?")[0]).is_absolute():
        return f"sqlite:///{folder / setting[10:]}"
    return setting


def name(address: str) -> str:
    """How to call the gradebook in a message: the file's path, or the URL without its password.

    >>> name("postgresql://ta:secret@db.example.org/ntk")
    'postgresql://ta:***@db.example.org/ntk'
    """
    if address.startswith("sqlite:///"):
        return address[10:]
    try:
        return make_url(address).render_as_string(hide_password=True)
    except ArgumentError:
        return "the gradebook"  # it may hold a password anywhere


def exists(address: str) -> bool:
    """Whether there is a gradebook to look into; a server has one, or says otherwise when it is asked."""
    return not address.startswith("sqlite:///") or Path(address[10:].partition("?")[0]).is_file()


def reach(address: str) -> None:
    """Open the gradebook once.

    Raises:
        CourseError: it cannot be opened; one line with the reason and the remedy.
    """
    try:
        parsed = make_url(address)
    except (ArgumentError, ValueError):
        raise CourseError(f"{_SETTING} is no URL of a database: write {_EXAMPLE}") from None
    remote = parsed.get_backend_name() == "postgresql"
    try:
        engine = sql.create_engine(parsed, connect_args={"connect_timeout": PATIENCE} if remote else {})
    except NoSuchModuleError:
        raise CourseError(f"{_SETTING}: no database is called {parsed.drivername!r}: write {_EXAMPLE}") from None
    except ImportError as error:
        remedy = "pip install 'ntklab[postgres]'" if remote else "install its driver"
        raise CourseError(f"the gradebook {name(address)} needs the package {error.name}: {remedy}") from None
    try:
        with engine.connect() as connection:
            sql.inspect(connection).get_table_names()
    except (SQLAlchemyError, UnicodeError) as error:
        said = " ".join(str(getattr(error, "orig", error)).split())[:300]
        remedy = f"start the server, or mend {_SETTING}" if remote else "move it away or restore a copy"
        raise CourseError(f"the gradebook {name(address)} cannot be opened ({said}): {remedy}") from None
    finally:
        engine.dispose()


__all__ = ["CourseError", "exists", "name", "reach", "url"]
