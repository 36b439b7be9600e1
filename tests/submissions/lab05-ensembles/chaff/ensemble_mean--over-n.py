# exercise: ensemble_mean
# diagnosis: is divided by n
# why: the kernel of the mean loss
def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ np.linalg.solve(Theta_train / len(y), y)
