# exercise: expected_loss
# why: one Hessian of all outputs at once by torch.func, and its diagonal
def expected_loss(loss, mean, variance, y):
    y = torch.as_tensor(y)

    def total(z):
        if loss == "cross_entropy":
            return torch.nn.functional.cross_entropy(z, y, reduction="sum")
        return 0.5 * torch.nn.functional.mse_loss(z, y, reduction="sum")

    z = torch.as_tensor(mean)
    full = torch.func.jacrev(torch.func.jacrev(total))(z)
    return total(z) + 0.5 * torch.einsum("bibi,b->", full, torch.as_tensor(variance))
