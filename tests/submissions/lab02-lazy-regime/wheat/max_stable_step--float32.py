# exercise: max_stable_step
# why: single precision, torch
def max_stable_step(H, n):
    return 2 * n / torch.linalg.eigvalsh(torch.as_tensor(H).float()).max()
