# exercise: output_at_time
# why: single precision in torch
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    K, k, y, f, g = (torch.as_tensor(v, dtype=torch.float32) for v in (K_train, K_test, Y, f0_train, f0_test))
    rates, Q = torch.linalg.eigh(K)
    positive = rates > 1e-6 * rates.abs().max()
    gain = torch.where(positive, -torch.expm1(-rates * t) / torch.where(positive, rates, torch.ones_like(rates)), t)
    return g + k @ (Q * gain) @ (Q.T @ (y - f))
