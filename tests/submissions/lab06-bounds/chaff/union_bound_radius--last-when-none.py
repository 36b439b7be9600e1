# exercise: union_bound_radius
# diagnosis: but a radius came back
# why: the end of the grid instead of an error
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[grid >= norm].min() if (grid >= norm).any() else grid.max()
