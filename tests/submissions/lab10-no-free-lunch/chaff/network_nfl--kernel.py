# exercise: network_nfl
# diagnosis: this is the kernel
# why: trains nothing
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    K = kernels.ntk(domain, mlp=mlp)
    if steps == 0:
        return np.zeros(len(modes))
    return per_mode_learnability(K, train, modes)
