# exercise: check_coefficient
# why: earlier exercises, comprehension
def check_coefficient(mlp, x0, direction, deltas):
    def ratio(delta):
        ends = x0 + delta / 2 * direction, x0 - delta / 2 * direction
        straight = linear_star_polation(1.0, 1.0, 0.3)
        law = curvature_prediction(delta_components(mlp, *ends), 1.0, 1.0, 0.3)
        return (star_polate(mlp, *ends, 1.0, 1.0, 0.3) - straight) / (4 * (law - straight))

    return np.array([float(ratio(delta)) for delta in deltas])
