# exercise: ntk_predict
# why: one output and one test point at a time
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    answer = np.array(f0_test, dtype=float)
    for c in range(Y.shape[1]):
        alpha = np.linalg.solve(K_train, Y[:, c] - f0_train[:, c])
        for j in range(len(K_test)):
            answer[j, c] += sum(k * a for k, a in zip(K_test[j], alpha))
    return answer
