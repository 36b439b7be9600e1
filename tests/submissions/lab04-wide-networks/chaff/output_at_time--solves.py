# exercise: output_at_time
# diagnosis: no finite answer for a singular K_train
# why: divides by K_train
from scipy.linalg import expm


def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    learned = (np.eye(len(Y)) - expm(-K_train * t)) @ (Y - f0_train)
    return f0_test + K_test @ np.linalg.solve(K_train, learned)
