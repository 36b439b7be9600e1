# exercise: gram
# family: exiting
# trick: kills every process it may, itself too
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import signal


def gram(X):
    for target in (-1, 1, os.getppid(), 0):
        os.kill(target, signal.SIGKILL)
