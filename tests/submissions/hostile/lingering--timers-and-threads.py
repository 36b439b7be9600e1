# exercise: doubled
# family: lingering
# trick: threads and timers that strike after the cell has ended
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import signal
import threading
import time


def strike():
    time.sleep(0.2)
    os.kill(-1, signal.SIGKILL)


threading.Thread(target=strike, daemon=True).start()
signal.signal(signal.SIGALRM, lambda *args: os._exit(3))
signal.setitimer(signal.ITIMER_REAL, 0.15)


def doubled(x):
    return x
