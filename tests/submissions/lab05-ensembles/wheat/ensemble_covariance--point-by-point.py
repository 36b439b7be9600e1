# exercise: ensemble_covariance
# why: one pair of test points at a time
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    m = len(Theta_test)
    rows = [np.linalg.solve(Theta_train, Theta_test[b]) for b in range(m)]
    answer = np.empty((m, m))
    for a in range(m):
        for b in range(m):
            answer[a, b] = (
                K_test_test[a, b] - rows[a] @ K_test[b] - K_test[a] @ rows[b] + rows[a] @ K_train @ rows[b]
            )
    return answer
