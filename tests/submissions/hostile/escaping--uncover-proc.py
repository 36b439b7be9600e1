# exercise: doubled
# family: escaping
# trick: takes the cover off /proc and other mounts
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for place in (b"/proc", b"/tmp", b"/dev/shm", b"/opt/library", b"/"):
    for flags in (0, 2, 8):
        if libc.umount2(place, flags) == 0:
            print("BREACH: umount", place)
if libc.mount(b"proc", b"/tmp", b"proc", 0, None) == 0 or libc.mount(b"/", b"/tmp", None, 0x1000, None) == 0:
    print("BREACH: mount")
if libc.mount(b"none", b"/", None, 0x1020, None) == 0:
    print("BREACH: remounted")
if os.listdir("/proc"):
    print("BREACH: /proc")


def doubled(x):
    return 2 * np.asarray(x)
