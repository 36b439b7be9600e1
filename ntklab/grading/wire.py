"""Frames on a Unix socket: a JSON header, a binary body, and at most one file descriptor beside them.

Both sides use this file. The sandbox's side is not trusted: sizes are limited before anything is read, the trusted
side takes no descriptors (each would stay open there), and it learns the sender's process id from the kernel
(SCM_CREDENTIALS), not from what it says.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
import sys
import time
from typing import Any

_HEAD = struct.Struct("<IQ")
MAX_HEADER = 4 * 2**20
MAX_BODY = 80 * 2**20
_SO_PASSCRED, _SCM_CREDENTIALS = 16, 2


class WireError(Exception):
    """The other side is gone, or sent something that is no frame."""


class WireTimeout(WireError):
    """Nothing complete arrived in time."""


class Channel:
    """One end of a socket pair."""

    def __init__(self, sock: socket.socket, trusted: bool = False):
        self.sock, self.trusted = sock, trusted
        self.peer_pid: int | None = None

    @classmethod
    def pair(cls) -> tuple[Channel, socket.socket]:
        """A channel for this side, and the raw other end to hand over."""
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        if sys.platform == "linux":
            here.setsockopt(socket.SOL_SOCKET, _SO_PASSCRED, 1)
        return cls(here, trusted=True), there

    def send(self, header: dict[str, Any], body: bytes = b"", fd: int | None = None, timeout: float = 60.0) -> None:
        head = json.dumps(header).encode()
        rights = [] if fd is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]).tobytes())]
        try:
            self.sock.settimeout(timeout)
            frame = _HEAD.pack(len(head), len(body)) + head  # in one piece: each piece would wake the other side
            sent = self.sock.sendmsg([frame, body], rights)
            self.sock.sendall(frame[sent:])
            self.sock.sendall(memoryview(body)[max(0, sent - len(frame)) :])
        except TimeoutError:
            raise WireTimeout("the other side does not read") from None
        except OSError as error:
            raise WireError(str(error)) from None

    def receive(self, timeout: float | None = None) -> tuple[dict[str, Any], bytes, int | None]:
        """The next frame: header, body, and the descriptor that came with it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        head, fd = self._first(deadline)
        n_header, n_body = _HEAD.unpack(head)
        if n_header > MAX_HEADER or n_body > MAX_BODY:
            raise WireError("an oversized message")
        try:
            header = json.loads(self._exactly(n_header, deadline))
        except (ValueError, RecursionError):
            raise WireError("a malformed message") from None
        if not isinstance(header, dict):
            raise WireError("a malformed message")
        return header, self._exactly(n_body, deadline), fd

    def _first(self, deadline: float | None) -> tuple[bytes, int | None]:
        fd: int | None = None
        data = b""
        while len(data) < _HEAD.size:
            try:
                self._arm(deadline)
                # room for the credentials alone on the trusted side: the kernel then drops descriptors by itself
                room = socket.CMSG_SPACE(12) + (0 if self.trusted else socket.CMSG_SPACE(4))
                part, ancillary, _, _ = self.sock.recvmsg(_HEAD.size - len(data), room)
            except TimeoutError:
                raise WireTimeout("no answer in time") from None
            except OSError as error:
                raise WireError(str(error)) from None
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    for passed in struct.unpack(f"{len(content) // 4}i", content[: len(content) // 4 * 4]):
                        if fd is not None or self.trusted:
                            os.close(passed)
                        else:
                            fd = passed
                elif level == socket.SOL_SOCKET and kind == _SCM_CREDENTIALS:
                    self.peer_pid = struct.unpack("3i", content[:12])[0]
            if not part:
                raise WireError("the other side is gone")
            data += part
        return data, fd

    def _exactly(self, n: int, deadline: float | None) -> bytes:
        data = bytearray()
        while len(data) < n:
            try:
                self._arm(deadline)
                part = self.sock.recv(min(n - len(data), 2**20))
            except TimeoutError:
                raise WireTimeout("no answer in time") from None
            except OSError as error:
                raise WireError(str(error)) from None
            if not part:
                raise WireError("the other side is gone")
            data += part
        return bytes(data)

    def _arm(self, deadline: float | None) -> None:
        if deadline is None:
            self.sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise WireTimeout("no answer in time")
        self.sock.settimeout(left)

    def close(self) -> None:
        self.sock.close()
