# exercise: gaussian_expectation
# diagnosis: wrong value
# why: one number whatever comes in
def gaussian_expectation(f, g, Kxx, Kxz, Kzz, order):
    return 0.5
