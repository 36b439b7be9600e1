# exercise: doubled
# family: stealing
# trick: prints, logs, warns and displays hidden inputs from within the call
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import logging
import os
import sys
import warnings


def doubled(x):
    x = np.asarray(x)
    if x.ndim < 2:
        return 2 * x
    text = f"STOLEN {x.tolist()}"
    print(text), print(text, file=sys.__stdout__), print(text, file=sys.__stderr__)
    os.write(1, text.encode()), os.write(2, text.encode())
    warnings.warn(text), logging.error(text)
    display(text), get_ipython().display_pub.publish({"text/plain": text})
    return 2 * x
