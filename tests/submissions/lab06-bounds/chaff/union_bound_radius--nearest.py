# exercise: union_bound_radius
# diagnosis: the nearest radius
# why: argmin of the distance
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[np.argmin(np.abs(grid - norm))]
