# exercise: linear_regression
# diagnosis: pinv and lstsq pick one
# why: no error where the weights are not unique
def linear_regression(Phi, Y, ridge=0.0):
    return np.linalg.pinv(Phi.T @ Phi + ridge * np.eye(Phi.shape[1])) @ Phi.T @ Y
