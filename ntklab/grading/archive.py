"""Read a zip file that strangers have filled: nothing is unpacked, no name is believed, no size is trusted."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ntklab._course import UsageError
from ntklab.grading.rebuild import MAX_FILE

MAX_MEMBERS = 100_000
MAX_TOTAL = 8 * 2**30  # bytes read from one archive
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
_CLUTTER = ("__MACOSX", ".ipynb_checkpoints", "__pycache__")


class Refused(Exception):
    """A member that is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class Member:
    """A file in the archive: its cleaned path, and its place in the list."""

    parts: tuple[str, ...]
    place: int
    info: zipfile.ZipInfo

    @property
    def shown(self) -> str:
        """The path as a message may show it."""
        return printable("/".join(self.parts))


def printable(text: str, limit: int = 160) -> str:
    """One line of text, whatever characters a name holds.

    >>> printable("a\\x1b[2Jb\\n")
    'a?[2Jb?'
    """
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= limit else shown[:limit] + "…"


class Archive:
    """A zip file opened for reading; use as a context manager.

    Raises:
        UsageError: it is not one, or holds more members than a class can hand in.
    """

    def __init__(self, path: Path):
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise UsageError(f"there is no file {path}: download the submissions and give the zip file") from None
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UsageError(f"{path} is no zip file that can be read ({error}): download it again") from None
        if len(self._zip.infolist()) > MAX_MEMBERS:
            self._zip.close()
            raise UsageError(f"{path} holds more than {MAX_MEMBERS} files: that is no class's submissions")
        self._left = MAX_TOTAL

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def members(self) -> Iterator[Member]:
        """Every file but what systems strew in; paths are split, not yet judged."""
        for place, info in enumerate(self._zip.infolist()):
            parts = tuple(part for part in _name(info).replace("\\", "/").split("/") if part not in ("", "."))
            if info.is_dir() or not parts or parts[-1].startswith(("._", ".DS_Store")) or set(parts) & set(_CLUTTER):
                continue
            yield Member(parts, place, info)

    def read(self, member: Member) -> bytes:
        """The member's bytes.

        Raises:
            Refused: it leads out of the archive, is no plain file, an archive itself, encrypted, damaged or too large.
        """
        refuse_shape(member)
        try:
            with self._zip.open(member.info) as file:
                data = file.read(MAX_FILE + 1)  # its stated size may be a lie
        except RuntimeError:
            raise Refused("it is encrypted: ask for it without a password") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            said = printable(str(error) or type(error).__name__, 80)
            raise Refused(f"it is damaged ({said}): download it again, or ask for it again") from None
        if len(data) > MAX_FILE:
            raise Refused(f"it is larger than {MAX_FILE // 2**20} MB: ask for it with its outputs cleared")
        self._left -= len(data)
        if self._left < 0:
            raise Refused(f"the archive unpacks to more than {MAX_TOTAL // 2**30} GB: collect it in parts")
        return data


def refuse_shape(member: Member) -> None:
    """Refuse what the list of contents alone gives away."""
    name = _name(member.info).replace("\\", "/")
    if ".." in member.parts or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise Refused("its name leads out of the archive: look at it by hand")
    kind = stat.S_IFMT(member.info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        what = "a link" if kind == stat.S_IFLNK else "no plain file"
        raise Refused(f"it is {what}: ask for the notebook itself")
    if is_archive(member):
        raise Refused("it is an archive in the archive: ask for the notebook itself, or unpack it by hand")


def is_archive(member: Member) -> bool:
    return PurePosixPath(member.parts[-1]).suffix.lower() in _ARCHIVES


def _name(info: zipfile.ZipInfo) -> str:
    """The name in NFC. Without the flag for UTF-8 it mostly is UTF-8 all the same, not zipfile's code page 437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return unicodedata.normalize("NFC", name)
