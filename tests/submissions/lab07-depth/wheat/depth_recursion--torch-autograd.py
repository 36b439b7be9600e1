# exercise: depth_recursion
# why: second derivative by autograd, tensors returned
import torch


def depth_recursion(activation, C_b, C_W, K0, delta2, lambda_b, lambda_W):
    nodes, weights = torch.tensor(u), torch.tensor(w)
    rows = torch.zeros(4, len(lambda_b), dtype=torch.float64)
    rows[:, 0] = torch.tensor(
        [K0, delta2, lambda_b[0] + lambda_W[0] * (K0 - C_b) / C_W, lambda_W[0] * delta2 / C_W], dtype=torch.float64
    )
    for i in range(1, len(lambda_b)):
        K, ddK, Theta, ddTheta = rows[:, i - 1].tolist()
        z = (K**0.5 * nodes).requires_grad_()
        slope = activation.derivative(z)
        curve = torch.zeros_like(z)
        if slope.requires_grad:
            (curve,) = torch.autograd.grad(slope.sum(), z)
        square, perp, bend = (float(weights @ g.detach() ** 2) for g in (activation.f(z), slope, curve))
        rows[0, i] = C_b + C_W * square
        rows[1, i] = C_W * perp * ddK
        rows[2, i] = lambda_b[i] + lambda_W[i] * square + C_W * perp * Theta
        rows[3, i] = C_W * perp * ddTheta + (lambda_W[i] * perp + C_W * bend * Theta) * ddK
    return dict(zip(["K_00", "ddK_2", "Theta_00", "ddTheta_2"], rows, strict=True))
