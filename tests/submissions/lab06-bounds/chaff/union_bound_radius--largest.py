# exercise: union_bound_radius
# diagnosis: the largest radius of the grid
# why: the safe one
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid.max() if grid.max() >= norm else [][0]
