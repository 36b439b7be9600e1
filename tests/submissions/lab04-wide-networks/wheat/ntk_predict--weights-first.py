# exercise: ntk_predict
# why: the other way round: smoothing weights of each test point, then the residual
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    smoother = np.linalg.solve(K_train, K_test.T).T
    return smoother @ Y + (f0_test - smoother @ f0_train)
