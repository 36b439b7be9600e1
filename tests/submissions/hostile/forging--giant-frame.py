# exercise: doubled
# family: forging
# trick: announces a message of sixteen exabytes, then sends for ever
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



def doubled(x):
    for channel in channels():
        channel.sendall(struct.pack("<IQ", 2, 2**64 - 1) + b"{}")
        while True:
            channel.sendall(b"x" * 2**20)
