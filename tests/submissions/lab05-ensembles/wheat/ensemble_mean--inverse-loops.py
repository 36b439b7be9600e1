# exercise: ensemble_mean
# why: an explicit inverse and one test point and one output at a time
def ensemble_mean(Theta_train, Theta_test, y):
    inverse = np.linalg.inv(Theta_train)
    targets = y.reshape(len(y), -1)
    answer = np.zeros((len(Theta_test), targets.shape[1]))
    for b in range(len(Theta_test)):
        for i in range(targets.shape[1]):
            answer[b, i] = sum(Theta_test[b] @ inverse[:, a] * targets[a, i] for a in range(len(targets)))
    return answer[:, 0] if y.ndim == 1 else answer
