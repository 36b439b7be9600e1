# exercise: doubled
# family: exiting
# trick: closes every descriptor and stays
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import time


def doubled(x):
    os.closerange(3, 4096)
    time.sleep(0.2)
    return x
