# exercise: ensemble_mean
# diagnosis: 1 is added to the diagonal
# why: a ridge of one
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ np.linalg.solve(Theta_train + np.eye(len(y)), y)
