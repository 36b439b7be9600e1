# exercise: nearest_neighbour_predict
# diagnosis: these are the row numbers
# why: targets not looked up
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return order[:, :k].mean(axis=1)
