# exercise: measured_learnability
# why: a torch tensor comes back
def measured_learnability(f, f_hat):
    if not np.any(f):
        raise ValueError('no target')
    import torch

    f, f_hat = torch.as_tensor(f), torch.as_tensor(f_hat)
    return f_hat @ f / torch.dot(f, f)
