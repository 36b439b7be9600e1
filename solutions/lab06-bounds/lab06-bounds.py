# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   ntklab:
#     title: Can a bound tell true labels from random ones?
#     question: A wide network fits any labels. Which number, computed from the training set alone, warns you of a bad fit?
#     minutes: 160
# ---

# %% [markdown]
# # Lab 6 · Can a bound tell true labels from random ones?
#
# **The question.** Lab 5 ended with two of them. Is there a number, computed from the training set alone, that warns
# you of a large test error? And if a network fits random labels as well, how could any theory of it promise anything
# about new images? The second one is not rhetorical. In 2017 Zhang et al. trained image networks on labels drawn by
# coin flips, and the training error went to zero as before. A theory that only looks at *which functions the network
# can represent* must treat both fits alike, and one of them is worthless.
#
# The way out needs the labels. A wide network that fits true labels moves its weights a short way; to fit random ones
# it has to go far. That distance has a formula, $\sqrt{Y^\top H^{-1} Y}$, which you can compute before any training.
# In this lab you turn it into a bound on the test error, find out where the bound says something and where it does
# not, and see what the number can tell even where the bound is silent.
#
# **After this lab you can**
#
# 1. compute the Rademacher complexity of a ball of functions, by sampling and by a bound, and say what it measures;
# 2. compute how far training moves the weights, without an inverse, and read it eigenvector by eigenvector;
# 3. tell true labels from corrupted ones on the training set alone, and say when the comparison is not allowed;
# 4. state a generalization bound with its conditions, and say where it is vacuous;
# 5. mend an argument that picks its radius after seeing the data, with a grid and a union bound;
# 6. decide from a growth exponent whether a target is learnable by a kernel.
#
# **You need** lab 2 (where gradient descent goes), lab 3 (the kernel of a two-layer network), lab 4 (a trained wide
# network is kernel regression). NumPy, Cholesky factors, expectations.
#
# **Time**: 160 minutes. Seven exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | section 1: the slides "Rethinking generalization" and "Consequences of these observations" | what has to be explained |
# | S2 | section 4: "Generalization analysis" (two theorems) and the proof sketch "Adaptive bound" | the road of this lab |
# | Zhang et al., *Understanding deep learning requires rethinking generalization* (2017) | figure 1 | the figure that you will redraw, on digits |
# | Arora et al., *Fine-Grained Analysis of Optimization and Generalization* (2019) | Theorem 5.1 | the theorem that S2 simplifies |
# | course | `errata.md`, entry 2 and E22 to E24 | what these slides print differently |

# %% [markdown]
# ## How to work here
#
# As in the labs before: run from the top, write where it says `YOUR CODE HERE`, read what the test cell below says.
# Hidden tests do the same on fresh inputs. `lab.hint("solution_norm")` prints the next of three hints. What you built
# in labs 1 to 5 now stands in `ntklab` and may be used, such as `kernels.two_layer_ntk` (lab 3) and
# `regression.kernel_regression` (lab 4). What this lab asks for is withheld, and so is everything that would answer
# it in one line.

# %% role="setup"
import numpy as np
import torch

from ntklab import datasets, kernels, lab, networks, regression

lab.start("lab06-bounds")

images, odd = datasets.digits(labels="odd_even")  # 1,797 images of length 1; +1 for odd digits, -1 for even ones
X_train, X_test, y_train, y_test = datasets.split(images, odd, 1000, rng=0)
shares = [0.0, 0.1, 0.25, 0.5, 0.75, 1.0]  # of labels that are drawn anew by coin flips

# %% role="demo" name="drawing"
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.8, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})


def share_of_errors(outputs, labels):
    """Share of wrong signs; outputs (m,) or (m, c), labels (m,)."""
    return np.mean(np.sign(outputs).T != labels, axis=-1)


# %% [markdown]
# ## 1 · A network fits anything
#
# Odd against even digits. Some of the training labels are **corrupted**: with share $q$, each label is drawn anew by
# a coin flip, with probability $q$ and whatever it was before. (A flip hits the true label half of the time, so a
# share $q$ leaves about $q/2$ of the labels wrong.) Corruption here is *nested*: the labels redrawn at $q = 0.25$ are
# redrawn alike at $0.5$. Two more training sets keep the true labels and spoil the images: in one, the 64 pixels of
# each image are put in an order of its own; in the other the images are Gaussian noise.
#
# **Predict, then run.** Write down: (1) On which of these six training sets does a network with one hidden layer
# reach training error 0? (2) Which one takes the most steps? (3) What is the test error, on clean images with true
# labels, after training at share 1?

# %% role="gpu" name="fits-anything"
device = networks.default_device()
n_few = networks.pick_size(cpu=100, cuda=1000)
width = networks.pick_size(cpu=512, cuda=4096)
few_shares = [0.0, 0.25, 0.5, 1.0]
X_few, y_few = X_train[:n_few], y_train[:n_few]
noise = datasets.noise_images(X_few, rng=0)
spoilt = {
    "pixels shuffled": datasets.shuffle_pixels(X_few, rng=0),
    "noise images": noise / np.linalg.norm(noise, axis=1, keepdims=True),
}
few_inputs = np.stack([X_few] * len(few_shares) + list(spoilt.values()))
few_labels = np.vstack([datasets.corrupt_labels(y_few, few_shares, rng=1), y_few, y_few])
names = [f"share {share:g}" for share in few_shares] + list(spoilt)

# 8 x has length √d, so the kernel of these networks is 4 · two_layer_ntk of the images (lab 3)
largest = np.linalg.eigvalsh(4 * kernels.two_layer_ntk(X_few))[-1]
trained = networks.train_ensemble(
    lambda seed: networks.NTKNet(64, width, seed=seed, C_W=2.0),
    range(len(names)),
    8 * few_inputs,
    few_labels,
    eta=1.2 * n_few / largest,  # descent is stable below 2n over the largest eigenvalue (lab 2)
    steps=networks.pick_size(cpu=4000, cuda=60_000),
    stop_loss=0.025,  # ½ · a mean square of 0.05
    dtype=torch.float32,
    device=device,
)
outputs = np.asarray(trained.outputs(8 * few_inputs))[:, :, 0]
test_outputs = np.asarray(trained.outputs(8 * X_test))[:, :, 0]
network_steps = np.asarray(trained.steps_taken)
training_errors = [share_of_errors(*pair) for pair in zip(outputs, few_labels, strict=True)]
network_errors = share_of_errors(test_outputs.T, y_test)
print(f"{n_few} images, width {width} on {device}, until the mean square is 0.05")
for i, name in enumerate(names):
    error = f"{network_errors[i]:.3f}" if i < len(few_shares) else "  -  "
    print(f"{name:16} training error {training_errors[i]:.2f}   test error {error}   {network_steps[i]:5} steps")

# %% role="gpu" name="three-panels"
fig, axes = plt.subplots(1, 3, figsize=(10, 3.3))
styles = ["k-", "k--", "k-.", "k:", "0.55", "0.75"]
for i, name in enumerate(names):
    losses = 2 * np.asarray(trained.losses)[i, : network_steps[i] + 1]
    colour = {"color": styles[i]} if i >= len(few_shares) else {"color": "k", "ls": styles[i][1:]}
    axes[0].plot(losses, label=name, lw=1.4, **colour)
axes[0].set(yscale="log", xlabel="step of gradient descent", ylabel="mean square on training set")
axes[0].legend(fontsize=7)
few_kernel, few_cross = kernels.two_layer_ntk(X_few), kernels.two_layer_ntk(X_test, X_few)
values, vectors = np.linalg.eigh(few_kernel)


def flow_time(labels, target=0.05):
    """Time at which gradient flow on the kernel reaches this mean square, by eigenvectors (lab 4) and bisection."""
    power = (vectors.T @ labels) ** 2 / len(labels)
    low, high = 0.0, 1e6
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if power @ np.exp(-2 * values * middle) > target else (low, middle)
    return high


flow_times = np.array([flow_time(labels) for labels in few_labels[: len(few_shares)]])
kernel_errors = share_of_errors(
    regression.kernel_regression(few_kernel, few_cross, few_labels[: len(few_shares)].T), y_test
)
axes[1].plot(few_shares, network_steps[:4] / network_steps[0], "ko-", label="network, steps")
axes[1].plot(few_shares, flow_times / flow_times[0], "k^--", mfc="white", label="kernel, gradient flow")
axes[1].set(xlabel="share of labels drawn anew", ylabel="time to fit / time at share 0", ylim=(0, None))
axes[2].axhline(0.5, color="0.5", ls=":", lw=1)
axes[2].plot(few_shares, network_errors[:4], "ko-", label="network")
axes[2].plot(few_shares, kernel_errors, "k^--", mfc="white", label="kernel")
axes[2].set(xlabel="share of labels drawn anew", ylabel="test error", ylim=(0, 0.6))
for ax in axes[1:]:
    ax.legend(fontsize=8, loc="lower right")
plt.show()
kernel_outputs = regression.kernel_regression(few_kernel, few_kernel, few_labels[: len(few_shares)].T)
print(
    "kernel: largest gap to its training labels",
    f"{np.abs(kernel_outputs.T - few_labels[: len(few_shares)]).max():.0e}",
)

# %% [markdown]
# <details><summary>What happened, and the expected picture (CPU sizes; open after running)</summary>
#
# ![Three panels. Left: the mean square on the training set falls from 1 to 0.05 in all six runs, fastest with shuffled pixels, noise images and true labels, slowest with coin flips. Middle: the time to fit, relative to true labels, rises with the share of redrawn labels to about three, for the network and for the kernel. Right: the test error rises from below 0.1 to about a half, the network's and the kernel's on nearly the same line.](three-panels.png)
#
# These are the three panels of the figure on the slide "Rethinking generalization", on digits. Every set is fitted,
# to the last sign. Random labels take three times as long, not forever, and the kernel, which has no width and no
# seed, does exactly the same: so the riddle is not about networks in particular. It is about any model with more
# parameters than data, and kernels are where it can be solved.
#
# Nothing in the *training error* tells the runs apart. The time does, a little. Something else will do better.
#
# </details>

# %% [markdown]
# ## 2 · Worked example: two points, width three
#
# A network of width three, $f(x) = \sum_{i=1}^3 a_i\,\sigma(\langle b_i, x\rangle)$, of which only the read-out $a$
# is trained, from $a = 0$. (Without the $1/\sqrt 3$, to keep the numbers whole.) Hidden weights $b_1 = (2, 2)$, $b_2
# = (1, 2)$, $b_3 = (2, 1)$; the two training inputs are $x_1 = (1, 0)$ and $x_2 = (0, 1)$. The features are the
# hidden activations, and the kernel their inner products:
#
# $$\phi(x_1) = (2, 1, 2), \quad \phi(x_2) = (2, 2, 1), \qquad
#   H = \begin{pmatrix} 9 & 8 \\ 8 & 9\end{pmatrix}, \qquad H^{-1} = \frac1{17}\begin{pmatrix} 9 & -8 \\ -8 & 9\end{pmatrix}.$$
#
# To this network the two inputs look much alike. Now give them labels:
#
# | labels $Y$ | $Y^\top H^{-1} Y$ | weights after training $\Phi^\top H^{-1} Y$ | their length |
# |---|---|---|---|
# | $(1, 1)$, equal | $\frac{1}{17}(9 + 9 - 16) = \frac{2}{17}$ | $\frac1{17}(4, 3, 3)$ | $\frac{\sqrt{34}}{17} = \sqrt{2/17} \approx 0.34$ |
# | $(1, -1)$, different | $\frac{1}{17}(9 + 9 + 16) = 2$ | $(0, -1, 1)$ | $\sqrt 2 \approx 1.41$ |
#
# Both are fitted exactly: $\langle\phi(x_1), (0, -1, 1)\rangle = 1$ and $\langle\phi(x_2), (0, -1, 1)\rangle = -1$.
# But different labels on similar inputs cost *four times the way*. The length of the way is $\sqrt{Y^\top H^{-1}Y}$,
# in both rows.
#
# Next, all functions that a way of length at most $W$ can reach. How well could they agree with coin flips $\sigma =
# (\sigma_1, \sigma_2)$?
#
# $$\sup_{\|v\| \le W} \frac12\sum_i \sigma_i\langle\phi(x_i), v\rangle = \sup_{\|v\| \le W}\frac12\Bigl\langle\sum_i\sigma_i\phi(x_i), v\Bigr\rangle
#   = \frac W2\,\Bigl\|\sum_i\sigma_i\phi(x_i)\Bigr\|$$
#
# The best $v$ points along the sum. Two of the four sign patterns are equal signs, $\|(4, 3, 3)\| = \sqrt{34}$, and
# two are different signs, $\|(0, -1, 1)\| = \sqrt 2$. Their mean is $\frac W4(\sqrt{34} + \sqrt2) = 1.81\,W$: this is
# the **Rademacher complexity** of the ball. And it is at most $\frac W2\sqrt{9 + 9} = 2.12\,W$, a bound that you will
# derive in a moment.

