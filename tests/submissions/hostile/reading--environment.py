# exercise: doubled
# family: reading
# trick: prints every variable and argument it was started with
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import sys

print(dict(os.environ), sys.argv, sys.orig_argv, sys.flags, os.getcwd(), os.uname().nodename)
for name in dir(sys.modules["__main__"]):
    if "secret" in name.lower():
        print("BREACH", name)


def doubled(x):
    return 2 * np.asarray(x)
