# exercise: expected_loss
# diagnosis: the second-order term is 0
# why: every entry of the Hessian summed, the outputs taken for dependent
def expected_loss(loss, mean, variance, y):
    def of(z, target):
        if loss == "mse":
            return ((z - target) ** 2).sum() / 2
        return -(target * torch.log_softmax(z, dim=0)).sum()

    total = 0.0
    for m, v, target in zip(torch.as_tensor(mean), variance, torch.as_tensor(y)):
        hessian = torch.autograd.functional.hessian(lambda z: of(z, target), m)
        total += of(m, target) + 0.5 * v * hessian.sum()
    return float(total)