# %% role="demo" name="worked-example"
Phi = np.array([[2.0, 1, 2], [2, 2, 1]])
for labels in ([1.0, 1.0], [1.0, -1.0]):
    weights = np.linalg.lstsq(Phi, labels, rcond=None)[0]  # the shortest weights that fit
    print("labels", labels, " weights", np.round(weights, 4) + 0.0, " length", np.round(np.linalg.norm(weights), 4))

# %% [markdown]
# ## 3 · How rich is a ball?
#
# Conventions for the rest of the lab:
#
# | | here |
# |---|---|
# | `H`, `K` | the kernel matrix of the training inputs, $K_{ij} = \langle\phi(x_i), \phi(x_j)\rangle$, shape `(n, n)` |
# | `Y` | the residual that training has to bridge, $Y - h(w_0)$. The slides drop $h(w_0)$; here the outputs start at 0, and $Y$ holds labels ±1 |
# | the kernel | `kernels.two_layer_ntk`, weights from $\mathcal N(0, 1)$, images of length 1: then $k(x, x) = 1$ |
# | $1/n$ | is *in* the Rademacher complexity. S2 defines it without and bounds it with |
#
# The Rademacher complexity of a class of functions says how well the best of them agrees, on average, with coin flips
# at your inputs:
#
# $$\mathcal R = \mathbb E_\sigma\,\sup_{h}\,\frac1n\sum_{i=1}^n\sigma_i\,h(x_i).$$
#
# A class that can fit every sign pattern has a large one, and then small training error proves nothing. For the ball
# $\{x \mapsto \langle\phi(x), v\rangle : \|v\| \le W\}$ the supremum is the one of the worked example, and the kernel
# is all you need:
#
# $$\mathcal R = \frac Wn\;\mathbb E_\sigma\Bigl\|\sum_i\sigma_i\phi(x_i)\Bigr\| = \frac Wn\;\mathbb E_\sigma\sqrt{\sigma^\top K\sigma}.$$

# %% [markdown]
# ## Exercise 1 · `rademacher_ball`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# Estimate that mean with random signs, and say how good the estimate is.
# **Equation**: S2, theorem "Rademacher complexity of linear regression", its left-hand side with $1/n$.
#
# | | | |
# |---|---|---|
# | `K` | `(n, n)` | kernel matrix; it may be singular (fewer features than points) |
# | `radius` | number | $W \ge 0$ |
# | `n_draws` | whole number | how many sign vectors, at least 2 |
# | `rng` | `numpy.random.Generator` | the only source of randomness, so that a seed gives the same answer again |
# | returns | a pair of numbers `(mean, stderr)` | the estimate, and its *standard error*: the standard deviation of the draws divided by $\sqrt{\texttt{n\_draws}}$ |


# %% role="answer" exercise="rademacher_ball"
def rademacher_ball(K, radius, n_draws, rng):
    """Rademacher complexity of the ball of this radius, by Monte Carlo: (mean, standard error)."""
    ### BEGIN SOLUTION
    n = len(K)
    signs = rng.choice([-1.0, 1.0], size=(n_draws, n))
    squares = np.sum((signs @ K) * signs, axis=1)
    suprema = radius / n * np.sqrt(np.maximum(squares, 0))  # a singular K can round to a tiny negative number
    return float(suprema.mean()), float(suprema.std(ddof=1) / np.sqrt(n_draws))
    ### END SOLUTION


# %% role="visible" exercise="rademacher_ball"
t = lab.tests("rademacher_ball")
K, W, N = np.array([[5.0, 4.0], [4.0, 5.0]]), 3.0, 20_000
equal, different = np.sqrt(18.0), np.sqrt(2.0)  # √(σᵀKσ) for equal and for different signs
mean, sd = W / 2 * (equal + different) / 2, W / 2 * (equal - different) / 2
turn = np.linspace(0, 2 * np.pi, 2001)[:-1]
gaussian_mean = W / 2 * np.sqrt(np.pi / 2) * np.sqrt(9 * np.cos(turn) ** 2 + np.sin(turn) ** 2).mean()
# two per cent is 5.7 standard errors of this mean; the nearest mistake is 5 per cent away
t.close(
    "two points, by hand: half of the draws give √18, half √2, times W/n",
    lambda: rademacher_ball(K, W, N, np.random.default_rng(1))[0],
    mean,
    rtol=0.02,
    mistakes={
        "the 1/n is missing: S2's definition drops it, its bound has it, and here it is in": 2 * mean,
        "1/√n in place of 1/n": np.sqrt(2) * mean,
        "divided by n twice: once is enough, for the mean over the points": mean / 2,
        "σᵀKσ without its root: the supremum is a length, √(σᵀKσ)": W / 2 * 10,
        "the root of the mean: you took E first and √ after it, which gives the bound; take the mean of the roots": (
            W / 2 * np.sqrt(10)
        ),
        "the radius is squared: the supremum grows like W": W * mean,
        "the radius is missing": mean / W,
        "the signs are normal numbers: Rademacher signs are +1 and −1": gaussian_mean,
        "the signs are 0 and 1: they must be +1 and −1": W / 2 * (2 * np.sqrt(5) + np.sqrt(18)) / 4,
        "the signs sum over K's entries without signs: σ is missing": W / 2 * np.sqrt(18.0),
        "Kσ in place of σᵀKσ: the length of Kσ is not that of Σσφ": W / 2 * (9 * np.sqrt(2) + np.sqrt(2)) / 2,
    },
)
t.close(
    "the standard error of that mean",
    lambda: rademacher_ball(K, W, N, np.random.default_rng(2))[1],
    sd / np.sqrt(N),
    rtol=0.05,  # the spread of two equally likely values is known to far better than 1 per cent after 20,000 draws
    mistakes={
        "it is the standard deviation of the draws: the error of their mean is √n_draws times smaller": sd,
        "it is the variance of the draws: root, and √n_draws": sd**2,
        "variance over n_draws: the square of the standard error": sd**2 / N,
        "standard deviation over n_draws: it falls with the root": sd / N,
        "divided by √n, with n the number of points, not of draws": sd / np.sqrt(2),
    },
)
t.close(
    "orthogonal features: all sign patterns give the same length, so nothing scatters",
    lambda: rademacher_ball(np.diag([4.0, 9.0, 3.0]), 1.5, 50, np.random.default_rng(3)),
    (1.5 / 3 * 4.0, 0.0),
    rtol=1e-5,
    atol=1e-6,
    mistakes={},
)
line = np.array([0.1, 0.2, 0.3])  # one feature: Σσφ can be 0, and σᵀKσ a rounding error below it
t.close(
    "a single feature: √(σᵀKσ) = |0.1 ± 0.2 ± 0.3|, which is 0, 0.2, 0.4 or 0.6",
    lambda: rademacher_ball(np.outer(line, line), 3.0, 20_000, np.random.default_rng(4))[0],
    0.3,
    rtol=0.03,  # five standard errors are 2.6 per cent
    mistakes={
        "nan: rounding makes σᵀKσ a tiny negative number where the features cancel; take its positive part": np.nan
    },
)
spread = np.cov(t.rng.standard_normal((4, 6)), rowvar=False)
t.holds(
    "the same seed gives the same answer, another seed another one",
    lambda: (
        rademacher_ball(spread, 1.0, 20, np.random.default_rng(5))[0]
        == rademacher_ball(spread, 1.0, 20, np.random.default_rng(5))[0]
        != rademacher_ball(spread, 1.0, 20, np.random.default_rng(6))[0]
    ),
    "the answer does not follow `rng`: draw all signs from it, and from nothing else",
)
t.report()

# %% role="hidden" exercise="rademacher_ball" points=4
# Hidden tests: fresh kernels against the mean over all sign patterns; orthogonal features, one point, radius 0.
### BEGIN HIDDEN TESTS
t = lab.tests("rademacher_ball", hidden=True)


def fresh():
    return np.random.default_rng(int(t.rng.integers(2**32)))


for n in (2, 3, 8):
    Phi = t.rng.standard_normal((n, 2)) + 0.5  # few features: lengths differ much from one sign pattern to the next
    K, W = Phi @ Phi.T, float(t.rng.uniform(1.5, 3.0))
    signs = 2.0 * np.indices((2,) * n).reshape(n, -1).T - 1
    lengths = W / n * np.linalg.norm(signs @ Phi, axis=1)
    mean, sd, root = lengths.mean(), lengths.std(), W / n * np.sqrt(np.trace(K))
    N = int(min(max((15 * sd / max(root - mean, 0.03 * mean)) ** 2, 3000), 60_000))
    t.close(
        f"{n} points",
        lambda: rademacher_ball(K, W, N, fresh())[0],
        mean,
        rtol=5 * sd / np.sqrt(N) / mean + 1e-6,  # five standard errors
        mistakes={
            "the 1/n is missing": n * mean,
            "1/√n in place of 1/n": np.sqrt(n) * mean,
            "divided by n twice": mean / n,
            "σᵀKσ without its root": n / W * (lengths**2).mean(),
            "the root of the mean, which is the bound: take the mean of the roots": root,
            "the radius is squared": W * mean,
            "the radius is missing": mean / W,
        },
    )
K, W = np.diag(t.rng.uniform(1, 4, 5)), float(t.rng.uniform(1.5, 3.0))
t.close(
    "orthogonal features",
    lambda: rademacher_ball(K, W, 40, fresh()),
    (W / 5 * np.sqrt(np.trace(K)), 0.0),
    rtol=1e-5,
    atol=1e-6,
    mistakes={},
)
a, b = t.rng.uniform(2, 3), t.rng.uniform(0.5, 1)
K = np.array([[a, b], [b, a]])
sd = W / 2 * (np.sqrt(2 * a + 2 * b) - np.sqrt(2 * a - 2 * b)) / 2
t.close(
    "the standard error after 500 draws",
    lambda: rademacher_ball(K, W, 500, fresh())[1],
    sd / np.sqrt(500),
    rtol=0.05,  # five sigma: a share of heads p̂ within ½ ± 0.112 changes √(p̂(1 − p̂)) by 2.5 per cent
    mistakes={
        "it is the standard deviation of the draws": sd,
        "variance over n_draws": sd**2 / 500,
        "standard deviation over n_draws": sd / 500,
    },
)
t.close("one point", lambda: rademacher_ball(K[:1, :1], W, 7, fresh()), (W * np.sqrt(a), 0.0), rtol=1e-5, atol=1e-6)
t.close("radius 0", lambda: rademacher_ball(K, 0.0, 7, fresh()), (0.0, 0.0), atol=1e-9)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="rademacher_ball"
# <details><summary>Hint 1 · concept</summary>
#
# The supremum is already solved for, so nothing is left to optimise: for each vector of signs there is *one* number.
# Draw many sign vectors, compute that number for each, and treat the list like any sample: mean, standard deviation,
# standard error of the mean.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# One draw gives $\frac Wn\sqrt{\sigma^\top K\sigma}$. With all signs in one table of shape `(n_draws, n)`, row $r$
# needs $\sum_{ij}\sigma_{ri}K_{ij}\sigma_{rj}$: multiply the table by `K`, then entry by entry with itself, and sum
# along rows. Shape `(n_draws,)`. The mean of *roots*, not the root of a mean.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `rng.choice([-1.0, 1.0], size=...)` makes the table. Before the root, `np.maximum(..., 0)`: where features cancel,
# rounding may give $-10^{-17}$. Then `.mean()`, and `.std(ddof=1)` over the root of the number of draws.
#
# </details>

