# exercise: nfl_sum
# why: singular values by torch, one at a time, the answer in single precision
def nfl_sum(K, train, ridge=0.0):
    import torch

    D = torch.as_tensor(train)
    values = torch.linalg.svdvals(torch.as_tensor(K)[D][:, D])
    total = torch.zeros((), dtype=torch.float32)
    for value in values:
        if value > 1e-10 * values[0]:
            total += value / (value + ridge)
    return total
