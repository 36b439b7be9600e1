# exercise: nearest_neighbour_predict
# diagnosis: entries are wrong
# why: the mean of everything
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return np.full(len(Z), y.mean())
