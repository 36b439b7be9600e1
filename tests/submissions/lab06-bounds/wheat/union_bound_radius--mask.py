# exercise: union_bound_radius
# why: a mask on an array; NumPy refuses an empty minimum
def union_bound_radius(H, Y, grid):
    grid = np.asarray(grid, dtype=float)
    return grid[grid**2 >= np.sum(Y * np.linalg.solve(H, Y))].min()
