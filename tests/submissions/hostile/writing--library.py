# exercise: doubled
# family: writing
# trick: writes into the library, its caches and the system
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import pathlib
import sys

for place in ("/opt/library/ntklab/lab/checks.py", "/opt/library/ntklab/__init__.py", sys.prefix + "/sitecustomize.py",
              np.__file__, np.__file__ + "c", "/usr/lib/python3/x.py", "/etc/passwd", "/etc/ld.so.preload", "/x", "/opt/x",
              "/dev/x", "/usr/bin/python3", "/bin/sh"):
    for mode in ("a", "w"):
        try:
            pathlib.Path(place).open(mode).write("")
            print("BREACH", place)
        except OSError:
            pass


def doubled(x):
    return 2 * np.asarray(x)
