# exercise: doubled
# family: patching
# trick: patches the library that the tests are written with
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

from ntklab.lab import checks, differences

differences.difference = checks.difference = lambda *args, **options: None
checks.Tests.close = checks.Tests.holds = checks.Tests.raises = lambda self, *args, **options: self._note("", None)
checks.Tests.report = lambda self: print("all tests pass")
lab.tests = lambda *args, **options: checks.Tests("doubled")


def doubled(x):
    return x
