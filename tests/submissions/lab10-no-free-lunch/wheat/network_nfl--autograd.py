# exercise: network_nfl
# why: its own descent, in double precision
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    import torch

    X, f = torch.as_tensor(domain), torch.as_tensor(modes)
    D, shares = torch.as_tensor(train), []
    for i in range(len(f)):
        net = networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=len(f) * seed + i).double()
        start = net(X).detach()
        weights = list(net.parameters())
        for _ in range(steps):
            loss = ((net(X[D]) - start[D])[:, 0] - f[i, D]).square().sum() / (2 * len(D))
            for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)):
                weight.data -= eta * gradient
        learned = (net(X).detach() - start)[:, 0]
        shares.append(float((learned * f[i]).sum() / f[i].square().sum()))
    return np.array(shares)
