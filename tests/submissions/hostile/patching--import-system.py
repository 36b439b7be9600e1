# exercise: doubled
# family: patching
# trick: puts a finder first that serves a ntklab whose tests always pass
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import importlib.abc
import importlib.util
import sys

FAKE = """
class Tests:
    rng = None
    def __getattr__(self, name):
        return lambda *args, **options: None
def tests(*args, **options):
    return Tests()
"""


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.startswith("ntklab"):
            return importlib.util.spec_from_loader(name, self, is_package=True)

    def exec_module(self, module):
        exec(FAKE, module.__dict__)


sys.meta_path.insert(0, Finder())
for name in [name for name in sys.modules if name.startswith("ntklab.lab")]:
    del sys.modules[name]
from ntklab import lab


def doubled(x):
    return x
