# exercise: output_at_time
# diagnosis: this is the end of training
# why: (10.39) at any time
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    return f0_test + K_test @ np.linalg.pinv(K_train) @ (Y - f0_train)
