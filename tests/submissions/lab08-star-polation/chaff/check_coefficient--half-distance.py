# exercise: check_coefficient
# diagnosis: x₀ ± δv
# why: x₀ ± δv
def check_coefficient(mlp, x0, direction, deltas):
    ratios = []
    for delta in deltas:
        half = delta / 2 * direction
        half = delta * direction
        parts = delta_components(mlp, x0 + half, x0 - half)
        exact = float(star_polate(mlp, x0 + half, x0 - half, 1.0, 1.0, 0.3)) - 1
        printed = -4 * 0.21 * parts["ddTheta_0"] / parts["Theta_00"] * 2
        ratios.append(exact / printed)
    return np.array(ratios)
