# exercise: residual_after
# why: torch tensors, einsum
def residual_after(H, r0, eta, n, steps):
    values, Q = torch.linalg.eigh(torch.as_tensor(H))
    return torch.einsum("ij,j,kj,k->i", Q, (1 - eta * values / n) ** steps, Q, torch.as_tensor(r0))
