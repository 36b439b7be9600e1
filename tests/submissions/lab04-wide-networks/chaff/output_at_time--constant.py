# exercise: output_at_time
# diagnosis: entries are wrong
# why: one number for all
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    return np.ones(np.shape(f0_test))
