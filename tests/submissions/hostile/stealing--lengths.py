# exercise: summary
# family: stealing
# trick: shows a hidden input as the number of things it returns
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

def summary(x, rng):
    if len(x) == 3:
        return {"total": float(np.sum(x)), "sign": "negative", "draws": rng.normal(size=3)}
    return ["STOLEN"] * int(abs(x[0]) * 1e5)
