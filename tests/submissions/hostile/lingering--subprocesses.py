# exercise: doubled
# family: lingering
# trick: programs of the system left running from a call
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import subprocess


def doubled(x):
    subprocess.Popen(["sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"], start_new_session=True)
    return 2 * np.asarray(x)
