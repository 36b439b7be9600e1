# exercise: ensemble_mean
# diagnosis: something is added to the diagonal
# why: 1e-6 added silently
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ np.linalg.solve(Theta_train + 1e-6 * np.eye(len(y)), y)
