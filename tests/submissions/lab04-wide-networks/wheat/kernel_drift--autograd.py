# exercise: kernel_drift
# why: gradients of every output by autograd, collected in loops
def kernel_drift(net0, net1, X):
    def kernel(net):
        features = []
        for x in torch.as_tensor(X):
            net.zero_grad()
            net(x[None]).sum().backward()
            features.append(torch.cat([p.grad.ravel() for p in net.parameters()]))
        features = torch.stack(features)
        return features @ features.T

    before = kernel(net0)
    return float((kernel(net1) - before).norm() / before.norm())
