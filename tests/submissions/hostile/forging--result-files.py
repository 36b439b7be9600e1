# exercise: doubled
# family: forging
# trick: writes every results file a grader might read back
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import json
import pathlib

for name in ("results.json", "grades.csv", "autograded.ipynb", "gradebook.db", "metadata.json", "scores.pkl"):
    for folder in (".", "/tmp", "/dev/shm", ".."):
        try:
            pathlib.Path(folder, name).write_text(json.dumps({"score": 400, "max": 400, "doubled": 3.0, "passed": True}))
        except OSError:
            pass


def doubled(x):
    return x
