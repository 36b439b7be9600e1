# exercise: doubled
# family: looping
# trick: loops in its cell and swallows every exception
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

while True:
    try:
        while True:
            pass
    except BaseException:
        pass
