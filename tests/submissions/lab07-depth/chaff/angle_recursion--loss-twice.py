# exercise: angle_recursion
# diagnosis: ρψ is counted twice
# why: two for C_W
def angle_recursion(rho, psi0, depth, lambda_b=0.0, lambda_W=1.0, K_d=1.0, A_2=1.0):
    V = lambda_W * A_2 * K_d
    psi, cos_zeta = [psi0], [(lambda_b + V * np.cos(psi0)) / (lambda_b + V)]
    for n in range(1, depth):
        old, c = psi[-1], cos_zeta[-1]
        new_cos = np.cos(old) + rho * (np.sin(old) - old * np.cos(old))
        new = np.arccos(np.clip(new_cos, -1, 1))
        kept = (1 - 2 * rho * old) * n * c
        gain = (lambda_b + V * new_cos) / (lambda_b + V)
        psi.append(new)
        cos_zeta.append((kept + gain) / (n + 1))
    return np.array(psi), np.array(cos_zeta)
