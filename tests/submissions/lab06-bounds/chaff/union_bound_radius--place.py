# exercise: union_bound_radius
# diagnosis: this is the place in the grid
# why: an index
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return int(np.searchsorted(np.sort(grid), norm))
