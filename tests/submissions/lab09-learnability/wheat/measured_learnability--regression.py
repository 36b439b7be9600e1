# exercise: measured_learnability
# why: the slope of a linear regression of the prediction on the target, by an earlier lab's function
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    from ntklab import regression

    slope = regression.linear_regression(f[:, None], np.atleast_2d(f_hat).T)[0]
    return slope[0] if np.ndim(f_hat) == 1 else slope
