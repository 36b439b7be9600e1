# exercise: union_bound_radius
# why: bisection in the sorted grid
def union_bound_radius(H, Y, grid):
    radii = np.sort(np.asarray(grid))
    place = np.searchsorted(radii, solution_norm(H, Y))
    if place == len(radii):
        raise ValueError(f"{radii[-1]} is too small")
    return radii[place]
