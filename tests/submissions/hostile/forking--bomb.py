# exercise: doubled
# family: forking
# trick: the classical bomb, in its cell
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
