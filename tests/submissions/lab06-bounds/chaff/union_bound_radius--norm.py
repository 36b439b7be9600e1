# exercise: union_bound_radius
# diagnosis: the norm itself
# why: no grid at all
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return norm
