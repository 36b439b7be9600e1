# exercise: doubled
# family: reading
# trick: looks for the library's own folder, its editable install and its compiled files
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import pathlib
import sys

for folder in sys.path:
    for path in pathlib.Path(folder or ".").glob("*ntklab*"):
        if path.name.startswith("__editable__"):
            for line in path.read_text().splitlines():
                if line.strip() and pathlib.Path(line).exists():
                    print("BREACH", line)
        elif path.is_dir() and path.name == "ntklab" and folder != "/opt/library" and any(path.iterdir()):
            print("BREACH", path)
if list(pathlib.Path("/opt/library").rglob("*.pyc")):
    print("BREACH: compiled files")


def doubled(x):
    return 2 * np.asarray(x)
