# exercise: feature_learning_gap
# diagnosis: wrong value
# why: the numbers of the book
def feature_learning_gap(X, y, X_test, y_test, width, eta, steps, seed):
    return {"network": 0.02, "kernel": 0.28}
