# exercise: nearest_neighbour_predict
# diagnosis: one neighbour too many
# why: k + 1 of them
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[order[:, : k + 1]].mean(axis=1)
