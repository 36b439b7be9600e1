# exercise: doubled
# family: escaping
# trick: asks for the privileges of other users
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ctypes
import os
import subprocess

for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.nice(-5),
                lambda: os.chroot("/tmp"), lambda: os.sethostname("x") if hasattr(os, "sethostname") else 1 / 0):
    try:
        attempt()
        print("BREACH")
    except (OSError, ZeroDivisionError):
        pass
for command in (["su", "-c", "id"], ["mount", "--bind", "/", "/tmp"], ["newgrp", "root"], ["passwd", "-d", "root"]):
    try:
        if subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=2).returncode == 0:
            print("BREACH", command)
    except (OSError, subprocess.SubprocessError):
        pass
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
ctypes.CDLL(None).capget(header, data)
if any(data):
    print("BREACH: capabilities", list(data))


def doubled(x):
    return 2 * np.asarray(x)
