# exercise: newton_step
# why: one system per output, in torch
def newton_step(Theta_train, Theta_test, Y, f0_train, f0_test):
    Theta, error = torch.as_tensor(Theta_train), torch.as_tensor(f0_train - Y)
    columns = [torch.as_tensor(Theta_test) @ torch.linalg.solve(Theta, error[:, i]) for i in range(error.shape[1])]
    return torch.as_tensor(f0_test) - torch.stack(columns, dim=1)
