# exercise: network_nfl
# diagnosis: all networks have the seed `seed`
# why: the seed as it is for all
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        [seed] * c,
        np.repeat(domain[None, train], c, axis=0),
        modes[:, train],
        eta,
        steps,
    )
    out = ensemble.outputs(domain)[:, :, 0]
    return np.sum(modes * out, axis=1) / np.sum(modes**2, axis=1)
