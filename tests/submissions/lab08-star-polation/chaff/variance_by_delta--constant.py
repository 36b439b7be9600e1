# exercise: variance_by_delta
# diagnosis: entries are wrong
# why: one number
def variance_by_delta(mlp, x0, direction, deltas):
    return np.full(len(deltas), 0.01)
