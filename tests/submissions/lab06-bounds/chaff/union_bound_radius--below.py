# exercise: union_bound_radius
# diagnosis: the largest radius *below* the norm
# why: rounds down
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[grid < norm].max()
