# exercise: kernel_drift
# why: Jacobians by torch.func and einsum
def kernel_drift(net0, net1, X):
    def kernel(net):
        f = networks.NetFunction(net)
        J = torch.func.jacrev(f)(f.w0, torch.as_tensor(X))[:, 0]
        return torch.einsum("ip,jp->ij", J, J)

    K0, K1 = kernel(net0), kernel(net1)
    return torch.sqrt(((K1 - K0) ** 2).sum() / (K0**2).sum()).item()
