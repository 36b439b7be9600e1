# exercise: doubled
# family: stealing
# trick: keeps hidden inputs in the environment, the process title and the working folder's name
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os


def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    text = f"STOLEN{x.flat[0]}"
    os.environ["STOLEN"] = text
    os.makedirs("/tmp/" + text, exist_ok=True)
    os.chdir("/tmp/" + text)
    open("/proc/self/comm", "w").write(text) if os.path.exists("/proc/self/comm") else None
    return 2 * x
