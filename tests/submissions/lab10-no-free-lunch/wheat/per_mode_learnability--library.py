# exercise: per_mode_learnability
# why: kernel regression and measured learnability of earlier labs
def per_mode_learnability(K, train, modes):
    predicted = regression.kernel_regression(K[train][:, train], K[:, train], modes[:, train].T)
    return learnability.measured_learnability(modes.T, predicted)
