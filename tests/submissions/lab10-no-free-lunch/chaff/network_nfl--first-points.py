# exercise: network_nfl
# diagnosis: the first n points
# why: takes the first n points
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        range(c * seed, c * seed + c),
        np.repeat(domain[None, : len(train)], c, axis=0),
        modes[:, : len(train)],
        eta,
        steps,
    )
    out = ensemble.outputs(domain)[:, :, 0]
    return np.sum(modes * out, axis=1) / np.sum(modes**2, axis=1)
