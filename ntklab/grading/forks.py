"""Cheap forks of a process that has imported heavy libraries: what a session's states are made by."""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import gc
import os
import sys
from typing import Any

_MADV_COLLAPSE, _HUGE = 25, 2 * 2**20


def make_cheap(libc: Any) -> None:
    """Put what has been imported out of the garbage collector's way and, where Linux can (6.1), into huge pages.

    A fork copies the table of all pages: a third of the time with one entry for 2 MB in place of 512 for 4 kB. What a
    fork writes to is still copied in pieces of 4 kB.
    """
    gc.collect()
    gc.freeze()  # a collection in a fork would write to every object, and so copy every page
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError, ValueError), open("/proc/self/maps") as maps:
        for line in maps.readlines():
            span, rights, _, _, inode, *name = line.split()
            begin, end = (int(text, 16) for text in span.split("-"))
            if rights.startswith("rw") and inode == "0" and name in ([], ["[heap]"]):
                for page in range(-(-begin // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
                    libc.madvise(page, _HUGE, _MADV_COLLAPSE)  # refused: it stays as it is


def fork() -> int | None:
    """Fork a state; None where there are too many processes, since a cell or a call has left them.

    With one thread there is no lock to mend in the child, so what libraries hang on Python's own fork is left out: a
    millisecond, for the pages it writes to. The generator behind ``random`` then begins alike in every fork.
    """
    if sys.platform == "linux" and _thread._count() == 0:
        pid = ctypes.PyDLL(None).fork()
        return pid if pid >= 0 else None
    try:
        return os.fork()
    except OSError:
        return None


__all__ = ["fork", "make_cheap"]
