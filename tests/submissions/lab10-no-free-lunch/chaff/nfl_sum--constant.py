# exercise: nfl_sum
# diagnosis: wrong value
# why: one number
def nfl_sum(K, train, ridge=0.0):
    return 14 / 15
