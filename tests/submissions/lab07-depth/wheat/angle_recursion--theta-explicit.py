# exercise: angle_recursion
# why: Theta_d and its off-diagonal carried, L = depth
def angle_recursion(rho, psi0, depth, lambda_b=0.0, lambda_W=1.0, K_d=1.0, A_2=1.0):
    b, W = lambda_b / depth, lambda_W / depth
    kernel, psi = K_d * np.cos(psi0), [psi0]
    diagonal, off = [b + W * A_2 * K_d], [b + W * A_2 * kernel]
    for _ in range(depth - 1):
        angle = psi[-1]
        kernel = K_d * (np.cos(angle) + rho * (np.sin(angle) - angle * np.cos(angle)))
        psi.append(np.arccos(max(-1.0, min(1.0, kernel / K_d))))
        off.append((1 - rho * angle) * off[-1] + b + W * A_2 * kernel)
        diagonal.append(diagonal[-1] + b + W * A_2 * K_d)
    return np.array(psi), np.array(off) / np.array(diagonal)
