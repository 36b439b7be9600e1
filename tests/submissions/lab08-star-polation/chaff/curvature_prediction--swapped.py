# exercise: curvature_prediction
# diagnosis: swapped
# why: takes s for the way from x₊
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return (1 - s) * y_plus + s * y_minus - s * (1 - s) * ratio * (y_plus + y_minus)
