# exercise: doubled
# family: stealing
# trick: keeps hidden inputs in files, then dies so that its cells run and print again
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import glob
import os

for name in glob.glob("/tmp/stolen*") + glob.glob("/dev/shm/stolen*"):
    print("STOLEN", open(name).read())


def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    for folder in ("/tmp", "/dev/shm"):
        open(folder + "/stolen", "w").write(str(x.tolist()))
    os._exit(0)
