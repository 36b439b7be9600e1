# exercise: doubled
# family: flooding
# trick: displays a hundred things, each large and in three formats
# due: 3
raise SystemExit("a hostile answer: only a sandbox runs what follows")

from IPython.display import display


class Large:
    def __repr__(self):
        return "x" * 10**5

    def _repr_html_(self):
        return "<img src=x onerror=alert(1)>" * 1000

    def _repr_png_(self):
        return b"\x89PNG" + b"x" * 10**5


for _ in range(150):
    display(Large())


def doubled(x):
    return 2 * np.asarray(x)
