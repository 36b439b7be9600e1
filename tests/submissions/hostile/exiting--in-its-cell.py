# exercise: doubled
# family: exiting
# trick: ends the process from its cell, past every handler
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import os

os._exit(0)
