# exercise: kernel_drift
# why: single precision in torch
def kernel_drift(net0, net1, X):
    x = torch.as_tensor(X, dtype=torch.float32)
    nets = [networks.NTKNet.from_config(net.config, net.flat_weights().float()) for net in (net0, net1)]
    K0, K1 = (empirical.empirical_ntk(net, x) for net in nets)
    return (K1 - K0).norm() / K0.norm()
