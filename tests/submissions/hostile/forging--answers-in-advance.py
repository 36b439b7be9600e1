# exercise: doubled
# family: forging
# trick: writes answers to its socket before anybody asks
# due: 0
# others: any
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


head = b'["bool", true]'
body = struct.pack("<Q", len(head)) + head
header = json.dumps({"op": "value"}).encode()
for channel in channels():
    channel.sendall((struct.pack("<IQ", len(header), len(body)) + header + body) * 50)
    channel.detach()


def doubled(x):
    return x
