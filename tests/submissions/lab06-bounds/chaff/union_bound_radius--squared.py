# exercise: union_bound_radius
# diagnosis: the grid is compared with YᵀH⁻¹Y: the radius is its root
# why: the range on the slide
def union_bound_radius(H, Y, grid):
    grid, norm = np.asarray(grid, dtype=float), np.sqrt(np.sum(Y * np.linalg.solve(H, Y)))
    return grid[grid >= norm**2].min()
