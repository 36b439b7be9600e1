# exercise: nfl_sum
# diagnosis: this is n
# why: recites the theorem
def nfl_sum(K, train, ridge=0.0):
    return float(len(train))
