"""Frames between the grader and the sandbox, against a sender who sends what it likes."""

from __future__ import annotations

import array
import json
import os
import socket
import struct
import threading
import time

import pytest

from ntklab.grading import wire
from ntklab.grading.wire import Channel, WireError, WireTimeout


@pytest.fixture
def ends():
    """A trusted channel, and the raw socket that the sandbox's side holds."""
    here, there = Channel.pair()
    yield here, there
    here.close()
    there.close()


def frame(header, body=b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<IQ", len(text), len(body)) + text + body


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_frames_arrive_whole_and_in_order(ends):
    here, there = ends
    other = Channel(there)
    body = os.urandom(3 * 2**20)  # more than a socket's buffer
    sender = threading.Thread(target=lambda: [other.send({"n": 1}, body), other.send({"n": 2})])
    sender.start()
    assert here.receive(10) == ({"n": 1}, body, None)
    assert here.receive(10) == ({"n": 2}, b"", None)
    sender.join()


def test_frames_in_single_bytes_arrive_too(ends):
    here, there = ends

    def drip():
        for byte in frame({"op": "x"}, b"abc"):
            there.sendall(bytes([byte]))

    sender = threading.Thread(target=drip)
    sender.start()
    assert here.receive(10) == ({"op": "x"}, b"abc", None)
    sender.join()


def test_a_descriptor_goes_to_the_sandbox(ends):
    here, there = ends
    read, write = os.pipe()
    here.send({"op": "fork"}, fd=write)
    os.close(write)
    header, _, passed = Channel(there).receive(10)
    assert header == {"op": "fork"}
    os.write(passed, b"!")
    os.close(passed)
    assert os.read(read, 2) == b"!"
    os.close(read)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors in /proc")
def test_descriptors_sent_to_the_grader_do_not_stay_open(ends):
    here, there = ends
    mine = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
    before = open_descriptors()
    for byte in frame({"op": "x"}):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", mine).tobytes())]
        there.sendmsg([bytes([byte])], rights)
    assert here.receive(10) == ({"op": "x"}, b"", None)
    assert open_descriptors() == before
    for fd in mine:
        os.close(fd)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux says who sent a message")
def test_the_kernel_says_who_sent_it(ends):
    here, there = ends
    there.sendall(frame({"pid": 1}))
    assert here.receive(10)[0] == {"pid": 1}
    assert here.peer_pid == os.getpid()


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (struct.pack("<IQ", wire.MAX_HEADER + 1, 0), "an oversized message"),
        (struct.pack("<IQ", 2, wire.MAX_BODY + 1), "an oversized message"),
        (struct.pack("<IQ", 2**32 - 1, 2**64 - 1), "an oversized message"),
        (frame(b"no json"), "a malformed message"),
        (frame(b"\xff\xfe"), "a malformed message"),
        (frame(b"[" * 200_000), "a malformed message"),
        (frame(b"9" * 100_000), "a malformed message"),
        (frame([1, 2]), "a malformed message"),
        (frame({})[:-1], "the other side is gone"),
        (b"\x00", "the other side is gone"),
        (b"", "the other side is gone"),
    ],
    ids=range(11),
)
def test_what_is_no_frame_is_refused(ends, sent, problem):
    here, there = ends
    sender = threading.Thread(target=lambda: [there.sendall(sent), there.shutdown(socket.SHUT_WR)])
    sender.start()
    with pytest.raises(WireError, match=problem):
        here.receive(10)
    sender.join()


def test_a_sender_who_drips_is_not_waited_for(ends):
    here, there = ends
    stop = threading.Event()

    def drip():
        there.sendall(struct.pack("<IQ", 100, 0))
        while not stop.wait(0.02):
            there.sendall(b" ")

    sender = threading.Thread(target=drip)
    sender.start()
    started = time.monotonic()
    with pytest.raises(WireTimeout, match="no answer in time"):
        here.receive(0.3)
    assert time.monotonic() - started < 5
    stop.set()
    sender.join()


def test_a_receiver_who_does_not_read_is_not_waited_for(ends):
    here, _ = ends
    with pytest.raises(WireTimeout, match="does not read"):
        here.send({}, b"x" * 2**24, timeout=0.2)


def test_a_closed_socket_is_an_error_of_the_wire(ends):
    here, there = ends
    there.close()
    with pytest.raises(WireError, match="Broken pipe"):
        here.send({}, b"x" * 2**20)
