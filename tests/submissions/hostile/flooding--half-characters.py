# exercise: doubled
# family: flooding
# trick: prints and raises text that no file can hold and no terminal should see
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

print("\ud800 \udfff \x00 \x1b[2J\x1b]0;hostile\x07 \u202e")


def doubled(x):
    raise ValueError("\ud83d \x1b[31m \u202e \x00")
