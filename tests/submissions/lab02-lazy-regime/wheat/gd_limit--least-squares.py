# exercise: gd_limit
# why: lstsq returns the shortest solution and the rank
def gd_limit(Phi, Y, w0, h0):
    change, _, rank, _ = np.linalg.lstsq(Phi, Y - h0, rcond=1e-12)
    if rank < len(Y):
        raise ValueError(f"rank {rank}")
    return w0 + change
