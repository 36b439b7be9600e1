# exercise: union_bound_radius
# why: sort, then the first that is large enough
def union_bound_radius(H, Y, grid):
    norm = solution_norm(H, Y)
    for radius in sorted(grid):
        if radius >= norm:
            return radius
    raise ValueError("the grid is too short")
