# exercise: union_bound_radius
# diagnosis: the grid is compared with YᵀH⁻¹Y/n
# why: the measure
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[grid >= norm**2 / len(H)].min()
