# exercise: gram
# family: exiting
# trick: replaces itself by a program that says nothing
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os


def gram(X):
    os.execv("/bin/true", ["true"])
