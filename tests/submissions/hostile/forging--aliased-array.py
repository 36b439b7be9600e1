# exercise: doubled
# family: forging
# trick: sends one large array and asks for it twenty thousand times
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import json
import struct

from ntklab.grading import boundary, worker


def bomb(value):
    node = ["array", "numpy", "uint8", [2**20], 0, 2**20]
    head = json.dumps(["list", [node] * 20_000]).encode()
    return struct.pack("<Q", len(head)) + head + bytes(2**20)


boundary.encode = worker.encode = bomb


def doubled(x):
    return x
