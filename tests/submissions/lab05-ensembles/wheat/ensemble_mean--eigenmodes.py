# exercise: ensemble_mean
# why: by eigenvectors, in torch
def ensemble_mean(Theta_train, Theta_test, y):
    values, Q = torch.linalg.eigh(torch.as_tensor(Theta_train))
    modes = Q.T @ torch.as_tensor(y)
    scaled = modes / (values if y.ndim == 1 else values[:, None])
    return torch.as_tensor(Theta_test) @ (Q @ scaled)
