# exercise: network_nfl
# why: trained in single precision, on the shifted targets of lab 4
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    import torch

    c = len(modes)
    nets = [networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=c * seed + i) for i in range(c)]
    start = np.stack([net(domain)[:, 0] for net in nets])
    ensemble = networks.train_ensemble(
        lambda i: nets[i],
        range(c),
        np.stack([domain[train]] * c),
        (modes + start)[:, train],
        eta,
        steps,
        dtype=torch.float32,
        centered=False,
    )
    learned = np.asarray(ensemble.outputs(domain))[:, :, 0] - start
    return (modes * learned).sum(1) / (modes**2).sum(1)
