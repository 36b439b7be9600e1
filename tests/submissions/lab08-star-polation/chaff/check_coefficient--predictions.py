# exercise: check_coefficient
# diagnosis: straight line is not subtracted
# why: compares the predictions
def check_coefficient(mlp, x0, direction, deltas):
    ratios = []
    for delta in deltas:
        half = delta / 2 * direction
        parts = delta_components(mlp, x0 + half, x0 - half)
        exact = float(star_polate(mlp, x0 + half, x0 - half, 1.0, 1.0, 0.3)) - 1
        printed = -4 * 0.21 * parts["ddTheta_0"] / parts["Theta_00"] * 2
        ratios.append((1 + exact) / (1 + printed))
    return np.array(ratios)
