# exercise: union_bound_radius
# diagnosis: the first radius in the list
# why: takes the grid for sorted
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[grid >= norm][0]