# %% [markdown]
# ## 4 · A bound without sampling
#
# By Jensen's inequality $\mathbb E\sqrt{\,\cdot\,} \le \sqrt{\mathbb E\,\cdot}$, and the signs are independent with
# mean 0, so that in $\mathbb E[\sigma^\top K\sigma] = \sum_{ij}K_{ij}\,\mathbb E[\sigma_i\sigma_j]$ only the diagonal
# survives:
#
# $$\mathcal R \;\le\; \frac Wn\sqrt{\mathrm{tr}\,K} \;\le\; \frac{W\,\max_i\|\phi(x_i)\|}{\sqrt n}.$$
#
# The last form is S2's; the middle one is never larger. Equality on the left for orthogonal features, on the right
# for equal lengths. In the worked example the features are equally long, hence $2.12\,W$ for both, against the true
# $1.81\,W$.

# %% [markdown]
# ## Exercise 2 · `rademacher_bound`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: the middle form above; S2, theorem "Rademacher complexity of linear regression", sharpened.
#
# | | | |
# |---|---|---|
# | `K` | `(n, n)` | kernel matrix |
# | `radius` | number | $W \ge 0$ |
# | returns | a number | $W\sqrt{\mathrm{tr}\,K}/n$ |


# %% role="answer" exercise="rademacher_bound"
def rademacher_bound(K, radius):
    """Upper bound on the Rademacher complexity of the ball of this radius, from the trace of K."""
    ### BEGIN SOLUTION
    return float(radius * np.sqrt(np.trace(K)) / len(K))
    ### END SOLUTION


# %% role="visible" exercise="rademacher_bound"
t = lab.tests("rademacher_bound")
K, W = np.array([[9.0, 2.0], [2.0, 7.0]]), 3.0
t.close(
    "two points, by hand: trace 16",
    lambda: rademacher_bound(K, W),
    6.0,
    rtol=1e-5,  # float32 rounds at 1e-7
    mistakes={
        "this is S2's weaker form with the longest feature vector: the trace gives less": W * 3 / np.sqrt(2),
        "the trace without its root: the bound is a length": 24.0,
        "the radius is squared: the complexity grows like W": 18.0,
        "the radius is missing": 2.0,
        "the 1/n is missing: S2's definition drops it, its bound has it": 12.0,
        "1/√n in place of 1/n: √(tr K) already grows like √n": W * 4 / np.sqrt(2),
        "the Frobenius norm in place of √(tr K): off-diagonal entries average out": W * np.sqrt(138.0) / 2,
        "the Frobenius norm in place of the trace: off-diagonal entries average out": W * 138.0**0.25 / 2,
        "all entries are summed: off-diagonal ones carry σ_i σ_j, with mean 0": W * np.sqrt(20.0) / 2,
        "the largest eigenvalue in place of the trace": W * np.sqrt(8 + np.sqrt(5.0)) / 2,
    },
)
Phi = t.rng.standard_normal((8, 5))
signs = 2.0 * np.indices((2,) * 8).reshape(8, -1).T - 1
exact = 1.3 / 8 * np.linalg.norm(signs @ Phi, axis=1).mean()
t.holds(
    "it lies above the mean over all 256 sign patterns, and not above S2's form",
    lambda: exact < rademacher_bound(Phi @ Phi.T, 1.3) <= 1.3 * np.linalg.norm(Phi, axis=1).max() / np.sqrt(8),
    "it is not between the exact complexity and S2's bound",
)
t.report()

# %% role="hidden" exercise="rademacher_bound" points=2
# Hidden tests: fresh kernels and radii; one point; radius 0.
### BEGIN HIDDEN TESTS
t = lab.tests("rademacher_bound", hidden=True)
reference = lab.reference("bounds.rademacher_bound")
for n in (3, 7, 30):
    Phi = t.rng.standard_normal((n, 4)) * t.rng.uniform(0.5, 2.0, (n, 1))
    K, W = Phi @ Phi.T, float(t.rng.uniform(1.5, 4.0))
    bound = reference(K, W)
    t.close(
        f"{n} points",
        lambda: rademacher_bound(K, W),
        bound,
        rtol=1e-5,
        mistakes={
            "S2's weaker form with the longest feature vector": W * np.sqrt(np.diag(K).max() / n),
            "the trace without its root": W * np.trace(K) / n,
            "the radius is squared": W * bound,
            "the radius is missing": bound / W,
            "the 1/n is missing": n * bound,
            "1/√n in place of 1/n": np.sqrt(n) * bound,
            "the Frobenius norm in place of √(tr K)": W * np.linalg.norm(K) / n,
            "the Frobenius norm in place of the trace": W * np.sqrt(np.linalg.norm(K)) / n,
            "all entries are summed": W * np.sqrt(K.sum()) / n,
            "the largest eigenvalue in place of the trace": W * np.sqrt(np.linalg.eigvalsh(K)[-1]) / n,
        },
    )
t.close("one point", lambda: rademacher_bound(K[:1, :1], W), W * np.sqrt(K[0, 0]), rtol=1e-5)
t.close("radius 0", lambda: rademacher_bound(K, 0.0), 0.0, atol=1e-9)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="rademacher_bound"
# <details><summary>Hint 1 · concept</summary>
#
# Which sum remains when you average $\sigma^\top K\sigma$ over independent signs? Everything with $i \ne j$ has mean 0.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\frac Wn\sqrt{\sum_i K_{ii}}$, one number. The number of points is the number of rows of `K`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.trace`, `np.sqrt`, times `radius`, over `len(K)`.
#
# </details>

# %% [markdown]
# ### See it: a ball, and how little it knows
#
# Your two functions on the digits, radius 1, for growing $n$. The images keep their own lengths here (pixels between 0
# and 1), so that S2's form and the trace differ.

# %% role="figure" name="ball"
own_length = datasets.split(*datasets.digits(labels="odd_even", scaling="unit_range"), 1000, rng=0)[0]
sizes = np.array([10, 30, 100, 300, 1000])
own_kernel = kernels.two_layer_ntk(own_length)
sampled = [rademacher_ball(own_kernel[:n, :n], 1.0, 400, np.random.default_rng(n)) for n in sizes]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
longest = [np.sqrt(np.diag(own_kernel)[:n].max() / n) for n in sizes]
ax.plot(sizes, longest, "k:", label="longest feature vector (S2)")
ax.plot(sizes, [rademacher_bound(own_kernel[:n, :n], 1.0) for n in sizes], "k--", label="trace")
ax.errorbar(
    sizes,
    [mean for mean, _ in sampled],
    yerr=[3 * error for _, error in sampled],
    fmt="ko",
    ms=4,
    capsize=3,
    label="400 draws of signs, ± 3 standard errors",
)
ax.set(xscale="log", yscale="log", xlabel="number of images n", ylabel="Rademacher complexity, radius 1")
ax.legend(fontsize=9)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Rademacher complexity of a ball of radius one against the number of images, both axes logarithmic. The sampled values with small error bars, the trace bound a little above them and the bound from the longest feature vector above that all fall along parallel straight lines of slope minus one half.](ball.png)
#
# All three fall like $1/\sqrt n$. Note what did *not* enter: the labels. For a ball that is large enough to hold the
# fit of *any* labels the complexity is of order one, whatever the data, and a bound made of it says nothing. This is
# the slide "Consequences of these observations". So: how large a ball do *these* labels need?
#
# </details>

# %% [markdown]
# ## 5 · How far does training go?
#
# Lab 2: gradient descent on the features ends at $w_\infty - w_0 = \Phi^\top H^{-1}(Y - h(w_0))$ (rows are points
# here). Its length is
#
# $$\|w_\infty - w_0\|^2 = Y^\top H^{-1}\,\Phi\Phi^\top\,H^{-1}Y = Y^\top H^{-1}Y.$$
#
# No inverse is needed for it, and none should be made. With the Cholesky factor $H = LL^\top$ and $z = L^{-1}Y$ (one
# triangular system) it is $\|z\|^2$: a sum of squares, which rounding cannot make negative. When $H$ is singular
# there are labels that no function fits; then there is no such number, and code that returns one anyway hides the
# problem.

# %% [markdown]
# ## Exercise 3 · `solution_norm`
#
# Difficulty ●●○ · 20 minutes · 3 points
#
# **Equation**: S2, slide "Generalization analysis", $\|w_\infty - w_0\| = \sqrt{Y^\top H^{-1}Y}$.
#
# | | shape | |
# |---|---|---|
# | `H` | `(n, n)` | kernel matrix, positive definite; a singular one is a `ValueError` (NumPy's `LinAlgError` is one) |
# | `Y` | `(n,)` or `(n, c)` | targets, minus the outputs at the start if these are not 0; with $c$ outputs the weights' squares add up: $\sqrt{\sum_k Y_k^\top H^{-1}Y_k}$ |
# | returns | a number | |


# %% role="answer" exercise="solution_norm"
def solution_norm(H, Y):
    """How far training moves the weights: sqrt(Y' H^-1 Y), summed over outputs under the root."""
    ### BEGIN SOLUTION
    L = np.linalg.cholesky(H)  # raises LinAlgError, a ValueError, where H is singular
    return float(np.linalg.norm(np.linalg.solve(L, Y)))
    ### END SOLUTION


# %% role="visible" exercise="solution_norm"
t = lab.tests("solution_norm")
H, Y = np.array([[5.0, 2.0], [2.0, 1.0]]), np.array([1.0, 2.0])  # H⁻¹ = [[1, −2], [−2, 5]]
t.close(
    "two points, by hand: 1 − 8 + 20 = 13",
    lambda: solution_norm(H, Y),
    np.sqrt(13.0),
    rtol=1e-5,  # float32 rounds at 1e-7, times the condition of H, 34
    mistakes={
        "the root is missing: this is the squared length": 13.0,
        "H in place of its inverse": np.sqrt(17.0),
        "H in place of its inverse, without the root": 17.0,
        "this is the length of H⁻¹Y, the coefficients: the weights are Φᵀ of them": np.sqrt(73.0),
        "this is the length of HY": np.sqrt(97.0),
        "divided by n: the distance has no 1/n": np.sqrt(13.0) / 2,
        "divided by n under the root: the distance has no 1/n": np.sqrt(6.5),
        "1/H entry by entry is not the inverse matrix": np.sqrt(6.2),
        "only the diagonal of H is used": np.sqrt(4.2),
        "Lᵀz = Y in place of Lz = Y: with H = LLᵀ the length is that of L⁻¹Y": np.sqrt(21.8),
        "this is the length of Y": np.sqrt(5.0),
    },
)
t.close(
    "two outputs: the squares of both add up",
    lambda: solution_norm(H, np.array([[1.0, 0.0], [2.0, 1.0]])),
    np.sqrt(18.0),
    rtol=1e-5,
    mistakes={
        "all entries of the matrix YᵀH⁻¹Y are summed: the outputs do not mix, take its diagonal": np.sqrt(34.0),
        "the lengths of the outputs are added: add their squares": np.sqrt(13.0) + np.sqrt(5.0),
        "a mean over the outputs: the squares add up": 3.0,
        "one length for each output: the question is one number": np.sqrt([13.0, 5.0]),
        "the first output only": np.sqrt(13.0),
        "the largest singular value of L⁻¹Y, not its length: np.linalg.norm(…, 2) of a matrix": (
            np.sqrt(9 + np.sqrt(80.0))
        ),
    },
)
Phi, Y = t.rng.standard_normal((5, 9)), t.rng.standard_normal(5)
t.close(
    "it is the length of the shortest weights that fit",
    lambda: solution_norm(Phi @ Phi.T, Y),
    np.linalg.norm(np.linalg.lstsq(Phi, Y, rcond=None)[0]),
    rtol=1e-5,
)
t.close(
    "a small eigenvalue",
    lambda: solution_norm(np.diag([1.0, 1e-6]), np.array([0.0, 1.0])),
    1000.0,
    rtol=1e-5,
    mistakes={
        "a ridge of 1e-6 has slipped in: H is used as it is": np.sqrt(5e5),
        "a ridge of 1e-8 has slipped in: H is used as it is": 1 / np.sqrt(1.01e-6),
        "a ridge of 1e-10 has slipped in: H is used as it is": 1 / np.sqrt(1.0001e-6),
        "a pseudo-inverse has dropped the small eigenvalue": 0.0,
    },
)
t.raises(
    "the same point twice: H is singular",
    ValueError,
    lambda: solution_norm(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([1.0, -1.0])),
    otherwise=(
        "H is singular here and no function fits these labels, but a number came back: a pseudo-inverse, least squares or a "
        "ridge hides it; raise ValueError (np.linalg.cholesky does)"
    ),
)
t.report()

