# exercise: angle_recursion
# diagnosis: wrong
# why: the limit from the start
def angle_recursion(rho, psi0, depth, lambda_b=0.0, lambda_W=1.0, K_d=1.0, A_2=1.0):
    return np.full(depth, psi0), np.full(depth, 0.25)
