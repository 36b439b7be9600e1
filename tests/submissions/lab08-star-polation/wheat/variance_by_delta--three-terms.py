# exercise: variance_by_delta
# why: the three terms
def variance_by_delta(mlp, x0, direction, deltas):
    out = []
    for delta in deltas:
        ends = np.stack([x0 + delta / 2 * direction, x0 - delta / 2 * direction])
        place = (0.3 * ends[0] + 0.7 * ends[1])[None]
        w = np.linalg.inv(kernels.ntk(ends, mlp=mlp)) @ kernels.ntk(ends, place, mlp=mlp)
        cross = kernels.nngp(ends, place, mlp=mlp)
        variance = kernels.nngp(place, mlp=mlp) - 2 * w.T @ cross + w.T @ kernels.nngp(ends, mlp=mlp) @ w
        out.append(variance[0, 0])
    return np.array(out)
