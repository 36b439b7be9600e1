# exercise: laziness
# diagnosis: wrong value
# why: one number for every network
def laziness(f, w0, w1, X):
    return 0.3
