# exercise: doubled
# family: forging
# trick: reports outputs nested deeper than a grader can print
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


deep = "[" * 900 + "]" * 900
shown = '[{"kind": "stdout", "text": %s}, {"kind": %s, "text": 3}, %s]' % (deep, deep, deep)
header = ('{"op": "done", "outputs": %s, "error": {"type": %s, "message": %s, "trace": %s}}' % ((shown,) + (deep,) * 3)).encode()
for channel in channels():
    channel.sendall(struct.pack("<IQ", len(header), 0) + header)
    channel.detach()


def doubled(x):
    return x