# %% role="hidden" exercise="solution_norm" points=3
# Hidden tests: fresh kernels, one output and several, one point, zero labels, a small eigenvalue, singular kernels.
### BEGIN HIDDEN TESTS
t = lab.tests("solution_norm", hidden=True)
reference = lab.reference("bounds.solution_norm")
for what, n, c in [("one output", 6, None), ("one column", 4, 1), ("three outputs", 5, 3), ("one point", 1, None)]:
    Phi = t.rng.standard_normal((n, 2 * n + 2))
    H, Y = Phi @ Phi.T / n, t.rng.standard_normal(n if c is None else (n, c))
    norm = reference(H, Y)
    columns = Y.reshape(n, -1)
    form = columns.T @ np.linalg.solve(H, columns)
    t.close(
        what,
        lambda: solution_norm(H, Y),
        norm,
        rtol=1e-5,
        mistakes={
            "the root is missing": norm**2,
            "divided by n": norm / n,
            "divided by n under the root": norm / np.sqrt(n),
            "H in place of its inverse": np.sqrt(np.sum(columns * (H @ columns))),
            "this is the length of H⁻¹Y, the coefficients": np.linalg.norm(np.linalg.solve(H, Y)),
            "Lᵀz = Y in place of Lz = Y": np.linalg.norm(np.linalg.solve(np.linalg.cholesky(H).T, Y)),
            "only the diagonal of H is used": np.sqrt(np.sum(columns**2 / np.diag(H)[:, None])),
            "all entries of the matrix YᵀH⁻¹Y are summed": np.sqrt(max(form.sum(), 0)),
            "the lengths of the outputs are added": np.sqrt(np.diag(form)).sum(),
            "a mean over the outputs": norm / np.sqrt(columns.shape[1]),
            "one length for each output": np.sqrt(np.diag(form)),
        },
    )
