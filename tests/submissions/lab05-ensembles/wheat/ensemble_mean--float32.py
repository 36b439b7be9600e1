# exercise: ensemble_mean
# why: single precision
def ensemble_mean(Theta_train, Theta_test, y):
    Theta_train, Theta_test, y = (np.asarray(v, dtype=np.float32) for v in (Theta_train, Theta_test, y))
    return Theta_test @ np.linalg.solve(Theta_train, y)
