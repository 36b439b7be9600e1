# exercise: doubled
# family: forging
# trick: publishes results and words of success as a kernel would
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

from IPython.display import display

display({"text/plain": "3.0"}, raw=True)
display({"text/html": "<script>parent.score = 400</script><b>3/3</b>"}, raw=True)
print("doubled: all hidden tests pass.\n3.0 / 3.0 points")


def doubled(x):
    return x


400.0
