# exercise: relu_ntk
# diagnosis: entries are wrong
# why: one number for every pair
def relu_ntk(X, Z):
    return np.ones((len(X), len(Z)))
