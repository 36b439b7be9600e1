# exercise: gram
# family: forking
# trick: as many threads as there can be, each holding on
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import threading


def gram(X):
    held = threading.Event()
    threads = []
    while True:
        try:
            threads.append(threading.Thread(target=held.wait, daemon=True))
            threads[-1].start()
        except RuntimeError:
            break
    raise MemoryError(len(threads))
