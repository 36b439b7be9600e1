# exercise: depth_recursion
# diagnosis: K_00
# why: ones everywhere
def depth_recursion(activation, C_b, C_W, K0, delta2, lambda_b, lambda_W):
    ones = np.ones(len(lambda_b))
    return {"K_00": ones, "ddK_2": ones, "Theta_00": ones, "ddTheta_2": ones}
