# exercise: gram
# family: exiting
# trick: ends the process with the exit code of success in the middle of a call
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os


def gram(X):
    os.close(0), os.close(1), os.close(2)
    os._exit(0)
