"""A module that a server of worker processes imports before it forks them."""

import os

from ntklab._processes import served

served()
SERVER = os.getpid()
