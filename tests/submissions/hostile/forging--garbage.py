# exercise: doubled
# family: forging
# trick: writes garbage to its own socket
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


for channel in channels():
    channel.sendall(b"\xff" * 4096)
    channel.detach()


def doubled(x):
    return x
