# exercise: gram
# family: forking
# trick: forks and ends as fast as it can to run through all process numbers
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os


def gram(X):
    while True:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
