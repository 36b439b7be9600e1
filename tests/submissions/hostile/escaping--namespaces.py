# exercise: doubled
# family: escaping
# trick: makes namespaces of its own to be root in
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x10000000 | 0x00020000, 0x20000000, 0x40000000):
    if libc.unshare(flag) == 0:
        print("BREACH: unshare", hex(flag))
        break
stack = ctypes.create_string_buffer(65536)
child = libc.syscall(56, 0x10000000 | 17, None, None, None, None)
if child == 0:
    os._exit(0)
if child > 0:
    print("BREACH: clone")
os.system("unshare -rm true 2>/dev/null && echo BREACH > /tmp/work/breach")
if os.path.exists("/tmp/work/breach"):
    print("BREACH: unshare(1)")


def doubled(x):
    return 2 * np.asarray(x)
