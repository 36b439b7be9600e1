# exercise: doubled
# family: forging
# trick: greets in the name of another process, so that the grader kills that one
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import json
import socket
import struct


def channels():
    """Every socket that the process holds."""
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=descriptor)
        except OSError:
            pass


import os
import threading


from ntklab.grading import worker, wire

honest = wire.Channel.send


def send(self, header, body=b"", fd=None, timeout=60.0):
    if header.get("op") == "hello":
        child = os.fork()
        if child == 0:
            honest(self, {"op": "hello", "pid": 1})  # and the sender is gone before anybody looks
            os._exit(0)
        os.waitpid(child, 0)
        return
    honest(self, header, body, fd, timeout)


wire.Channel.send = send


def doubled(x):
    return x
