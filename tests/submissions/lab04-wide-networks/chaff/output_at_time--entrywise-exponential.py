# exercise: output_at_time
# diagnosis: np.exp of a matrix works entry by entry
# why: np.exp of the kernel matrix
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    decay = np.exp(-K_train * t)
    return f0_test + K_test @ np.linalg.pinv(K_train) @ (np.eye(len(Y)) - decay) @ (Y - f0_train)
