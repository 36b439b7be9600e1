# exercise: doubled
# family: writing
# trick: writes to the descriptors it was born with until they block
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os

for descriptor in (0, 1, 2):
    try:
        for _ in range(64):
            os.write(descriptor, b"hostile " * 8192)
    except OSError:
        pass
for device in ("/dev/tty", "/dev/console", "/dev/ptmx", "/dev/stderr", "/dev/kmsg", "/dev/mem"):
    try:
        os.write(os.open(device, os.O_WRONLY | os.O_NONBLOCK), b"hostile")
    except OSError:
        pass


def doubled(x):
    return 2 * np.asarray(x)
