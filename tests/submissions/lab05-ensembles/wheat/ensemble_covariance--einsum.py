# exercise: ensemble_covariance
# why: four einsums, as (10.41) is printed
def ensemble_covariance(Theta_train, Theta_test, K_train, K_test, K_test_test):
    inverse = np.linalg.pinv(Theta_train)
    first = np.einsum("bp,pq,aq->ab", Theta_test, inverse, K_test)
    second = np.einsum("ap,pq,bq->ab", Theta_test, inverse, K_test)
    third = np.einsum("ap,pq,br,rs,sq->ab", Theta_test, inverse, Theta_test, inverse, K_train)
    return K_test_test - first - second + third
