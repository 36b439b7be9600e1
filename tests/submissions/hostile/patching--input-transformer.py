# exercise: doubled
# family: patching
# trick: turns the text of every later cell into pass
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def doubled(x):
    return x


get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\n"])
