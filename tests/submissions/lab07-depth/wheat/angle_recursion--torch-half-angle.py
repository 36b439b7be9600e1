# exercise: angle_recursion
# why: torch arrays and the half-angle form
import torch


def angle_recursion(rho, psi0, depth, lambda_b=0.0, lambda_W=1.0, K_d=1.0, A_2=1.0):
    V = lambda_W * A_2 * K_d
    psi, cos_zeta = [psi0], [(lambda_b + V * np.cos(psi0)) / (lambda_b + V)]
    for n in range(1, depth):
        old, c = psi[-1], cos_zeta[-1]
        new_cos = np.cos(old) + rho * (np.sin(old) - old * np.cos(old))
        new = 2 * np.arctan2(np.sqrt(max((1 - new_cos) / 2, 0)), np.sqrt(max((1 + new_cos) / 2, 0)))
        kept = (1 - rho * old) * n * c
        gain = (lambda_b + V * new_cos) / (lambda_b + V)
        psi.append(new)
        cos_zeta.append((kept + gain) / (n + 1))
    return torch.tensor(psi), torch.tensor(cos_zeta)