t.close("labels 0", lambda: solution_norm(H, 0 * Y), 0.0, atol=1e-9)
small = 10 ** t.rng.uniform(-6, -5)
t.close(
    "a small eigenvalue",
    lambda: solution_norm(np.diag([1.0, small]), np.array([0.5, 1.0])),
    np.sqrt(0.25 + 1 / small),
    rtol=1e-5,
    mistakes={"a ridge has slipped in: H is used as it is": np.sqrt(0.25 / (1 + 1e-6) + 1 / (small + 1e-6))},
)
power = 4.0 ** int(t.rng.integers(-2, 3))  # powers of four have exact roots: the zero pivot is exact in any dtype
for H in (power * np.array([[4.0, 2.0], [2.0, 1.0]]), power * np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])):
    t.raises(
        "a singular kernel",
        ValueError,
        lambda: solution_norm(H, t.rng.choice([-1.0, 1.0], len(H))),
        otherwise="H is singular, but a number came back: raise ValueError",
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="solution_norm"
# <details><summary>Hint 1 · concept</summary>
#
# You want the length of the trained weights without the features. A length is a sum of squares: so look for a vector
# $z$, made of $H$ and $Y$ alone, with $\|z\|^2 = Y^\top H^{-1}Y$. Half of $H^{-1}$ will do.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $H = LL^\top$ with $L$ lower triangular, so $H^{-1} = L^{-\top}L^{-1}$ and $Y^\top H^{-1}Y = \|L^{-1}Y\|^2$. The
# vector $z = L^{-1}Y$ solves $Lz = Y$ and has the shape of `Y`; with several columns, all squares add up.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.linalg.cholesky` gives $L$ and refuses a singular matrix by itself. `np.linalg.solve` (or SciPy's
# `solve_triangular` with `lower=True`) gives $z$. `np.linalg.norm` without further arguments takes the root of the
# sum of *all* squares, for vectors and tables alike.
#
# </details>

# %% [markdown]
# ## 6 · A number for each set of labels
#
# The slides' measure is that squared length per training point. By eigenvectors $H = \sum_i\lambda_i v_iv_i^\top$:
#
# $$\frac{Y^\top H^{-1}Y}{n} = \frac1n\sum_{i=1}^n\frac{\langle v_i, Y\rangle^2}{\lambda_i}.$$
#
# Labels that lie along the leading eigenvectors are cheap. Coin flips put the same power on every eigenvector, and
# the smallest eigenvalues make them pay: on average $\frac1n\sum_i 1/\lambda_i = \mathrm{tr}(H^{-1})/n$, whatever the
# images show.

# %% [markdown]
# ## Exercise 4 · `complexity_measure`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: S2, theorem "Generalization for overparameterized kernel regression", what stands under the first root.
#
# | | shape | |
# |---|---|---|
# | `H` | `(n, n)` | kernel matrix, positive definite |
# | `Y` | `(n,)` or `(n, c)` | targets as they are; squares of several outputs add up |
# | returns | a number | $Y^\top H^{-1}Y/n$. You may use your `solution_norm` |


# %% role="answer" exercise="complexity_measure"
def complexity_measure(H, Y):
    """The measure Y' H^-1 Y / n."""
    ### BEGIN SOLUTION
    return solution_norm(H, Y) ** 2 / len(H)
    ### END SOLUTION


# %% role="visible" exercise="complexity_measure"
t = lab.tests("complexity_measure")
H, Y = np.array([[1.0, 0.0, 0.0], [0.0, 5.0, 2.0], [0.0, 2.0, 1.0]]), np.array([-1.0, 1.0, -1.0])
t.close(
    "three points, by hand: 1 + (1 + 4 + 5) = 11, over 3",
    lambda: complexity_measure(H, Y),
    11 / 3,
    rtol=1e-5,  # float32 rounds at 1e-7, times the condition of H, 34
    mistakes={
        "1/n is missing": 11.0,
        "1/√n in place of 1/n": 11 / np.sqrt(3),
        "this is its root: the measure has none": np.sqrt(11 / 3),
        "this is the distance over n: square it": np.sqrt(11) / 3,
        "this is the distance: square it, and divide by n": np.sqrt(11),
        "H in place of its inverse": 1.0,
        "H in place of its inverse, and no 1/n": 3.0,
        "the labels were turned into 0 and 1: they stay ±1": 1 / 3,
        "this is the squared length of H⁻¹Y over n": (1 + 9 + 49) / 3,
        "divided by n²: once is enough": 11 / 9,
        "only the diagonal of H is used": (1 + 0.2 + 1) / 3,
    },
)
t.close(
    "two outputs",
    lambda: complexity_measure(np.diag([4.0, 1.0]), np.array([[2.0, 4.0], [3.0, 1.0]])),
    7.5,
    rtol=1e-5,
    mistakes={
        "divided by the number of entries of Y: n counts points": 3.75,
        "all entries of YᵀH⁻¹Y are summed: the outputs do not mix": 12.5,
        "the first output only": 5.0,
    },
)
Phi, Y = t.rng.standard_normal((5, 9)), t.rng.choice([-1.0, 1.0], 5)
t.close(
    "it is the squared length of the shortest weights that fit, over n",
    lambda: complexity_measure(Phi @ Phi.T, Y),
    np.sum(np.linalg.lstsq(Phi, Y, rcond=None)[0] ** 2) / 5,
    rtol=1e-5,
)
t.report()

# %% role="hidden" exercise="complexity_measure" points=2
# Hidden tests: fresh kernels and labels; one point; several outputs; real targets.
### BEGIN HIDDEN TESTS
t = lab.tests("complexity_measure", hidden=True)
reference = lab.reference("bounds.complexity_measure")
for what, n, c in [("labels", 7, 0), ("real targets", 5, None), ("three outputs", 4, 3), ("one point", 1, None)]:
    Phi = t.rng.standard_normal((n, 2 * n + 2))
    H = Phi @ Phi.T / n
    Y = t.rng.choice([-1.0, 1.0], n) if c == 0 else t.rng.standard_normal(n if c is None else (n, c))
    measure = reference(H, Y)
    t.close(
        what,
        lambda: complexity_measure(H, Y),
        measure,
        rtol=1e-5,
        mistakes={
            "1/n is missing": measure * n,
            "1/√n in place of 1/n": measure * np.sqrt(n),
            "this is its root": np.sqrt(measure),
            "this is the distance over n: square it": np.sqrt(measure / n),
            "this is the distance: square it, and divide by n": np.sqrt(measure * n),
            "H in place of its inverse": np.sum(Y * (H @ Y)) / n,
            "the labels were turned into 0 and 1": reference(H, (Y + 1) / 2),
            "the labels were turned into 0 and 1 (those above 0)": reference(H, (Y > 0) * 1.0),
            "divided by the number of entries of Y: n counts points": measure / max(c or 1, 1),
            "divided by n²": measure / n,
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="complexity_measure"
# <details><summary>Hint 1 · concept</summary>
#
# It is the squared distance of exercise 3, per training point.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $Y^\top H^{-1}Y/n$ with $n$ the number of rows of $H$, even when $Y$ has several columns.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `solution_norm(H, Y)`, squared, over `len(H)`.
#
# </details>

# %% [markdown]
# ### See it: does the number know?
#
# Now the experiment. $n = 1{,}000$ digits, one kernel matrix $H$, and labels of which a growing share is drawn anew.
# Five redraws. The test error is that of kernel regression on the clean test labels; your measure never sees it.
#
# The mean over redraws can be computed without any: two labels both survive with probability $(1-q)^2$, otherwise
# their product has mean 0, and $y_i^2 = 1$ always. So $\mathbb E[\tilde Y^\top H^{-1}\tilde Y] = (1-q)^2\,Y^\top
# H^{-1}Y + (1 - (1-q)^2)\,\mathrm{tr}\,H^{-1}$ (the line).
#
# **Predict, then run.** At $q = 0.5$ a quarter of the training labels is wrong, and the fit reproduces each of them.
# What will the test error be: about 0.5, 0.25, or less? And where will the measure have done most of its rising?

# %% role="figure" name="measure"
H_digits, H_digits_test = kernels.two_layer_ntk(X_train), kernels.two_layer_ntk(X_test, X_train)
redraws = np.stack([datasets.corrupt_labels(y_train, shares, rng=draw) for draw in range(5)])  # (5, 6, n)
measures = np.array([[complexity_measure(H_digits, labels) for labels in rows] for rows in redraws])
predicted = regression.kernel_regression(H_digits, H_digits_test, redraws.reshape(-1, len(y_train)).T)
test_errors = share_of_errors(predicted, y_test).reshape(measures.shape)

q = np.linspace(0, 1, 101)
eigenvalues, eigenvectors = np.linalg.eigh(H_digits)
coin_flips = np.mean(1 / eigenvalues)  # tr(H⁻¹)/n
expected = (1 - q) ** 2 * measures[0, 0] + (1 - (1 - q) ** 2) * coin_flips
fig, axes = plt.subplots(1, 3, figsize=(10, 3.3))
axes[0].plot(q, expected, "k-", lw=1, label="exact mean")
axes[0].plot(shares, measures.T, "ko", ms=4, mfc="white")
axes[0].plot([], [], "ko", ms=4, mfc="white", label="five redraws")
axes[0].set(xlabel="share of labels drawn anew", ylabel="YᵀH⁻¹Y / n, from the training set", ylim=(0, None))
axes[0].legend(loc="lower right")
axes[1].axhline(0.5, color="0.5", ls=":", lw=1)
axes[1].plot(shares, test_errors.T, "k^", ms=5, mfc="white")
axes[1].set(xlabel="share of labels drawn anew", ylabel="test error, from unseen images", ylim=(0, 0.6))
axes[2].plot(measures.ravel(), test_errors.ravel(), "ks", ms=4, mfc="white")
axes[2].set(xlabel="YᵀH⁻¹Y / n", ylabel="test error", ylim=(0, 0.6), xlim=(0, None))
plt.show()
print("share              ", *(f"{share:7.2f}" for share in shares))
print("measure, mean of 5 ", *(f"{value:7.2f}" for value in measures.mean(axis=0)))
print("exact mean         ", *(f"{np.interp(share, q, expected):7.2f}" for share in shares))
print("test error         ", *(f"{value:7.3f}" for value in test_errors.mean(axis=0)))
print("rises with the share in", int((np.diff(measures, axis=1) > 0).all(axis=1).sum()), "of 5 redraws")

# %% [markdown]
# <details><summary>What happened, and the expected picture (open after running)</summary>
#
# ![Three panels. Left: the measure of five redraws scatters around the curve of its exact mean, which rises from 1.8 at share 0 steeply to 17 at one half and flattens towards 22 at share 1. Middle: the test error rises from 0.01 slowly to 0.05 at one quarter and 0.15 at one half, then steeply to one half. Right: test error against measure, all redraws close to one rising curve.](measure.png)
#
# The measure rises with the share in every redraw, and the test error rises with the measure: a number from the
# training set alone puts all these fits in the right order. The two do not rise *alike*. A tenth of the labels
# already costs a lot of way, since every wrong label sits among similar images with the other label (the worked
# example: $2/17$ against $2$). But the fit repairs much of it on new images: at $q = 0.5$ it errs on far fewer than
# the quarter that it was taught wrongly. Large measure is a warning, not a prediction of the error.
#
# Towards $q = 1$ the curve is flat, so that two redraws at 0.75 and 1 may well come out in the wrong order when $n$
# is small or the redraws are not nested.
#
# </details>

# %% [markdown]
# ### Turn the knob: where the labels' power sits
#
# Bars: the power $\langle v_i, Y\rangle^2/n$ that the labels have in each tenth of the eigenvectors, largest
# eigenvalues first (they sum to 1). Line: how the measure builds up from left to right. The eigenvectors and
# eigenvalues are the same at every share; only the labels change.


# %% role="figure" name="slider"
def draw(share):
    labels = datasets.corrupt_labels(y_train, share, rng=0)
    power = (eigenvectors.T @ labels)[::-1] ** 2 / len(labels)
    cost = np.cumsum(power / eigenvalues[::-1])
    fig, ax = plt.subplots(figsize=(5, 3.2))
    ax.bar(np.arange(50, 1000, 100), power.reshape(10, 100).sum(axis=1), width=80, color="0.75", edgecolor="k")
    ax.set(xlabel="eigenvector, by falling eigenvalue", ylabel="power of the labels (bars)", ylim=(0, 1))
    right = ax.twinx()
    right.plot(np.arange(1, 1001), cost, "k-")
    right.set(ylabel="measure up to here (line)", ylim=(0, 24))
    right.grid(visible=False)
    right.spines["right"].set_visible(True)
    ax.set_title(f"measure {complexity_measure(H_digits, labels):.1f}", fontsize=10)
    return fig


lab.slider(
    draw,
    share=[0.0, 0.1, 0.5, 1.0],
    alt="Power of the labels by eigenvector and the measure it adds up to, for shares 0, 0.1, 0.5 and 1 of redrawn labels",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four panels for shares 0, 0.1, 0.5 and 1. With true labels nearly all power sits in the first tenth of the eigenvectors and the line stays below 2; with every further share power moves evenly into the other tenths, and the line climbs to 22 on the last eigenvectors.](slider.png)
#
# </details>

# %% [markdown]
# ## 7 · From a number to a bound
#
# S2's theorem: if $\lambda_{\min}(H) > \lambda$, then with high probability the classifier that gradient descent
# finds is wrong on new inputs with probability at most
#
# $$R \;\le\; c\,\sqrt{\frac{Y^\top H^{-1}Y}{n}} \;+\; c'\sqrt{\frac{\log\bigl(n/(\lambda\,\delta)\bigr)}{n}}.$$
#
# The first term is a Rademacher bound for the ball that just holds the solution, $W = \sqrt{Y^\top H^{-1}Y}$: check
# that $\frac{W}{n}\sqrt{\mathrm{tr}\,H}$ is exactly its root when $H_{ii} = 1$. Four remarks before you code it:
#
# - **The constants.** $c = 2$ and $c' = 3$ are the textbook ones for images of length 1 and $k(x, x) = 1$. In general
#   $c$ hides $\max_i\sqrt{H_{ii}}$. Otherwise multiplying the kernel by 100 would divide the "bound" by 10, with the
#   very same predictions.
# - **The labels.** They are ±1, or at least $|y_i| \le 1$.
# - **$\lambda$** is a number fixed beforehand. We plug in the smallest eigenvalue of the data at hand, as everyone
#   does, and should say so.
# - **$\delta$.** "With probability $1 - \delta$" twice on the slide makes $1 - 2\delta$: the two ways to fail add up.
#
# A probability is at most 1, so a bound above 1 is true and empty: **vacuous**. The function returns it clipped to
# $[0, 1]$.
#
# **By hand**: $H = \begin{pmatrix} 1 & 0.6 \\ 0.6 & 1\end{pmatrix}$ and $Y = (1, -1)$, an eigenvector with
# $\lambda_{\min} = 0.4$, so that $Y^\top H^{-1}Y = 2/0.4 = 5$; $\delta = 0.05$. First root: $\sqrt{5/2} = 1.581$.
# Second: $\sqrt{\log(2/0.02)/2} = \sqrt{2.303} = 1.517$. With small constants $c = 0.1$, $c' = 0.2$ the sum is
# $0.462$; with $c = 2$, $c' = 3$ it is $7.7$, clipped to 1.

# %% [markdown]
# ## Exercise 5 · `generalization_bound`
#
# Difficulty ●●○ · 20 minutes · 4 points
#
# **Equation**: S2, theorem "Generalization for overparameterized kernel regression", with $\lambda =
# \lambda_{\min}(H)$.
#
# | | | |
# |---|---|---|
# | `H` | `(n, n)` | kernel matrix, positive definite, $H_{ii} \le 1$ (hence $\lambda_{\min} \le 1$) |
# | `Y` | `(n,)` | labels, $|y_i| \le 1$ |
# | `delta` | number in (0, 1) | |
# | `c`, `c_prime` | numbers ≥ 0 | the two constants |
# | returns | a number | the bound, clipped to $[0, 1]$; natural logarithm |


# %% role="answer" exercise="generalization_bound"
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    """Bound on the probability of error, clipped to [0, 1]; lambda is the smallest eigenvalue of H."""
    ### BEGIN SOLUTION
    n = len(H)
    smallest = np.linalg.eigvalsh(H)[0]
    complexity = c * np.sqrt(complexity_measure(H, Y))
    confidence = c_prime * np.sqrt(np.log(n / (smallest * delta)) / n)
    return float(np.clip(complexity + confidence, 0.0, 1.0))
    ### END SOLUTION


# %% role="visible" exercise="generalization_bound"
t = lab.tests("generalization_bound")
H, Y = np.array([[1.0, 0.6], [0.6, 1.0]]), np.array([1.0, -1.0])
first, second = np.sqrt(2.5), np.sqrt(np.log(100.0) / 2)
mistakes = {
    "the first term lacks its root": 0.1 * 2.5 + 0.2 * second,
    "the second term lacks its root": 0.1 * first + 0.2 * second**2,
    "both terms lack their root": 0.1 * 2.5 + 0.2 * second**2,
    "c stands inside the root": np.sqrt(0.1) * first + 0.2 * second,
    "both constants stand inside the roots": np.sqrt(0.1) * first + np.sqrt(0.2) * second,
    "log(1/δ) in place of log(n/(λδ)): that was the first, unsound form on the slide before": (
        0.1 * first + 0.2 * np.sqrt(np.log(20.0) / 2)
    ),
    "log(n/δ): λ is missing": 0.1 * first + 0.2 * np.sqrt(np.log(40.0) / 2),
    "log(1/(λδ)): n is missing in the logarithm": 0.1 * first + 0.2 * np.sqrt(np.log(50.0) / 2),
    "log(n/λ): δ is missing": 0.1 * first + 0.2 * np.sqrt(np.log(5.0) / 2),
    "λ is the largest eigenvalue: it must be the smallest": 0.1 * first + 0.2 * np.sqrt(np.log(2 / 0.08) / 2),
    "λ stands in the numerator: log(nλ/δ)": 0.1 * first + 0.2 * np.sqrt(np.log(16.0) / 2),
    "the second term is not divided by n": 0.1 * first + 0.2 * np.sqrt(np.log(100.0)),
    "the first term is not divided by n": 0.1 * np.sqrt(5.0) + 0.2 * second,
    "a logarithm to base 10: take the natural one": 0.1 * first + 0.2 * np.sqrt(np.log10(100.0) / 2),
    "a logarithm to base 2: take the natural one": 0.1 * first + 0.2 * np.sqrt(np.log2(100.0) / 2),
    "the second term is missing": 0.1 * first,
    "the first term is missing": 0.2 * second,
    "the constants are exchanged": 0.2 * first + 0.1 * second,
    "it is 1, although the constants given make it smaller: `c` and `c_prime` must be used": 1.0,
}
t.close(
    "two points, by hand, with small constants",
    lambda: generalization_bound(H, Y, 0.05, c=0.1, c_prime=0.2),
    0.1 * first + 0.2 * second,
    rtol=1e-5,  # float32 rounds at 1e-7
    mistakes=mistakes,
)
t.close(
    "the same with the usual constants is vacuous",
    lambda: generalization_bound(H, Y, 0.05),
    1.0,
    rtol=1e-6,
    mistakes={"not clipped: no probability is above 1": 2 * first + 3 * second},
)
y = np.full(900, 0.1)  # 900 orthogonal inputs: H = I, λ = 1
t.close(
    "900 orthogonal inputs with the usual constants: 2 · 0.1 + 3 √(log(900/0.1)/900)",
    lambda: generalization_bound(np.eye(900), y, 0.1),
    0.2 + 3 * np.sqrt(np.log(9000.0) / 900),
    rtol=1e-5,
    mistakes={
        "it is 1: clip the sum, and only where it is larger": 1.0,
        "log(1/δ) in place of log(n/(λδ))": 0.2 + 3 * np.sqrt(np.log(10.0) / 900),
        "log(1/(λδ)): n is missing in the logarithm": 0.2 + 3 * np.sqrt(np.log(10.0) / 900),
        "log(n/λ): δ is missing": 0.2 + 3 * np.sqrt(np.log(900.0) / 900),
    },
)
t.report()

# %% role="hidden" exercise="generalization_bound" points=4
# Hidden tests: fresh kernels, labels, δ and constants; one term at a time; the usual constants; a vacuous one.
### BEGIN HIDDEN TESTS
t = lab.tests("generalization_bound", hidden=True)
reference = lab.reference("bounds.generalization_bound")
for n in (3, 8, 30):
    X = t.rng.standard_normal((n, n + 3))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    H, Y, delta = X @ X.T, t.rng.choice([-1.0, 1.0], n), float(t.rng.uniform(0.02, 0.4))
    ones = reference(H, Y, delta, c=1.0, c_prime=1.0)
    A, B = ones.complexity_term, ones.confidence_term
    c, c_prime = (float(u / term) for u, term in zip(t.rng.uniform(0.2, 0.45, 2), (A, B), strict=True))
    values = np.linalg.eigvalsh(H)
    low = values[0]
    t.close(
        f"{n} points, both terms",
        lambda: generalization_bound(H, Y, delta, c=c, c_prime=c_prime),
        c * A + c_prime * B,
        rtol=1e-5,
        mistakes={
            "the first term lacks its root": c * A**2 + c_prime * B,
            "the second term lacks its root": c * A + c_prime * B**2,
            "both terms lack their root": c * A**2 + c_prime * B**2,
            "c stands inside the root": np.sqrt(c) * A + c_prime * B,
            "both constants stand inside the roots": np.sqrt(c) * A + np.sqrt(c_prime) * B,
            "log(1/δ) in place of log(n/(λδ))": c * A + c_prime * np.sqrt(np.log(1 / delta) / n),
            "log(n/δ): λ is missing": c * A + c_prime * np.sqrt(np.log(n / delta) / n),
            "log(1/(λδ)): n is missing in the logarithm": c * A + c_prime * np.sqrt(np.log(1 / low / delta) / n),
            "log(n/λ): δ is missing": c * A + c_prime * np.sqrt(np.log(n / low) / n),
            "λ is the largest eigenvalue": c * A + c_prime * np.sqrt(max(np.log(n / values[-1] / delta), 0) / n),
            "λ stands in the numerator": c * A + c_prime * np.sqrt(max(np.log(n * low / delta), 0) / n),
            "the second term is not divided by n": min(c * A + c_prime * B * np.sqrt(n), 1.0),
            "the first term is not divided by n": min(c * A * np.sqrt(n) + c_prime * B, 1.0),
            "a logarithm to base 10": c * A + c_prime * B / np.sqrt(np.log(10)),
            "a logarithm to base 2": c * A + c_prime * B / np.sqrt(np.log(2)),
            "it is 1 where the bound is smaller": 1.0,
        },
    )
    t.close("the first term alone", lambda: generalization_bound(H, Y, delta, c, 0.0), c * A, rtol=1e-5)
    t.close("the second term alone", lambda: generalization_bound(H, Y, delta, 0.0, c_prime), c_prime * B, rtol=1e-5)
t.close("a vacuous one", lambda: generalization_bound(H, Y, delta, 1 / A, 1 / B), 1.0, rtol=1e-6)
n = int(t.rng.integers(700, 1000))
y = np.full(n, float(t.rng.uniform(0.05, 0.15)))
t.close(
    "orthogonal inputs, the usual constants",
    lambda: generalization_bound(np.eye(n), y, 0.2),
    float(reference(np.eye(n), y, 0.2, c=2.0)),
    rtol=1e-5,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="generalization_bound"
# <details><summary>Hint 1 · concept</summary>
#
# Two terms, each a constant times a root, added, then cut off at 1. The first asks how far the weights went; the
# second pays for not having known that beforehand, and for the chance $\delta$ of an unlucky training set.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `c` times the root of your `complexity_measure`, plus `c_prime` times $\sqrt{\log(n/(\lambda\delta))/n}$ with
# $\lambda$ the smallest eigenvalue of $H$. All are plain numbers. Constants stand outside the roots; the whole of the
# logarithm is divided by $n$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.linalg.eigvalsh(H)` lists eigenvalues in rising order; take the first. `np.log` is the natural logarithm.
# `min(1.0, ...)` of the sum.
#
# </details>

# %% [markdown]
# ## 8 · The catch, and how a grid mends it
#
# "Take the ball with $W = \sqrt{Y^\top H^{-1}Y}$ and apply the Rademacher bound." S2 warns at once that this is **not
# valid**: the theorem holds for a ball that is fixed *before* the labels are drawn, with probability $1 - \delta$
# over the labels. A ball chosen after looking at them may be the very one on which the theorem fails.
#
# The repair: fix a finite list of radii beforehand, $W_1 < W_2 < \dots < W_N$. Give each ball a share $\delta/N$ of
# the allowed failures. By the union bound, with probability $1 - \delta$, all $N$ statements hold *at once*; now you
# may look at the labels and use whichever ball you like. The smallest one that holds the solution is best. The price
# is small: $\log(N/\delta)$ in place of $\log(1/\delta)$.
#
# How far must the grid run? Since $|y_i| \le 1$, $Y^\top H^{-1}Y \le \|Y\|^2/\lambda_{\min} \le n/\lambda$, so the
# radii $1, 2, \dots, \lceil\sqrt{n/\lambda}\rceil$ suffice for *any* labels: this is where $\log(n/(\lambda\delta))$
# in the theorem comes from. (The slide lets $W$ run over $[0, Y^\top H^{-1}Y]$. That range depends on the labels
# again, which is what we set out to avoid; and a root is missing.)

# %% [markdown]
# ## Exercise 6 · `union_bound_radius`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: S2, proof sketch "Adaptive bound", mended as above: the smallest radius of the grid that is not below
# $\sqrt{Y^\top H^{-1}Y}$.
#
# | | | |
# |---|---|---|
# | `H`, `Y` | `(n, n)`, `(n,)` | as before |
# | `grid` | list or array of numbers | radii, fixed beforehand, **in any order** |
# | returns | a number | the radius that the union bound may use; if no ball of the grid holds the solution: `ValueError` |


# %% role="answer" exercise="union_bound_radius"
def union_bound_radius(H, Y, grid):
    """The smallest radius of the grid whose ball holds the solution; ValueError if there is none."""
    ### BEGIN SOLUTION
    norm = solution_norm(H, Y)
    large_enough = [radius for radius in grid if radius >= norm]
    if not large_enough:
        raise ValueError(f"no radius of the grid reaches the solution's norm {norm:.4g}")
    return float(min(large_enough))
    ### END SOLUTION


# %% role="visible" exercise="union_bound_radius"
t = lab.tests("union_bound_radius")
H, Y = np.array([[5.0, 2.0], [2.0, 1.0]]), np.array([1.0, 2.0])  # YᵀH⁻¹Y = 13, its root 3.61
t.close(
    "norm 3.61 on the grid 0.5, 1, 2, 5, 8, 16, 40",
    lambda: union_bound_radius(H, Y, [0.5, 1.0, 2.0, 5.0, 8.0, 16.0, 40.0]),
    5.0,
    mistakes={
        "the largest radius *below* the norm: that ball does not hold the solution, the bound would be unsound": 2.0,
        "the norm itself: it depends on the labels; the ball must come from the grid": np.sqrt(13.0),
        "the grid is compared with YᵀH⁻¹Y: the radius is its root": 16.0,
        "the grid is compared with YᵀH⁻¹Y/n: the radius is the root of YᵀH⁻¹Y": 8.0,
        "the smallest radius of the grid, whether its ball holds the solution or not": 0.5,
        "this is the place in the grid: return the radius": 3,
        "the largest radius of the grid: sound, but the smallest that holds the solution gives the better bound": 40.0,
    },
)
t.close(
    "norm 3.61 on the grid 3.5, 4.5, 6, 20: the nearest radius would be too small",
    lambda: union_bound_radius(H, Y, [3.5, 4.5, 6.0, 20.0]),
    4.5,
    mistakes={
        "the nearest radius: it is too small here, and its ball does not hold the solution": 3.5,
        "the largest radius of the grid: sound, but the smallest that holds the solution gives the better bound": 20.0,
        "the grid is compared with YᵀH⁻¹Y: the radius is its root": 20.0,
        "the grid is compared with YᵀH⁻¹Y/n: the radius is the root of YᵀH⁻¹Y": 20.0,
        "rounded up to a whole number: take a radius of the grid": 4.0,
    },
)
t.close(
    "a grid in falling order",
    lambda: union_bound_radius(H, Y, np.array([9.0, 7.0, 4.0, 2.0])),
    4.0,
    mistakes={
        "the first radius in the list that is large enough: the grid comes in any order, take the smallest": 9.0,
        "the grid comes in any order: sort it, or take the minimum of those that are large enough": 2.0,
    },
)
t.close(
    "a radius that just holds the solution",
    lambda: union_bound_radius(np.eye(2), np.array([3.0, 4.0]), [4.9, 5 * (1 + 1e-6), 7.0]),
    5 * (1 + 1e-6),
    rtol=1e-9,
    mistakes={"a radius just above the norm is good enough": 7.0},
)
t.raises(
    "no ball of the grid is large enough",
    ValueError,
    lambda: union_bound_radius(H, Y, [1.0, 2.0, 3.0]),
    otherwise="no ball of this grid holds the solution, but a radius came back: raise ValueError",
)
t.report()

# %% role="hidden" exercise="union_bound_radius" points=3
# Hidden tests: fresh kernels and grids in any order, one point, one radius, grids that are too short.
### BEGIN HIDDEN TESTS
t = lab.tests("union_bound_radius", hidden=True)
norm_of = lab.reference("bounds.solution_norm")
for n in (1, 3, 6, 9):
    Phi = t.rng.standard_normal((n, n + 4))
    H, Y = Phi @ Phi.T, t.rng.choice([-1.0, 1.0], n)
    H *= (norm_of(H, Y) / t.rng.uniform(2.2, 3.5)) ** 2  # now the norm lies between 2.2 and 3.5
    norm = norm_of(H, Y)
    above = norm * np.cumsum([1.08, *t.rng.uniform(0.3, 0.9, 3)])
    above = np.append(above, [1.1 * norm**2, 2 * norm**2])
    below = norm * np.array([0.2, 0.6, 0.97])
    grid = t.rng.permutation(np.concatenate([below, above]))
    t.close(
        f"{n} points",
        lambda: union_bound_radius(H, Y, grid),
        above[0],
        rtol=1e-6,
        mistakes={
            "the largest radius below the norm: unsound": below[-1],
            "the norm itself: take a radius of the grid": norm,
            "the grid is compared with YᵀH⁻¹Y: the radius is its root": above[above >= norm**2].min(),
            "the grid is compared with YᵀH⁻¹Y/n": grid[grid >= norm**2 / n].min(),
            "the largest radius of the grid": grid.max(),
            "the smallest radius of the grid": grid.min(),
            "the first radius in the list that is large enough: take the smallest": grid[grid >= norm][0],
        },
    )
    short = list(below)
    t.raises(
        "a grid that is too short",
        ValueError,
        lambda: union_bound_radius(H, Y, short),
        otherwise="no ball of the grid holds the solution, but a radius came back: raise ValueError",
    )
t.close("a single radius", lambda: union_bound_radius(H, Y, [3 * norm]), 3 * norm, rtol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="union_bound_radius"
# <details><summary>Hint 1 · concept</summary>
#
# Which of the balls hold the solution? All whose radius is at least the distance that training goes. Among these the
# smallest gives the best bound. If there is none, the grid was made too short, and no answer is right.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $\min\{W \in \text{grid} : W \ge \sqrt{Y^\top H^{-1}Y}\}$: compare with the *root*, your `solution_norm`. The grid
# may come unsorted.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Collect the radii that are large enough, in a list or with a mask. If nothing is left, `raise ValueError(...)`;
# otherwise `min(...)`.
#
# </details>

# %% [markdown]
# ### See it: where the bound says something, and where it does not
#
# Three problems with the same kernel. Digits, odd against even; points on a sphere in five dimensions with a *linear*
# target, $y = x_1$; and the same points with coin flips. Lines are your bound before the cut at 1, markers what it
# bounds, measured on new inputs.
#
# What *does* it bound? For labels ±1 the share of wrong signs, because a fit of such labels has margin 1. A real
# target such as $x_1$ comes close to 0, and there is no margin. The same proof then bounds the mean of
# $\min(1, |f(x) - y|)$, and that is what the circles show. (Otherwise you could divide all targets by 1,000 and have the
# first term of the bound on the signs for nothing.)

# %% role="figure" name="bound"
bound_sizes = [50, 100, 200, 500, 1000]
sphere = datasets.sphere(3000, 5, rng=0)
flips = np.random.default_rng(0).choice([-1.0, 1.0], len(sphere))
problems = {
    "digits, odd against even": (np.vstack([X_train, X_test]), np.concatenate([y_train, y_test]), "k--s"),
    "sphere, linear target": (sphere, sphere[:, 0], "k-o"),
    "sphere, coin flips": (sphere, flips, "k:^"),
}


def unclipped(H, Y, delta=0.05):
    """Your bound without the cut at 1: both terms grow in proportion to the constants."""
    return 1000 * generalization_bound(H, Y, delta, c=0.002, c_prime=0.003)


fig, ax = plt.subplots(figsize=(6.8, 3.8))
bounds_at, measured_at = {}, {}
for name, (X, y, style) in problems.items():
    gram, cross = kernels.two_layer_ntk(X[:1000]), kernels.two_layer_ntk(X[1000:], X[:1000])
    bounds_at[name] = [unclipped(gram[:n, :n], y[:n]) for n in bound_sizes]
    errors = []
    for n in bound_sizes:
        f = regression.kernel_regression(gram[:n, :n], cross[:, :n], y[:n])
        linear = "linear" in name
        errors.append(np.minimum(1, np.abs(f - y[1000:])).mean() if linear else share_of_errors(f, y[1000:]))
    measured_at[name] = errors
    ax.plot(bound_sizes, bounds_at[name], style[:-1], lw=1.4, label=f"{name}: bound")
    ax.plot(
        bound_sizes,
        errors,
        style[0] + style[-1],
        ms=5,
        mfc="white",
        label="mean of min(1, |f − y|)" if linear else "wrong signs",
    )
ax.axhline(1, color="0.5", lw=1)
ax.annotate("a bound above this line says nothing", (300, 1), (0, 4), textcoords="offset points", fontsize=8)
ax.set(xscale="log", xlabel="training points n", ylabel="bound (lines), measured (markers)")
ax.set_yscale("symlog", linthresh=1, linscale=1.5)
ax.set(ylim=(-0.05, 30), xticks=bound_sizes, xticklabels=bound_sizes)
ax.set_yticks([0, 0.5, 1, 2, 5, 10, 20], ["0", "0.5", "1", "2", "5", "10", "20"])
ax.minorticks_off()
ax.legend(fontsize=7, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.22))
plt.show()
for name, values in bounds_at.items():
    print(f"{name:26} bound at n = 1,000: {values[-1]:5.2f}   measured: {measured_at[name][-1]:.4f}")
whole = unclipped(kernels.two_layer_ntk(sphere[:1000]), np.sqrt(5) * sphere[:1000, 0])
print(f"{'the linear target √5 x₁':26} bound at n = 1,000: {whole:5.2f}")
radii = np.arange(1, int(np.ceil(np.sqrt(len(y_train) / eigenvalues[0]))) + 1)  # of H_digits
for share in (0.0, 1.0):
    radius = union_bound_radius(H_digits, datasets.corrupt_labels(y_train, share, rng=0), radii)
    print(f"digits, share {share:g}: radius {radius:.0f} of a grid that ends at {radii[-1]}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Bound and test error against the number of training points. The bound for the linear target on the sphere falls below 1 between 100 and 200 of them and reaches 0.45 at 1,000; the measured error is almost 0. The bound for digits falls only from 4.4 to 3 while their test error falls from 0.14 to 0.01. The bound for coin flips rises from about 5 to 12 while the test error stays at one half.](bound.png)
#
# On the sphere with a linear target the bound is a real promise, made without a test set: the mean error is at most
# 0.45. (With the target scaled to variance 1, which is $\sqrt5\,x_1$, it is 0.56.) It is still far from the truth, 0.0001. On digits the bound is **vacuous**, although the kernel errs on 1 image in 100. Bounds of this
# kind usually are, on real data.
#
# Still, even there the *order* is right: digits lie far below coin flips. From a vacuous bound you may conclude
# nothing about the error, and a lot about which of two sets of labels is the harder one. And the grid of section 8
# costs next to nothing: the radius is rounded up from 41.8 to 42.
#
# </details>

# %% [markdown]
# ## 9 · Learnable, or not?
#
# S2 draws a criterion from the theorem: labels are learnable by this kernel if $Y^\top H^{-1}Y$ (without the $1/n$)
# **grows more slowly than $n$**. Then the measure falls, and the first term of the bound goes to 0. A growth law
# $n^p$ is a straight line in log–log axes, with slope $p$. So: learnable when $p < 1$.

# %% [markdown]
# ## Exercise 7 · `growth_exponent`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: S2, the criterion after the theorem; $\log(\text{value}) = p\,\log n + \text{const}$, fitted by least
# squares over **all** points.
#
# | | shape | |
# |---|---|---|
# | `ns` | `(k,)` | sample sizes, at least two different ones, in any order |
# | `values` | `(k,)` | $Y^\top H^{-1}Y$ at each, positive, *not* divided by $n$ |
# | returns | a number | the exponent $p$ |


# %% role="answer" exercise="growth_exponent"
def growth_exponent(ns, values):
    """Exponent p of values ~ n^p: the least-squares slope in log-log axes."""
    ### BEGIN SOLUTION
    return float(np.polyfit(np.log(ns), np.log(values), 1)[0])
    ### END SOLUTION


# %% role="visible" exercise="growth_exponent"
t = lab.tests("growth_exponent")
ns, values = np.array([1, 2, 4, 8]), np.array([1.0, 8.0, 4.0, 32.0])  # log₂: 0 1 2 3 and 0 3 2 5
t.close(
    "four points, by hand: slope 7/5",
    lambda: growth_exponent(ns, values),
    1.4,
    rtol=1e-5,
    mistakes={
        "the values are divided by n first: that gives p − 1; here they are taken as they are": 0.4,
        "the values are multiplied by n first": 2.4,
        "the slope between the first and the last point: fit all points": 5 / 3,
        "the last two points only: fit all": 3.0,
        "the sign is turned": -1.4,
        "the line runs through the origin: it needs a constant as well": 22 / 14,
        "the two axes are exchanged: values against n, not n against values": 7 / 13,
        "n against values, and then 1/slope: fit values against n": 13 / 7,
        "no logarithms: the slope of a power law is an exponent in log–log axes only": 120.25 / 28.75,
        "a logarithm of the values only: take it of n too": 16.5 / 28.75 * np.log(2),
        "two different bases: use one logarithm for both axes": 1.4 * np.log(10),
        "two different bases, the other way round": 1.4 / np.log(10),
        "this is the constant of the fitted line, not its slope": 0.4 * np.log(2),
    },
)
t.close("a power law", lambda: growth_exponent([10, 20, 80], 0.3 * np.array([10, 20, 80]) ** 0.87), 0.87, rtol=1e-5)
t.close("falling order", lambda: growth_exponent(ns[::-1], values[::-1]), 1.4, rtol=1e-5)
t.report()

# %% role="hidden" exercise="growth_exponent" points=2
# Hidden tests: fresh points off a power law, in any order; two points; no growth; a falling law.
### BEGIN HIDDEN TESTS
t = lab.tests("growth_exponent", hidden=True)
reference = lab.reference("bounds.growth_exponent")
for k in (2, 4, 7):
    ns = t.rng.permutation(np.unique((20 * 1.9 ** (np.arange(k) + t.rng.uniform(0, 0.4, k))).astype(int)))
    values = 0.5 * ns ** t.rng.uniform(0.3, 1.6) * np.exp(0.3 * t.rng.standard_normal(k))
    p = reference(ns, values)
    x, v = np.log(ns) - np.log(ns).mean(), np.log(values) - np.log(values).mean()
    first, last = np.argmin(ns), np.argmax(ns)
    t.close(
        f"{k} points",
        lambda: growth_exponent(ns, values),
        p,
        rtol=1e-5,
        atol=1e-6,
        mistakes={
            "the values are divided by n first": p - 1,
            "the slope between the first and the last point": (v[last] - v[first]) / (x[last] - x[first]),
            "the slope between the first and the last point of the list": (v[-1] - v[0]) / (x[-1] - x[0]),
            "the last two points only": (v[-1] - v[-2]) / (x[-1] - x[-2]),
            "the sign is turned": -p,
            "the line runs through the origin": np.log(ns) @ np.log(values) / np.sum(np.log(ns) ** 2),
            "the two axes are exchanged": x @ v / (v @ v),
            "n against values, and then 1/slope": v @ v / (x @ v),
            "no logarithms": np.polyfit(ns, values, 1)[0],
            "a logarithm of the values only": np.polyfit(ns, np.log(values), 1)[0],
            "two different bases": p * np.log(10),
            "two different bases, the other way round": p / np.log(10),
        },
    )
t.close("no growth", lambda: growth_exponent([10, 20, 50], [3.0, 3.0, 3.0]), 0.0, atol=1e-6)
t.close("a falling law", lambda: growth_exponent(ns, 7.0 * ns**-0.5), -0.5, rtol=1e-5)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="growth_exponent"
# <details><summary>Hint 1 · concept</summary>
#
# Lab 3 measured a slope in log–log axes: the same here. The logarithm of a power law is a straight line, and its
# slope is the exponent.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $x = \log n$ and $v = \log(\text{value})$, both minus their means: $p = \sum xv/\sum x^2$. The same base for
# both logarithms; all points.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.polyfit(x, v, 1)` returns slope and constant, in this order.
#
# </details>

# %% [markdown]
# ### See it: five targets
#
# Your two functions on digits (odd against even), on points of a sphere in ten dimensions with a linear target and
# with a product of two coordinates, and on coin flips for both. Five training sets each on the digits.
#
# **Predict, then run.** For coin flips $\mathbb E[Y^\top H^{-1}Y] = \mathrm{tr}\,H^{-1}$, a sum of $n$ terms. So is
# the exponent of random labels 1?

# %% role="gpu" name="growth"
digit_sizes = networks.pick_size(cpu=[50, 100, 200, 400, 800], cuda=[50, 100, 200, 400, 800, 1600])
sphere_sizes = networks.pick_size(cpu=[50, 100, 200, 400, 800], cuda=[50, 100, 200, 400, 800, 1600, 3200, 6400])


def squared_norms(X, y, sizes):
    """YᵀH⁻¹Y on the first n points, for each n; the kernel is computed on the device, the rest by your function."""
    place = "cuda" if device.type == "cuda" else "cpu"  # float64, which Apple's GPU lacks
    gram = kernels.two_layer_ntk(torch.as_tensor(X[: sizes[-1]], device=place)).cpu().numpy()
    return np.array([solution_norm(gram[:n, :n], y[:n]) ** 2 for n in sizes])


curves = {"digits, odd against even": [], "digits, coin flips": []}
for seed in range(5):
    X, _, y, _ = datasets.split(images, odd, digit_sizes[-1], rng=seed)
    coins = np.random.default_rng(seed).choice([-1.0, 1.0], len(y))
    curves["digits, odd against even"].append(squared_norms(X, y, digit_sizes))
    curves["digits, coin flips"].append(squared_norms(X, coins, digit_sizes))
X = datasets.sphere(sphere_sizes[-1], 10, rng=0)
targets = {"x₁": X[:, 0], "x₁x₂": X[:, 0] * X[:, 1], "coin flips": np.random.default_rng(0).choice([-1.0, 1.0], len(X))}
for name, y in targets.items():
    curves[f"sphere, {name}"] = [squared_norms(X, y, sphere_sizes)]
fig, ax = plt.subplots(figsize=(6.8, 3.8))
for (name, rows), style in zip(curves.items(), ["k-s", "k:^", "k-o", "k--o", "k:v"], strict=True):
    sizes = digit_sizes if name.startswith("digits") else sphere_sizes
    exponents = [growth_exponent(sizes, row) for row in rows]
    scatter = f" ± {np.std(exponents, ddof=1):.2f}" if len(rows) > 1 else ""
    label = f"{name}: {np.mean(exponents):.2f}{scatter}"
    ax.plot(sizes, np.mean(rows, axis=0) / np.mean(rows, axis=0)[0], style, ms=5, mfc="white", label=label)
    print("growth exponent,", label)
n = np.array(sphere_sizes)
ax.plot(n, n / n[0], color="0.6", lw=4, alpha=0.5, label="slope 1", zorder=0)
ax.set(xscale="log", yscale="log", xlabel="training points n", ylabel="YᵀH⁻¹Y / value at the smallest n")
ax.set_xticks(sphere_sizes, [f"{size:,}" for size in sphere_sizes])
ax.minorticks_off()
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>What happened, and the expected picture (CPU sizes; open after running)</summary>
#
# ![Growth of the squared norm with n, both axes logarithmic, relative to its value at n = 50, with a thick grey line of slope one. Both coin-flip curves run above the grey line, at slopes near 1.3; odd against even runs a little below it, the product of two coordinates far below, the linear target flat.](growth.png)
#
# The line of slope 1 divides them: digits .86 ± .06, coin flips 1.33 ± .04 (scatter of one training set). And coin
# flips are not at 1 but *above*: each of the $n$ terms is some $1/\lambda_i$, and the smallest eigenvalue keeps
# falling as points crowd together. The exponent of 1 belongs to a kernel whose eigenvalues stay put, such as
# orthogonal inputs.
#
# With .86, digits are learnable by this criterion, but the first term of the bound falls only like $n^{-0.07}$: to
# bring 2.7 below 1 that way would take a million times more images. The criterion is about the limit; it promises no
# rate that is useful.
#
# </details>

# %% [markdown]
# ## 10 · What the number cannot compare
#
# The measure compares *labels on one and the same $H$*. Three traps. The kernel is computed for $n = 600$ images,
# then for the same images with one fixed permutation of the pixels for all, for a permutation of its own for each
# image, and for Gaussian noise; labels are always the true ones.
#
# **Predict, then run.** Which of the four has the largest measure? Which of them change the test error?

# %% role="demo" name="one-kernel"
X_600, y_600 = X_train[:600], y_train[:600]


def pair(name):
    """Training and test images, spoilt in the same way."""
    both = np.vstack([X_600, X_test])
    if name == "one permutation for all":
        both = datasets.shuffle_pixels(both, rng=0, same_for_all=True)
    elif name == "a permutation for each":
        both = datasets.shuffle_pixels(both, rng=0)
    elif name == "Gaussian noise":
        both = np.random.default_rng(0).standard_normal(both.shape)
        both = both / np.linalg.norm(both, axis=1, keepdims=True)
    return both[:600], both[600:]


for name in ["images as they are", "one permutation for all", "a permutation for each", "Gaussian noise"]:
    inputs, test_inputs = pair(name)
    gram, cross = kernels.two_layer_ntk(inputs), kernels.two_layer_ntk(test_inputs, inputs)
    error = share_of_errors(regression.kernel_regression(gram, cross, y_600), y_test)
    print(f"{name:25} measure {complexity_measure(gram, y_600):5.2f}   test error {error:.3f}")
gram, cross = kernels.two_layer_ntk(X_600), kernels.two_layer_ntk(X_test, X_600)
tenth = datasets.corrupt_labels(y_600, 0.1, rng=0)
error = share_of_errors(regression.kernel_regression(gram, cross, tenth), y_test)
print(f"{'as they are, share 0.1':25} measure {complexity_measure(gram, tenth):5.2f}   test error {error:.3f}")
print(f"{'100 times the kernel':25} measure {complexity_measure(100 * gram, y_600):5.2f}   the same predictions")

# %% [markdown]
# <details><summary>What happened (open after running)</summary>
#
# One permutation for all images changes *nothing*: this kernel knows only inner products, and they stay. (A
# convolutional network would notice.) Noise has a *smaller* measure than clean images with a tenth of the labels
# redrawn, and yet a test error of one half: random directions are nearly orthogonal, $H$ is close to a multiple of
# the identity plus a constant, and fitting anything on such inputs is cheap. Learning it is impossible. And a hundred
# times the kernel has a hundredth of the measure.
#
# So: one $H$, different labels, and the measure ranks them. Different inputs, different kernels, different scales,
# and it does not. The *theorem* is not harmed: on noise its bound is above 1, as it should be.
#
# </details>

# %% [markdown]
# ## 11 · Check yourself
#
# No points. Choose, and read what comes back.

# %% role="quiz" name="capacity"
lab.quiz(
    "A colleague computes the Rademacher complexity of *all* functions that a wide network can reach by training on these 1,000 images, whatever the labels, and finds "
    "that it is about 1. What follows for the network trained on the true labels?",
    {
        "It will not generalise": "It does: section 6. An upper bound on the error that is useless says nothing about the error.",
        "Nothing: the class holds a fit of every sign pattern, and the labels did not enter": (
            "Right. This is S2's conclusion: a useful bound must look at the labels or at the algorithm. Yours looks at the distance that these labels need."
        ),
        "The complexity was computed wrongly": "It can well be 1: for every sign pattern the class holds a function that agrees with it at all points.",
        "It will generalise: 1 is small": "Complexity 1 means that the class agrees fully with coin flips at these inputs. It can hardly be larger for outputs ±1.",
    },
    right="Nothing: the class holds a fit of every sign pattern, and the labels did not enter",
)

# %% role="quiz" name="peeking"
lab.quiz(
    "Which of these lists of radii may be used in the union bound?",
    {
        "0.9, 1 and 1.1 times √(YᵀH⁻¹Y)": "These radii move with the labels: the ball theorem holds for balls that are fixed before the labels are drawn.",
        "1, 2, 4, 8, … up to the first one above √(n/λ)": (
            "Right: it is fixed before the labels, reaches far enough for any labels in [−1, 1], and doubling keeps it short. The radius is at most twice the norm."
        ),
        "1, 2, 3, … up to YᵀH⁻¹Y": (
            "That is what the slide says, but where this list ends depends on the labels; and for a norm below 1 it does not even reach the norm."
        ),
        "The one radius √(YᵀH⁻¹Y): a list of one costs nothing": "This is the argument that S2 calls not valid: the single ball was chosen after looking.",
    },
    right="1, 2, 4, 8, … up to the first one above √(n/λ)",
)

# %% role="quiz" name="scale"
lab.quiz(
    "Someone reports a bound of 0.3 on digits with c = 2. You find that their kernel is yours multiplied by 100. Their test error equals yours. What happened?",
    {
        "Their kernel is better": "Its predictions are the same: kernel regression does not see a factor on the kernel.",
        "Their labels are smaller": "A smaller label would lower the measure too, but the labels are ±1 for both.",
        "c = 2 holds for k(x, x) = 1. With k(x, x) = 100, c must be 20, and the bound is yours again": (
            "Right: c hides max √k(x, x). The measure fell by 100, its root by 10, and c grows by 10."
        ),
        "Chance: the bound only holds with probability 1 − δ": "No chance is involved: both numbers follow from the same training set.",
    },
    right="c = 2 holds for k(x, x) = 1. With k(x, x) = 100, c must be 20, and the bound is yours again",
)

# %% [markdown]
# ## 12 · Two questions marked by hand
#
# ### Question A · a promise from one training set
#
# 3 points, about 15 minutes. In a few lines each:
#
# 1. Show from the definition that the Rademacher complexity of a class that fits *every* sign pattern with outputs ±1
#    at the $n$ inputs is at least 1. Why does this make bounds for "all functions the network can reach" useless
#    here?
# 2. "We computed $W = \sqrt{Y^\top H^{-1}Y}$, took the ball of this radius, and by the theorem for balls our error is
#    below ... with probability 95 %." What exactly is wrong, and how does a grid mend it? What does the mending cost?
# 3. Your bound on the digits was about 3. A colleague concludes that kernel regression cannot learn digits; another,
#    that the measure is useless. Answer both with something you saw in this lab.

# %% [markdown] role="written" exercise="one-training-set" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. For each $\sigma$ choose the function with $h(x_i) = \sigma_i$: then $\frac1n\sum_i\sigma_ih(x_i) = 1$, so the
#    supremum is at least 1 for every $\sigma$, and so is its mean. A bound that adds twice this to the training error
#    is above 1, for true labels as for random ones: it cannot tell them apart.
# 2. The theorem holds with probability $1 - \delta$ for a ball that does not depend on the sample. This $W$ does; the
#    bad event may be just the one for this ball. Fix radii $W_1, \dots, W_N$ beforehand, use $\delta/N$ for each:
#    with probability $1 - \delta$ all $N$ statements hold at once, so one may choose among them with the labels in
#    hand. The price: the radius is rounded up to the grid, and $\log(1/\delta)$ becomes $\log(N/\delta)$, with $N
#    \approx \sqrt{n/\lambda}$.
# 3. A bound above 1 is true and says nothing: the measured test error at $n = 1{,}000$ was about 1 %. The measure is
#    not useless either: on this one $H$ it ordered all shares of corrupted labels as the test error did, and its
#    growth exponent separated digits (.86) from coin flips (1.33). On the sphere with a linear target the same bound
#    was .45.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: supremum at least 1 for every sign vector, hence the mean; and that labels do not enter, so the
#   bound is the same for random ones. Half a point for one of the two.
# - Part 2, 1 point: the radius depends on the labels (or: the ball is chosen after the fact); all balls at once with
#   δ/N each; the price named (a logarithm or the rounding up). Half a point for two of the three.
# - Part 3, 1 point: vacuous does not mean large error, with the measured error; and the ordering, the exponent or the
#   sphere as an observation for the measure. Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 10 minutes. Look at *your* `solution_norm` and `complexity_measure`:
#
# 1. In section 6 your `complexity_measure` is called 30 times with one and the same `H` ($n = 1{,}000$) and different
#    labels. Which step of your code is the expensive one, how does it grow with $n$, and how would you change the
#    code (or the call) so that it is done once?
# 2. What does your `solution_norm` do when two training images are *nearly* the same, at distance $10^{-9}$, and
#    carry different labels? Say which line of your code decides it, and whether the number that comes back can be
#    trusted.

# %% [markdown] role="written" exercise="your-norm" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. The factorisation, here `np.linalg.cholesky` (and `np.linalg.solve`, which does not know that `L` is triangular
#    and factorises it again): about $n^3/3$ multiplications each, eight times more for twice the $n$; the rest is
#    $n^2$ for each set of labels. Make $L$ once and solve for all label vectors as columns, taking the sum of squares
#    by column: $n^3/3$ in all instead of 30 times that.
# 2. This kernel has a cusp at equal inputs, $k \approx 1 - \theta/2\pi$, so $H$ gets an eigenvalue of about
#    $10^{-9}/2\pi \approx 1.6\cdot 10^{-10}$, well above the rounding of $H$, $10^{-16}$. Cholesky goes through with a tiny pivot in
#    `np.linalg.cholesky`, and the norm is about $\sqrt{2/1.6\cdot 10^{-10}} \approx 10^5$: huge, and good to some six digits if
#    the entries of $H$ are exact to rounding. For a smooth kernel (Gaussian) the eigenvalue would be $10^{-18}$, below
#    rounding: then Cholesky fails (`LinAlgError`) or returns a pivot that is all rounding, and no digit is right. A check
#    of $\lambda_{\min}$ against $10^{-16}\,n\,\lambda_{\max}$ tells the two cases apart.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the factorisation (or inverse, or solve) in the student's own code, n³, and a way to do it once
#   for all labels. Half a point for two of the three.
# - Part 2, 1 point: names the line of the student's own code (Cholesky, solve, eigenvalues, a check) and what it does with a
#   tiny eigenvalue; and says that the norm becomes huge and how far it can be trusted, by comparing the eigenvalue with
#   rounding (either verdict counts if the eigenvalue is argued for). Half a point for one of the two.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - Networks **and kernels** fit true labels, coin flips, shuffled pixels and noise. Fitting proves nothing, and a
#   complexity that does not know the labels cannot explain why some fits generalise.
# - Training moves the weights by $\sqrt{Y^\top H^{-1}Y}$. On one kernel matrix the measure $Y^\top H^{-1}Y/n$ **rises
#   with every label you corrupt**, and the test error rises with it: true and random labels are told apart on the
#   training set.
# - It becomes a **bound** by a ball, a grid of balls and a union bound. The bound is a promise on the sphere (.45)
#   and vacuous on digits (about 3).
# - The **growth exponent** separates a learnable target (about .87 on digits) from noise (1.3 to 1.4): slower or
#   faster than $n$.
#
# **Where the theory stops.** The bound only sees how far the weights go, in one fixed kernel. It does not know *which
# part* of the target is learned from $n$ points, so it is far above the true error, and does not predict it (lab 9
# does, to a few per cent). It cannot compare kernels: not two scales, not two data sets, not two architectures. And
# $H$ was always that of one hidden layer.
#
# **Next, lab 7**: what does $H$ become when the network has ten layers, or a thousand? Most deep networks have a
# kernel that sees all inputs as alike, or none. How deep may a network be, and who decides?
#
# *In ntklab these functions are `bounds.rademacher_complexity`, `bounds.rademacher_bound`, `bounds.solution_norm`,
# `bounds.complexity_measure`, `bounds.generalization_bound` (which remembers its two terms and its value before
# clipping), `bounds.union_bound_radius` and `bounds.growth_exponent`. They are withheld in this lab, since you write
# them yourself, and open from lab 7 on. `bounds.union_bound` puts the radius of the grid into a bound whose constants
# are proved.*
