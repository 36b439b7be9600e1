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
#     title: A trained wide network is kernel regression
#     question: Does a trained wide network predict what kernel regression with its tangent kernel predicts?
#     minutes: 165
# ---

# %% [markdown]
# # Lab 4 · A trained wide network is kernel regression
#
# **The question.** Lab 3 left you with a kernel: a formula, without a network in it. Now take a real network with
# random weights, train all of them by gradient descent, thousands of steps, until the loss is gone. Solve, on the
# other side, one linear system with the formula. Do the two predict the same thing, at points neither has seen? With
# the function that the network happened to start from included? And how wide is wide enough?
#
# By the end of this lab you will have trained a few hundred networks and watched them land on a curve that you had
# drawn before training any of them. You will have measured the two distances that remain and know where each comes
# from, seen what does *not* move while the network learns, and held network, NTK, Gaussian kernel and linear
# regression against each other on handwritten digits.
#
# **After this lab you can**
#
# 1. predict a *particular* trained network, from its function at the start, its tangent kernel and the data;
# 2. train a network in NTK parameterisation and translate its steps into the time of gradient flow;
# 3. predict the network at *every* moment of training, mode by mode;
# 4. measure how far training moves the kernel and the hidden representation, and state each rate with its evidence;
# 5. compare learners on real data fairly: one split, fixed settings, error bars.
#
# **You need** lab 1 (kernel regression, one-hot targets), lab 2 (where gradient descent goes, the largest stable step)
# and lab 3 (the tangent kernel). NumPy; a little PyTorch: gradients by `backward`, `torch.autograd.grad` or
# `torch.func.grad`, as you like.
#
# **Time**: 165 minutes. Six exercises, 20 points marked by the tests; two questions, 5 points marked by hand.
#
# **Reading**
#
# | source | where | what |
# |---|---|---|
# | **S1**: Roberts, Yaida & Hanin, *The Principles of Deep Learning Theory* | §10.1, (10.1)–(10.13) | one small step: no wiring, no representation learning |
# | **S1** | §10.2.4, (10.39), (10.40) | the prediction of a trained network, and its mean |
# | **S0**: Simon, Dickens & DeWeese, *A first-principles theory of neural network generalization* | "Finite network ≈ infinite-width network = kernel regression" | the claim of this lab in one sentence |
# | **S2**: H. Hadiji, *Neural Tangent Kernel*, class 5 slides | section 2 | the linear model behind it |

# %% [markdown]
# ## How to work here
#
# Run the cells from the top. You write code where it says `YOUR CODE HERE`; the cell right below tests it at once and,
# when something is wrong, tries to name the *misconception* and not just the number. (That cell is folded; click its
# three dots to read the tests.) Hidden tests do the same on fresh inputs when the notebook is graded. Stuck? Each
# exercise has three folded hints, each nearer to code than the one before; `lab.hint("ntk_predict")` prints the next
# one.
#
# The kernels of lab 3, the step sizes of lab 2 and the kernel of lab 1 are yours now: `kernels.ntk`,
# `empirical.empirical_ntk`, `dynamics.max_stable_step`, `kernels.gaussian_kernel`.

# %% role="setup"
import numpy as np
import torch

from ntklab import datasets, dynamics, empirical, kernels, lab, networks

lab.start("lab04-wide-networks")

# %% role="demo" name="drawing"
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (6.4, 3.6), "figure.dpi": 90, "figure.constrained_layout.use": True})
plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3})
plt.rcParams.update({"legend.frameon": False, "font.size": 10})
torch.set_num_threads(1)  # the networks here are small: two threads would mostly wait for each other


def on_circle(degrees):
    """Points (n, 2) of the unit circle at the given angles."""
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def rms(values, axis=None):
    """Root mean square."""
    return np.sqrt(np.mean(np.square(values), axis=axis))


def slope(widths, errors):
    """The exponent p of errors ~ widths^p: lab 3's convergence_slope."""
    return np.polyfit(np.log(widths), np.log(errors), 1)[0]


def log_log(ax, widths):
    """Logarithmic axes without a clutter of minor labels, ticks at the widths."""
    ax.set(xscale="log", yscale="log", xlabel="width m", xticks=widths, xticklabels=[f"{w:,}" for w in widths])
    ax.xaxis.minorticks_off()
    ax.yaxis.set_major_locator(plt.LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(plt.FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(plt.NullFormatter())


# The task of the first half: five values on a circle, a function of one angle, with a wide gap.
curve_degrees = np.array([-150.0, -100, -50, 0, 50])
curve_x, curve_y = on_circle(curve_degrees), np.array([[0.5], [-1.0], [0.3], [1.2], [-0.4]])
grid_degrees = np.linspace(-180, 180, 121)
grid_x = on_circle(grid_degrees)


def curve_net(width, activation="relu", seed=0, n_out=1):
    """A network for the curve: one hidden layer, biases, all weights random."""
    return networks.NTKNet(2, width, n_out=n_out, activation=activation, C_W=2.0, C_b=0.5, seed=seed)


# %% [markdown]
# ## 1 · The claim
#
# Lab 2: a model that stays linear in its weights, $f(x) = f_0(x) + \phi(x)\cdot(w - w_0)$, trained by gradient descent
# on squared error, ends at the closed form $f_0 + \Phi_{\text{test}}\Phi^\top(\Phi\Phi^\top)^{-1}(Y - f_0)$. Only
# inner products of features occur. Lab 3: for a wide network these inner products are not random; they are the
# **frozen kernel** $\Theta$. Put together:
#
# $$f_\infty(x) \;=\; f_0(x) \;+\; \Theta(x, A)\,\Theta(A, A)^{-1}\,\bigl(Y - f_0(A)\bigr). \tag{10.39}$$
#
# $A$ is the training set, $f_0$ the network's function before training. Nothing else of the random weights is left.
# You met this formula in lab 2 as one giant *leap* (`newton_step`); here it claims to describe what *thousands of
# small steps of a real, nonlinear network* do. That needs two things: that the kernel at the start is close to its
# limit (lab 3: up to $1/\sqrt m$), and that it stays put during training. The second is what this lab has to show.
#
# Conventions, once for the whole lab:
#
# | | here |
# |---|---|
# | shapes | `X` is `(n, d)`; `Y`, `f0_train` are `(n, c)`; `f0_test` is `(m, c)`, always two axes, also for one output |
# | kernels | `K_train` is `(n, n)`, `K_test` is `(m, n)`: test × train |
# | network | `networks.NTKNet`: weights $W, b \sim \mathcal N(0, 1)$, and the scales stand in the *formula*, $z = \sqrt{C_b}\,b + \sqrt{C_W/\text{fan-in}}\;W\sigma$. One step size for all weights |
# | its kernel | `kernels.ntk(X, mlp=net.mlp)` at infinite width, `empirical.empirical_ntk(net, X)` for its present weights; both chapter 10's, inner products over $d$ in the first layer |
# | loss | $\mathcal L = \frac{1}{2n}\sum_{i,c}\bigl(f_c(x_i) - Y_{ic}\bigr)^2$: a half, the mean over *samples*, the sum over outputs |
# | clock | one step of size $\eta$ moves outputs by $-\frac{\eta}{n}\Theta\,(f - Y)$, so $k$ steps are the time $t = \eta k/n$ |
#
# **One misprint to know.** The book prints the inverse in (10.39) with *lower* indices, as if it were a block of
# $\Theta$ itself, though (10.26) defines it properly: the inverse of the *training* block. Code written literally
# multiplies where it must solve. There is a test that needs no second source: put training points in for $x$. What
# must come out?

# %% [markdown]
# ## 2 · Worked example: two points, width three
#
# The network of lab 3's section 3 (but for the sign of one $a$), three hidden units, no biases, $h(x) = \frac{1}{\sqrt
# 3}\sum_i a_i\,\sigma(\langle b_i, x\rangle)$ with
#
# $$b_1 = (1, 0),\quad b_2 = (1, 1),\quad b_3 = (-1, -2), \qquad a = (2, 1, 3).$$
#
# It is trained on the single point $x = (1, 1)$ and asked about $z = (2, 0)$. To keep the roots away, $H = \sqrt
# 3\,h$; the target is $H(x) = 7$.
#
# | unit | $\langle b_i, x\rangle$ | $\langle b_i, z\rangle$ | awake | $a_i\sigma$ at $x$ | $a_i\sigma$ at $z$ |
# |---|---|---|---|---|---|
# | 1 | 1 | 2 | both | 2 | 4 |
# | 2 | 2 | 2 | both | 2 | 2 |
# | 3 | −3 | −2 | neither | 0 | 0 |
#
# **Start**: $H_0(x) = 4$, $H_0(z) = 6$. **Kernel**, as in lab 3 (outer part + inner part, over 3):
#
# $$\hat k(x, x) = \tfrac13\bigl[(1 + 4) + 2\,(4 + 1)\bigr] = 5,\qquad
#   \hat k(x, z) = \tfrac13\bigl[(2 + 4) + 2\,(4 + 1)\bigr] = \tfrac{16}{3},\qquad
#   \hat k(z, z) = \tfrac13\bigl[(4 + 4) + 4\,(4 + 1)\bigr] = \tfrac{28}{3}.$$
#
# **The claim (10.39)**: $H_\infty(z) = 6 + \frac{16}{3}\cdot\frac15\,(7 - 4) = 9.2$. (At the training point: $4 +
# 5\cdot\frac15\cdot 3 = 7$, as it must be. Forget $f_0$, and you get $\frac{16}{15}\cdot 7 = 7.47$: still 7 at $x$,
# and something else at $z$.)
#
# **One step of gradient descent**, $\eta = 0.1$, $n = 1$. The residual is $h - y = -3/\sqrt 3$, and the gradient of
# $h(x)$ is $\frac{1}{\sqrt 3}$ times $(1, 2, 0)$ by $a$ and $(2, 2), (1, 1), (0, 0)$ by the $b_i$. So $\Delta =
# -\eta\,(h - y)\nabla h = 0.1\cdot\frac{3}{\sqrt 3}\cdot\frac{1}{\sqrt 3}(\dots)$, a tenth of these numbers:
#
# $$a \to (2.1,\ 1.2,\ 3),\qquad b_1 \to (1.2,\ 0.2),\quad b_2 \to (1.1,\ 1.1),\quad b_3 \text{ stays}.$$
#
# | | before | after the step | what (10.3) says, $H_0 + \eta\,\hat k\cdot 3$ |
# |---|---|---|---|
# | $H(x)$ | 4 | $2.1\cdot 1.4 + 1.2\cdot 2.2 = 5.58$ | $4 + 0.1\cdot 5\cdot 3 = 5.5$ |
# | $H(z)$ | 6 | $2.1\cdot 2.4 + 1.2\cdot 2.2 = 7.68$ | $6 + 0.1\cdot\frac{16}{3}\cdot 3 = 7.6$ |
#
# The difference, $0.08$ in both rows, is the $O(\eta^2)$ of (10.1): $\sum_i \Delta a_i\,\langle\Delta b_i,
# \cdot\rangle$. Width three is not wide. Keep these numbers, you will meet them in three exercises. The computer
# agrees:

# %% role="demo" name="three-units"
weights = np.array([1.0, 0, 1, 1, -1, -2, 2, 1, 3])  # b1, b2, b3, then a: the order of flat_weights()
three_units = networks.NTKNet.from_config({"d": 2, "width": 3, "C_W": 2.0, "readout": (1.0, 0.0)}, weights)
pair = np.array([[1.0, 1.0], [2.0, 0.0]])
print("√3 · h at x and z:      ", np.sqrt(3) * three_units(pair)[:, 0])
print("3 · kernel of x and z:  ", (3 * empirical.empirical_ntk(three_units, pair)).round(9).tolist())

# %% [markdown]
# ## Exercise 1 · `ntk_predict`
#
# Difficulty ●○○ · 10 minutes · 3 points
#
# **Equation**: (10.39), as in section 1.
#
# | | shape | |
# |---|---|---|
# | `K_train` | `(n, n)` | kernel of the training points, symmetric, positive definite |
# | `K_test` | `(m, n)` | kernel of test × training points |
# | `Y` | `(n, c)` | targets, one column per output |
# | `f0_train`, `f0_test` | `(n, c)`, `(m, c)` | the network's outputs before training |
# | returns | `(m, c)` | its outputs after training |
#
# Solve, do not invert, and add nothing to the diagonal.


# %% role="answer" exercise="ntk_predict"
def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    """Outputs (m, c) at the test points of the trained network that started from f0."""
    ### BEGIN SOLUTION
    return f0_test + K_test @ np.linalg.solve(K_train, Y - f0_train)
    ### END SOLUTION


# %% role="visible" exercise="ntk_predict"
t = lab.tests("ntk_predict")
t.close(
    "the worked example",
    lambda: ntk_predict(
        np.array([[5.0]]), np.array([[16 / 3]]), np.array([[7.0]]), np.array([[4.0]]), np.array([[6.0]])
    ),
    [[9.2]],
    rtol=1e-5,  # a float32 answer rounds at 1e-7
    mistakes={
        "the function at the start is missing altogether: keep f0 at test and training points": [[112 / 15]],
        "f0_test is missing: training adds to what the network said before": [[3.2]],
        "f0_train is not subtracted: the network has to learn only what it does not say yet": [[6 + 112 / 15]],
        "the sign of the residual is wrong: Y − f0_train": [[2.8]],
        "you multiplied by K_train: (10.39) means its inverse, whatever the printed indices say": [[86.0]],
    },
)
K_train, K_test = np.array([[2.0, 1], [1, 2]]), np.array([[1.0, 0], [0, 3], [2, 2]])
Y, f0_train = np.array([[2.0, 0], [1, 4]]), np.array([[1.0, 1], [-1, 2]])
f0_test = np.array([[1.0, 0], [0, 0], [3, -1]])
# residual (1, −1), (2, 2); solved: (0, −4/3), (1, 5/3)
t.close(
    "two training points, three test points, two outputs, by hand",
    lambda: ntk_predict(K_train, K_test, Y, f0_train, f0_test),
    [[1.0, -4 / 3], [3.0, 5.0], [5.0, -1 / 3]],
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "the function at the start is missing altogether: keep f0 at test and training points": (
            [[1.0, -4 / 3], [0.0, 8.0], [2.0, 8 / 3]]
        ),
        "f0_test is missing: training adds to what the network said before": [[0.0, -4 / 3], [3.0, 5.0], [2.0, 2 / 3]],
        "f0_train is not subtracted: the network has to learn only what it does not say yet": (
            [[2.0, -4 / 3], [0.0, 8.0], [5.0, 5 / 3]]
        ),
        "the sign of the residual is wrong: Y − f0_train": [[1.0, 4 / 3], [-3.0, -5.0], [1.0, -5 / 3]],
        "you multiplied by K_train: (10.39) means its inverse, whatever the printed indices say": (
            [[5.0, 0.0], [15.0, 9.0], [21.0, 5.0]]
        ),
        "1/K entry by entry is not the inverse matrix": [[3.5, 1.5], [6.0, 0.0], [12.0, 2.0]],
    },
)
K = t.rng.standard_normal((5, 9))
K = K @ K.T
Y, f0_train = t.rng.standard_normal((5, 3)), t.rng.standard_normal((5, 3))
t.close(
    "asked about the training points it says Y, wherever the network started",
    lambda: ntk_predict(K, K, Y, f0_train, f0_train),
    Y,
    rtol=1e-5,
    atol=1e-5,
)
t.close(
    "asked about a point that is related to no training point it says what it said before",
    lambda: ntk_predict(K, np.zeros((2, 5)), Y, f0_train, f0_train[:2]),
    f0_train[:2],
    rtol=1e-5,
    atol=1e-6,
    mistakes={"f0_test is missing: training adds to what the network said before": np.zeros((2, 3))},
)
t.report()

# %% role="hidden" exercise="ntk_predict" points=3
# Hidden tests: fresh kernels of several sizes, a single training point, and a kernel with tiny entries.
### BEGIN HIDDEN TESTS
t = lab.tests("ntk_predict", hidden=True)
kernel_regression = lab.reference("regression.kernel_regression")
for what, n, m, c, scale in [
    ("a fresh problem", 6, 4, 3, 1.0),
    ("more test points than training points", 3, 7, 1, 5.0),
    ("one training point", 1, 2, 2, 2.0),
    ("a kernel with tiny entries", 5, 3, 2, 1e-6),
]:
    features, others = t.rng.standard_normal((n, 3 * n + 2)), t.rng.standard_normal((m, 3 * n + 2))
    K_train, K_test = scale * features @ features.T, scale * others @ features.T
    Y, f0_train, f0_test = (t.rng.standard_normal((rows, c)) + 0.5 for rows in (n, n, m))
    right = kernel_regression(K_train, K_test, Y, f0_train=f0_train, f0_test=f0_test)
    no_start = kernel_regression(K_train, K_test, Y)
    t.close(
        what,
        lambda: ntk_predict(K_train, K_test, Y, f0_train, f0_test),
        right,
        rtol=1e-5,
        atol=1e-5 * np.abs(right).max(),  # the kernels have condition numbers below 100
        mistakes={
            "the function at the start is missing altogether": no_start,
            "f0_test is missing": right - f0_test,
            "f0_train is not subtracted": no_start + f0_test,
            "the sign of the residual is wrong": 2 * f0_test - right,
            "you multiplied by K_train instead of solving": f0_test + K_test @ K_train @ (Y - f0_train),
            "1/K entry by entry is not the inverse matrix": f0_test + K_test @ (1 / K_train) @ (Y - f0_train),
            "something is added to the diagonal of K_train: there is no ridge here": lambda: kernel_regression(
                K_train, K_test, Y, ridge=1e-6, f0_train=f0_train, f0_test=f0_test
            ),
            "something is added to the diagonal of K_train: no ridge": lambda: kernel_regression(
                K_train, K_test, Y, ridge=1e-8, f0_train=f0_train, f0_test=f0_test
            ),
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="ntk_predict"
# <details><summary>Hint 1 · concept</summary>
#
# Three steps: what does the network still have to learn at the training points? Which weights on the training points
# produce exactly that there? What do these weights produce at the test points? Then remember what the network said
# there anyway.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The residual $Y - f_0(A)$ is `(n, c)`. The weights $\alpha$ solve $K_{\text{train}}\,\alpha = $ residual: `(n, c)`
# again, all columns at once. $K_{\text{test}}\,\alpha$ is `(m, c)`, like `f0_test`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# `np.linalg.solve(matrix, right_hand_sides)` takes the whole residual. Multiply the result by `K_test` from the left
# with `@`, and add `f0_test`. One line.
#
# </details>

# %% [markdown]
# ## 3 · A real network
#
# `NTKNet` is an ordinary PyTorch module: `net(X)` gives outputs, `net.parameters()` the weights. What is not ordinary
# is where the scales stand. In the standard parameterisation $W \sim \mathcal N(0, C_W/m)$ and the tangent kernel
# grows like $m$, so that every width needs a step of its own. Here one step size serves all widths: $\eta <
# 2n/\lambda_{\max}(\Theta)$, lab 2's limit.
#
# ## Exercise 2 · `train_network`
#
# Difficulty ●●○ · 25 minutes · 4 points
#
# Full-batch gradient descent: at every step each weight $\theta$ moves by $-\eta\,\partial\mathcal L/\partial\theta$
# of the loss $\mathcal L = \frac{1}{2n}\sum_{i,c}(f_c(x_i) - Y_{ic})^2$. **Equation**: the update behind (10.1), with
# S2's loss $\frac{1}{2n}$; (10.5) is the sum without $\frac1n$.
#
# | | | |
# |---|---|---|
# | `net` | `NTKNet` | any depth, biases or none, `c` outputs. Train a **copy**: the caller still needs the start |
# | `X`, `Y` | NumPy, `(n, d)`, `(n, c)` | training data |
# | `eta`, `steps` | number, whole number ≥ 0 | |
# | returns | `(trained, losses)` | the trained `NTKNet`, and `steps + 1` losses: before every step, and after the last |
#
# Three things to know about `NTKNet`. The class method `from_config` makes a network from another one's `config` and
# its `flat_weights()`: a copy. Given a NumPy array a network answers NumPy, *without gradients*: make tensors first.
# And make them of the network's `net.W1.dtype` on its `net.W1.device`; then the same lines run on a GPU at the end of
# the lab.


# %% role="answer" exercise="train_network"
def train_network(net, X, Y, eta, steps):
    """A trained copy of net, and the losses before every step and after the last one (steps + 1)."""
    ### BEGIN SOLUTION
    trained = networks.NTKNet.from_config(net.config, net.flat_weights())
    X, Y = (torch.as_tensor(A, dtype=net.W1.dtype, device=net.W1.device) for A in (X, Y))
    weights, losses = list(trained.parameters()), []
    for step in range(steps + 1):
        loss = ((trained(X) - Y) ** 2).sum() / (2 * len(X))
        losses.append(loss.detach())
        if step < steps:
            gradients = torch.autograd.grad(loss, weights)
            with torch.no_grad():
                for weight, gradient in zip(weights, gradients, strict=True):
                    weight -= eta * gradient
    return trained, torch.stack(losses).cpu().numpy()
    ### END SOLUTION


# %% role="visible" exercise="train_network"
t = lab.tests("train_network")


def trained_on(net, X, Y, eta, steps):
    """The answer as numbers: the weights of the trained network, and the losses."""
    trained, losses = train_network(net, X, Y, eta, steps)
    return trained.flat_weights(), losses


def is_a_network_with_losses(answer):
    return isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[0], networks.NTKNet)


start = np.array([1.0, 0, 1, 1, -1, -2, 2, 1, 3])  # b1, b2, b3, a of the worked example
three = networks.NTKNet.from_config({"d": 2, "width": 3, "C_W": 2.0, "readout": (1.0, 0.0)}, start)
X, Y = np.array([[1.0, 1.0]]), np.array([[7 / np.sqrt(3)]])
move = np.array([2.0, 2, 1, 1, 0, 0, 1, 2, 0])  # the gradient of h(x), times √3
losses = np.array([1.5, 1.42**2 / 6])  # (4 − 7)²/3/2, (5.58 − 7)²/3/2
second_move = 0.142 / 3 * np.array([2.1, 2.1, 1.2, 1.2, 0, 0, 1.4, 2.2, 0])  # with the gradient after the first
t.holds(
    "two things come back",
    lambda: is_a_network_with_losses(train_network(three, X, Y, 0.1, 1)),
    "return two things: the trained NTKNet first, then the losses",
)
t.close(
    "one step of the worked example: the weights",
    lambda: trained_on(three, X, Y, 0.1, 1)[0],
    start + 0.1 * move,
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "the ½ of the loss is missing: the step is twice too large": start + 0.2 * move,
        "the weights climb: the step goes against the gradient": start - 0.1 * move,
        "only the outer weights move: train all parameters": np.concatenate([start[:6], [2.1, 1.2, 3.0]]),
        "only the inner weights move: train all parameters": np.concatenate([(start + 0.1 * move)[:6], start[6:]]),
        "the network that came back is the untrained one": start,
        "you trained f − f at the start: here the targets are Y as they are": start + 0.7 / 3 * move,
        "one step too many: `steps` updates, `steps + 1` losses": start + 0.1 * move + second_move,
    },
)
t.close(
    "one step of the worked example: the losses",
    lambda: trained_on(three, X, Y, 0.1, 1)[1],
    losses,
    rtol=1e-5,
    atol=1e-6,
    mistakes={
        "the ½ of the loss is missing in `losses`": 2 * losses,
        "the loss before the first step is missing: `losses` has steps + 1 entries": losses[1:],
        "the loss after the last step is missing: `losses` has steps + 1 entries": losses[:1],
    },
)
t.holds(
    "your caller's network stays as it was",
    lambda: np.array_equal(three.flat_weights().numpy(), start),
    "the network that was passed in has changed: train a copy, the start is still needed",
)

# Without hidden layers the model is linear in its weights, and lab 2 knows what happens.
X, Y = t.rng.standard_normal((6, 4)), t.rng.standard_normal((6, 3))
linear = networks.NTKNet(4, 1, hidden_layers=0, n_out=3, C_W=4.0, seed=5)  # f(x) = Wx


def as_in_lab_2(eta, divide_by=2 * 6, steps=7, pile_up=False):
    """Gradient descent on a linear model: its weights, and |XW - Y|²/divide_by at every step."""
    W, total, losses = linear.flat_weights().numpy().reshape(3, 4).T, 0.0, []
    for _ in range(steps + 1):
        losses.append(np.sum((X @ W - Y) ** 2) / divide_by)
        last, total = W, total * pile_up + X.T @ (X @ W - Y) / 6
        W = W - eta * total
    return last.T.ravel(), losses


t.close(
    "without hidden layers it is lab 2's gradient descent: the weights",
    lambda: trained_on(linear, X, Y, 0.2, 7)[0],
    lambda: as_in_lab_2(0.2)[0],
    rtol=1e-5,
    atol=1e-5,  # float32 is held to 1e-4 of the largest entry anyway
    mistakes={
        "the loss is summed over samples: divide by n, or every step is n times too large": lambda: as_in_lab_2(1.2)[0],
        "the mean is taken over the outputs too: sum over outputs, divide by n only": lambda: as_in_lab_2(0.2 / 3)[0],
        "the ½ of the loss is missing": lambda: as_in_lab_2(0.4)[0],
        "this is `mse_loss`, the mean over all entries without ½: sum over outputs, divide by 2n": (
            lambda: as_in_lab_2(0.4 / 3)[0]
        ),
        "the weights climb: the step goes against the gradient": lambda: as_in_lab_2(-0.2)[0],
        "gradients pile up: PyTorch adds every `backward()` to `.grad` until you reset it": (
            lambda: as_in_lab_2(0.2, pile_up=True)[0]
        ),
        "one step too many: `steps` updates, `steps + 1` losses": lambda: as_in_lab_2(0.2, steps=8)[0],
        "one step too few: `steps` updates, `steps + 1` losses": lambda: as_in_lab_2(0.2, steps=6)[0],
    },
)
t.close(
    "without hidden layers it is lab 2's gradient descent: the losses",
    lambda: trained_on(linear, X, Y, 0.2, 7)[1],
    lambda: as_in_lab_2(0.2)[1],
    rtol=1e-5,
    atol=1e-5,
    mistakes={
        "the losses are summed over samples: divide by n": lambda: as_in_lab_2(0.2, 2)[1],
        "the losses are a mean over the outputs too: divide by n only": lambda: as_in_lab_2(0.2, 36)[1],
        "the ½ is missing in `losses`": lambda: as_in_lab_2(0.2, 6)[1],
        "the losses are those of `mse_loss`: sum over outputs, divide by 2n": lambda: as_in_lab_2(0.2, 18)[1],
        "the first loss comes after the first step: begin with the loss at the start": (
            lambda: [*as_in_lab_2(0.2)[1][1:], as_in_lab_2(0.2, steps=8)[1][-1]]
        ),
    },
)
t.report()

# %% role="hidden" exercise="train_network" points=4
# Hidden tests: fresh networks of one and two hidden layers, biases, several outputs, one sample, no steps at all.
### BEGIN HIDDEN TESTS
t = lab.tests("train_network", hidden=True)
train_ensemble = lab.reference("networks.train_ensemble")


def answer(net, X, Y, eta, steps):
    trained, losses = train_network(net, X, Y, eta, steps)
    return trained.flat_weights(), losses


def right(net, X, Y, eta, steps):
    ensemble = train_ensemble(lambda seed: net, [0], X, Y, eta, steps, centered=False)
    return ensemble.nets[0].flat_weights(), ensemble.losses[0]


def wrong(net, X, Y, eta, steps, divide_by=None, pile_up=False, sign=1, outer=False, biases=True, one_by_one=False):
    """Gradient descent with a mistake, by automatic differentiation."""
    n = len(X)
    divide_by = divide_by or 2 * n
    net = networks.NTKNet.from_config(net.config, net.flat_weights())
    goal = net.W1.new_tensor(Y) + (net(net.W1.new_tensor(X)).detach() if one_by_one == "centred" else 0)
    names = [name for name, _ in net.named_parameters()]
    last, losses, total = names[-1][-1], [], {name: 0.0 for name in names}
    for step in range(steps + 1):
        net.zero_grad()
        loss = ((net(net.W1.new_tensor(X)) - goal) ** 2).sum() / divide_by
        losses.append(float(loss.detach()))
        loss.backward()
        for name, weight in net.named_parameters():
            if step < steps and (not outer or name.endswith(last)) and (biases or name.startswith("W")):
                total[name] = total[name] * pile_up + weight.grad.clone()
                weight.data -= sign * eta * total[name]
    return net.flat_weights(), losses


for what, d, n, settings, eta, steps in [
    ("one hidden layer, three outputs", 3, 5, {"width": 7, "n_out": 3, "C_b": 0.3}, 0.2, 4),
    ("two hidden layers, tanh", 2, 4, {"width": 6, "hidden_layers": 2, "activation": "tanh", "C_b": 0.2}, 0.15, 5),
    (
        "a wide network, erf, a read-out of its own",
        4,
        6,
        {"width": 200, "activation": "erf", "readout": (1.0, 0.4)},
        0.3,
        6,
    ),
    ("one sample", 5, 1, {"width": 9, "n_out": 2, "activation": "sin"}, 0.1, 3),
]:
    net = networks.NTKNet(d, seed=int(t.rng.integers(10**6)), **settings)
    X, Y = t.rng.standard_normal((n, d)), t.rng.standard_normal((n, net.config["n_out"]))
    problem = (net, X, Y, eta * float(t.rng.uniform(0.7, 1.3)), steps)
    c = net.config["n_out"]
    t.close(
        what,
        lambda: answer(*problem),
        lambda: right(*problem),
        rtol=1e-5,
        atol=1e-5,
        mistakes={
            "the loss is summed over samples: divide by n": lambda: wrong(*problem, divide_by=2),
            "the mean is taken over the outputs too: divide by n only": lambda: wrong(*problem, divide_by=2 * n * c),
            "the ½ of the loss is missing": lambda: wrong(*problem, divide_by=n),
            "this is `mse_loss`, the mean over all entries without ½": lambda: wrong(*problem, divide_by=n * c),
            "gradients pile up: reset them before every `backward()`": lambda: wrong(*problem, pile_up=True),
            "the weights climb: the step goes against the gradient": lambda: wrong(*problem, sign=-1),
            "only the outer weights move: train all parameters": lambda: wrong(*problem, outer=True),
            "the biases do not move: train all parameters": lambda: wrong(*problem, biases=False),
            "you trained f − f at the start: here the targets are Y as they are": (
                lambda: wrong(*problem, one_by_one="centred")
            ),
            "the network that came back is the untrained one": lambda: (net.flat_weights(), right(*problem)[1]),
            "the loss before the first step is missing": lambda: (right(*problem)[0], right(*problem)[1][1:]),
            "the loss after the last step is missing": lambda: (right(*problem)[0], right(*problem)[1][:-1]),
            "one step too many": lambda: (right(*problem[:4], steps + 1)[0], right(*problem)[1]),
            "one step too few": lambda: (right(*problem[:4], steps - 1)[0], right(*problem)[1]),
        },
    )
t.close(
    "no steps: the network as it was, and one loss",
    lambda: answer(*problem[:4], 0),
    lambda: right(*problem[:4], 0),
    rtol=1e-5,
    atol=1e-6,
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="train_network"
# <details><summary>Hint 1 · concept</summary>
#
# A loop of four things: outputs, loss, gradients of the loss by all weights, weights minus `eta` times gradients. Do
# the first two once more than the last two, so that you have the loss after the last step as well. PyTorch's
# optimisers would do it too (`torch.optim.SGD` with all samples at once *is* this), but by hand it is as short.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `net(X)` and `Y` are `(n, c)`; subtract, square, sum over everything, divide by `2 * len(X)`. Check: with $c$ outputs
# this is *not* `mse_loss`, which divides by $n c$ and has no ½. The update must not be recorded by autograd: do it
# under `torch.no_grad()`.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Copy the network; turn both arrays into tensors with `torch.as_tensor(..., dtype=..., device=...)`. For `steps + 1`
# rounds: compute the loss, keep `.detach()` of it in a list; unless this was the last round, call
# `torch.autograd.grad` with the loss and the list of the copy's parameters: it returns one gradient for each and
# leaves nothing behind to reset. Subtract in place (`-=`). At the end `torch.stack` the losses, `.cpu().numpy()`.
#
# </details>

# %% [markdown]
# ### One small step
#
# Before hundreds of steps, one. At infinite width (10.3) is exact for a step of *any* size: $f_1 - f_0 = -\frac\eta
# n\Theta(f_0 - Y)$, on and off the training set. At finite width two things are missing: the kernel of *this* network
# is not quite $\Theta$, and there is the $O(\eta^2)$ of (10.1). By how much does the real step miss the formula,
# relative to the step itself?

# %% role="demo" name="small-step"
mlp = curve_net(1).mlp
K_train, K_test = kernels.ntk(curve_x, mlp=mlp), kernels.ntk(grid_x, curve_x, mlp=mlp)
print("  width    a step of 1/200 of the limit    a step of 3/4 of the limit")
for width in (32, 512, 8192):
    line = []
    for share in (0.005, 0.75):
        moves, misses, eta = [], [], share * dynamics.max_stable_step(K_train, len(curve_x))
        for seed in range(32):
            net = curve_net(width, seed=seed)
            stepped, _ = train_network(net, curve_x, curve_y, eta, 1)
            moves.append(-eta / len(curve_x) * K_test @ (net(curve_x) - curve_y))
            misses.append(stepped(grid_x) - net(grid_x) - moves[-1])
        line.append(rms(misses) / rms(moves))
    print(f"{width:7,}   {line[0]:18.1%} {line[1]:29.1%}")

# %% [markdown]
# The size of the step plays no part: even the largest is as good as linear. What is missing is the kernel, and lab 3
# told you its $1/\sqrt m$: over 256 times the width the error falls about sixteenfold.
#
# ### Predict, then run
#
# Five networks of width 1,024 that differ in nothing but the seed, trained on the five points of the curve until
# nothing is left of the loss. All five have, to a few per cent, the *same* kernel.
#
# **Before you run the next cell, write down:** (1) how far apart are the five networks *on* the training points, and
# *between* them? (2) Kernel regression without $f_0$, $\Theta(x, A)\Theta(A, A)^{-1}Y$, is one curve. Is each of the
# five close to it?


# %% role="figure" name="seeds"
def kernel_curve(net):
    """What (10.39) says about this network on the grid, from the infinite-width kernel and its own start."""
    K_train, K_test = kernels.ntk(curve_x, mlp=net.mlp), kernels.ntk(grid_x, curve_x, mlp=net.mlp)
    return ntk_predict(K_train, K_test, curve_y, net(curve_x), net(grid_x))


def curve_eta(net):
    """A step at 0.4 of the largest stable one."""
    return 0.4 * dynamics.max_stable_step(kernels.ntk(curve_x, mlp=net.mlp), len(curve_x))


fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
for seed in range(5):
    net = curve_net(1024, seed=seed)
    trained, _ = train_network(net, curve_x, curve_y, curve_eta(net), 400)
    axes[0].plot(grid_degrees, net(grid_x), color="0.55", lw=1)
    axes[1].plot(
        grid_degrees, trained(grid_x), color="0.35", lw=1.2, label="five trained networks" if seed == 0 else None
    )
    axes[1].plot(grid_degrees[::4], kernel_curve(net)[::4], "k.", ms=4, label="(10.39) for each" if seed == 0 else None)
K_train, K_test = kernels.ntk(curve_x, mlp=net.mlp), kernels.ntk(grid_x, curve_x, mlp=net.mlp)
no_start = ntk_predict(K_train, K_test, curve_y, 0 * curve_y, np.zeros((len(grid_x), 1)))
axes[1].plot(grid_degrees, no_start, "k--", lw=1.8, label="without $f_0$")
axes[1].plot(curve_degrees, curve_y, "ko", ms=7, mfc="white", zorder=3, label="training points")
axes[0].set(title="before training", ylabel="output f")
axes[1].set(title="after 400 steps")
for ax in axes:
    ax.set(xlabel="angle in degrees", xticks=range(-180, 181, 90), ylim=(-4, 4))
axes[1].legend(fontsize=8, ncols=2, loc="upper center")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (open after running)</summary>
#
# ![Two panels over the angle. Left, before training: five smooth random curves between about minus three and three. Right, after training: five different curves that all pass through five training points, close together between near points and up to a unit apart in the wide gap on the right; the dots of formula (10.39) follow the curve of each seed. A dashed curve, kernel regression without the start, runs in their middle.](seeds.png)
#
# On the training points they agree, between them they do not, though they share the kernel: each keeps what is left of
# *its own* start, $f_0 - \Theta(\cdot, A)\Theta(A,A)^{-1}f_0(A)$, which vanishes on the training set only. S0 says
# that a wide network "will always learn" the dashed curve. That is true of the *average* over seeds, (10.40), or of a
# network whose start is subtracted; *one* network is (10.39). This is why `ntk_predict` has five arguments and not
# three.
#
# </details>

# %% [markdown]
# ## 4 · Landing, by width
#
# The picture that this lab is about. Drag the width. The thin grey curve is a network before training, the broad one
# the same network after it, and the dashed line what you predicted from the start and the formula, without training
# anything.


# %% role="figure" name="landing"
def draw(width):
    net = curve_net(width, seed=3)
    trained, losses = train_network(net, curve_x, curve_y, curve_eta(net), 400)
    fig, ax = plt.subplots(figsize=(5, 3.3))
    ax.plot(grid_degrees, net(grid_x), color="0.7", lw=1, label="network before training")
    ax.plot(grid_degrees, trained(grid_x), "-", color="0.45", lw=4, label="network after 400 steps")
    ax.plot(grid_degrees, kernel_curve(net), "k--", lw=1.5, label="kernel regression (10.39)")
    ax.plot(curve_degrees, curve_y, "ko", ms=6, mfc="white", zorder=3, label="training points")
    distance = rms(trained(grid_x) - kernel_curve(net))
    ax.set(
        title=f"rms distance {distance:.3f}, training loss {losses[-1]:.0e}",
        xlabel="angle in degrees",
        ylabel="output f",
    )
    ax.set(xticks=range(-180, 181, 90), ylim=(-4, 4))
    ax.title.set_fontsize(9)
    ax.legend(fontsize=7, ncols=2, loc="upper center")
    return fig


lab.slider(
    draw,
    width=[8, 32, 128, 512, 2048, 8192],
    alt="A trained network on a curve through five points against kernel regression, at widths 8 to 8192: the two curves merge",
)

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Six panels for widths 8, 32, 128, 512, 2048 and 8192. In each a broad grey curve, the trained network, and a dashed black curve, kernel regression, pass through five training points. At width 8 they are apart in the gaps; from width 512 on the dashed curve runs inside the grey one.](landing.png)
#
# At width 8 this is two different functions through the same points. Somewhere in the hundreds the dashed line enters
# the grey one and stays: S0's "at widths in only the hundreds". And the network did not *approach* kernel regression
# in some vague way; it is this curve, with this seed's $f_0$ in it.
#
# </details>
#
# **How close, and what is missing?** Two things can go wrong at finite width, and they can be told apart. Replace
# $\Theta$ by *this network's own* tangent kernel at the start, `empirical.empirical_ntk(net, ...)`. Then the deviation
# of the kernel from its limit is gone, and what remains comes from the kernel's *moving* during training. The next
# cell trains 64 networks, and measures both distances. Your lab 3 says what to expect of the first: $m^{-1/2}$. And
# the second?

# %% role="figure" name="distance"
widths, seeds = 4 ** np.arange(3, 7), range(8)
runs = {}  # (activation, width) -> pairs (before, after); section 7 looks at them again
for activation in ("relu", "tanh"):
    for width in widths:
        nets = [curve_net(width, activation, seed) for seed in seeds]
        runs[activation, width] = [(net, train_network(net, curve_x, curve_y, curve_eta(net), 400)[0]) for net in nets]


def own_curve(net):
    """(10.39) with the finite network's own kernel at the start."""
    K_train, K_test = empirical.empirical_ntk(net, curve_x), empirical.empirical_ntk(net, grid_x, curve_x)
    return ntk_predict(K_train, K_test, curve_y, net(curve_x), net(grid_x))


def mean_distance(pairs, prediction):
    return rms([rms(after(grid_x) - prediction(before)) for before, after in pairs])


fig, axes = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True)
for ax, activation in zip(axes, ("relu", "tanh"), strict=True):
    for prediction, marker, words in [
        (kernel_curve, "ko-", "from the formula"),
        (own_curve, "ks--", "from its own kernel"),
    ]:
        distances = [mean_distance(runs[activation, width], prediction) for width in widths]
        label = f"{words}: slope {slope(widths, distances):.2f}"
        ax.plot(widths, distances, marker, mfc="white" if "--" in marker else "k", lw=1, label=label)
    ax.set_title(activation)
    log_log(ax, widths)
    ax.legend(fontsize=8)
axes[0].set(ylabel="rms distance on the circle")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two log-log panels, ReLU and tanh, of the distance between trained network and prediction against the width from 64 to 4096. The distance from the formula falls with slope -0.44 in both. The distance from the network's own kernel falls faster, with slope -0.66 for ReLU and -0.80 for tanh.](distance.png)
#
# The formula is missed by about $m^{-1/2}$ (slope −0.44 in both panels): that is lab 3's error of the kernel at the
# *start*, carried through the regression. With its own kernel a tanh network is predicted far better, by an error that
# falls nearly like $1/m$: training itself is better behaved than the initialisation. ReLU units switch on and off, and
# the gain is smaller. (Eight seeds, four widths: read these slopes as ±0.1.)
#
# </details>

# %% [markdown]
# ## 5 · On the way
#
# If the kernel does not move, we know more than the end. Let the steps be small, so that training is the flow $\dot f
# = -\Theta(\cdot, A)\,(f(A) - Y)$ in the time $t = \eta\cdot\text{steps}/n$. On the training set this is a linear
# differential equation, $r(t) = e^{-\Theta t}r(0)$ for the residual $r = Y - f(A)$. In the eigenbasis $\Theta(A, A) =
# Q\Lambda Q^\top$ every mode decays at its own rate, $e^{-\lambda t}$: lab 2 saw it in steps, $(1 - \eta\lambda/n)^k$.
# What has been learned elsewhere follows by integrating,
#
# $$f_t(x) = f_0(x) + \Theta(x, A)\;Q\,\mathrm{diag}\!\left(\frac{1 - e^{-\lambda t}}{\lambda}\right)Q^\top\,\bigl(Y - f_0(A)\bigr).$$
#
# At $t = 0$ it is $f_0$; as $t \to \infty$ the fraction becomes $1/\lambda$ and (10.39) is back. And look at a mode
# with $\lambda = 0$, as two equal training points make one: the fraction has a limit, $t$, and no harm is done at any
# finite time, though $\Theta^{-1}$ does not exist.
#
# **By hand**: $\Theta(A, A) = \begin{pmatrix}2&1\\1&2\end{pmatrix}$ has $\lambda = 3$ along $(1, 1)$ and $\lambda = 1$
# along $(1, -1)$. At $t = \ln 2$: $e^{-t} = \frac12$, $e^{-3t} = \frac18$, so the fractions are $\frac{7/8}{3} =
# \frac{7}{24}$ and $\frac{1/2}{1} = \frac12$. The matrix with these eigenvalues has $\frac12(\frac7{24} + \frac12) =
# \frac{19}{48}$ on the diagonal and $\frac12(\frac7{24} - \frac12) = -\frac{5}{48}$ beside it.

# %% [markdown]
# ## Exercise 3 · `output_at_time`
#
# Difficulty ●●● · 25 minutes · 4 points
#
# **Equation**: the display above; it is (10.33) with $\kappa$ the identity, loss (10.5), and many small steps.
#
# | | | |
# |---|---|---|
# | `K_train`, `K_test`, `Y`, `f0_train`, `f0_test` | as in Exercise 1 | `K_train` is symmetric and may be **singular** (a repeated point), positive semi-definite up to rounding |
# | `t` | number ≥ 0, finite | the time of $e^{-\Theta t}$: no $1/n$ in it |
# | returns | `(m, c)` | outputs at time $t$ |


# %% role="answer" exercise="output_at_time"
def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    """Outputs (m, c) at the test points after training by gradient flow for the time t."""
    ### BEGIN SOLUTION
    rates, Q = np.linalg.eigh(K_train)
    safe = np.where(rates > 0, rates, 1.0)
    gains = np.where(rates > 0, -np.expm1(-safe * t) / safe, t)  # (1 − e^(−λt))/λ, whose limit at λ = 0 is t
    return f0_test + K_test @ (Q * gains) @ Q.T @ (Y - f0_train)
    ### END SOLUTION


# %% role="visible" exercise="output_at_time"
t = lab.tests("output_at_time")
K_train, K_test = np.array([[2.0, 1], [1, 2]]), np.array([[48.0, 0], [0, 48], [48, 96]])
Y, f0_train = np.array([[2.0, 1], [1, 0]]), np.array([[1.0, 1], [-1, 3]])
f0_test = np.array([[1.0, -2], [0, 0], [3, 1]])


def outputs(gain_3, gain_1, residual=Y - f0_train, start=f0_test):
    """What comes out if the mode with λ = 3 is multiplied by gain_3 and the one with λ = 1 by gain_1."""
    both, beside = (gain_3 + gain_1) / 2, (gain_3 - gain_1) / 2
    return start + K_test @ np.array([[both, beside], [beside, both]]) @ residual


t.close(
    "the example by hand, at t = ln 2",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, np.log(2)),
    outputs(7 / 24, 1 / 2),
    rtol=1e-5,  # a float32 answer rounds at 1e-7
    atol=1e-5,
    mistakes={
        "the function at the start is missing altogether": outputs(7 / 24, 1 / 2, Y, 0),
        "f0_test is missing: at t = 0 nothing has been learned, and f is f0": outputs(7 / 24, 1 / 2, start=0),
        "f0_train is not subtracted: it is the residual that decays": outputs(7 / 24, 1 / 2, Y),
        "the sign of the residual is wrong: Y − f0_train": outputs(-7 / 24, -1 / 2),
        "this is the end of training, whatever t is": outputs(1 / 3, 1),
        "the time is divided by n: here the decay is e^(−λt), the 1/n is inside t = η·steps/n": (
            outputs((1 - 2**-1.5) / 3, 1 - 2**-0.5)
        ),
        "the time is multiplied by n: here the decay is e^(−λt)": outputs((1 - 2**-6) / 3, 1 - 2**-2),
        "the 1/λ is missing: a mode's share is (1 − e^(−λt))/λ, and K_test brings the λ back": outputs(7 / 8, 1 / 2),
        "e^(−λt) is what is still to be learned; what has been learned is 1 − e^(−λt)": outputs(1 / 24, 1 / 2),
        "the sign in the exponent is wrong: the residual decays": outputs(7 / 3, 1),
        "the sign in the exponent is wrong: e^(−λt)": outputs(-7 / 3, -1),
        "np.exp of a matrix works entry by entry: the exponential of K acts on its eigenvalues": (
            f0_test + K_test @ np.linalg.inv(K_train) @ (np.eye(2) - np.exp(-K_train * np.log(2))) @ (Y - f0_train)
        ),
        "np.exp of a matrix works entry by entry, also with np.eye inside": (
            f0_test + K_test @ np.linalg.inv(K_train) @ (1 - np.exp(-K_train * np.log(2))) @ (Y - f0_train)
        ),
        "f0_test decays too: only the training residual does; f0_test stays": outputs(7 / 24, 1 / 2, start=f0_test / 2),
    },
)
t.close(
    "at t = 0 nothing has happened",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, 0.0),
    f0_test,
    rtol=1e-5,
    atol=1e-6,
)
axes_of_K = np.array([[2.0, -2, 1], [1, 2, 2], [2, 1, -2]]) / 3  # columns: orthonormal eigenvectors for 0.5, 1, 4
K3 = axes_of_K @ np.diag([0.5, 1, 4]) @ axes_of_K.T
start3, goal3 = np.array([[1.0], [0], [-1]]), np.array([[0.0], [2], [1]])
shares = 1 - np.exp(-1.5 * np.array([0.5, 1, 4]))
w3, V3 = np.linalg.eigh(K3)
t.close(
    "on three training points each mode closes its share of the gap",
    lambda: output_at_time(K3, K3, goal3, start3, start3, 1.5),
    start3 + axes_of_K @ (shares[:, None] * (axes_of_K.T @ (goal3 - start3))),
    rtol=1e-5,
    atol=1e-5,
    mistakes={
        "Qᵀ · diag · Q: the eigenvectors are the columns of Q, so it is Q · diag · Qᵀ": (
            start3 + K3 @ V3.T @ ((1 - np.exp(-1.5 * w3)) / w3 * V3.T).T @ (goal3 - start3)
        ),
    },
)
t.close(
    "after a long time it is ntk_predict",
    lambda: output_at_time(K3, K3[:2], goal3, start3, start3[:2], 200.0),
    goal3[:2],
    rtol=1e-5,
    atol=1e-5,  # e^(−100) is left
)


def survives(*arguments):
    try:
        return np.isfinite(np.asarray(output_at_time(*arguments))).all()
    except ValueError:  # NumPy's LinAlgError is one
        return False


for what, K_train, K_test in [
    ("a repeated training point", np.ones((2, 2)), np.ones((3, 2))),
    ("a training point with kernel 0", np.diag([0.0, 2.0]), np.array([[0.0, 1], [0, 2], [0, 0]])),
]:
    t.holds(
        what,
        lambda K_train=K_train, K_test=K_test: survives(K_train, K_test, Y, f0_train, f0_test, 1.0),
        "no finite answer for a singular K_train: where λ = 0 the fraction (1 − e^(−λt))/λ is t; divide only where λ > 0",
    )
t.report()

# %% role="hidden" exercise="output_at_time" points=4
# Hidden tests: fresh kernels and times, several outputs, one training point, repeated points, no time, a long time.
### BEGIN HIDDEN TESTS
t = lab.tests("output_at_time", hidden=True)
predict_at_time, kernel_regression = (
    lab.reference("dynamics.predict_at_time"),
    lab.reference("regression.kernel_regression"),
)
for what, n, m, c in [("a fresh problem", 5, 4, 2), ("one training point", 1, 3, 1), ("many test points", 3, 12, 3)]:
    features, others = t.rng.standard_normal((n, 3 * n + 2)), t.rng.standard_normal((m, 3 * n + 2))
    K_train, K_test = features @ features.T / n, others @ features.T / n
    Y, f0_train, f0_test = (t.rng.standard_normal((rows, c)) + 0.5 for rows in (n, n, m))
    rates = np.linalg.eigvalsh(K_train)
    time = float(t.rng.uniform(0.3, 1.2) / np.median(rates))
    right = predict_at_time(K_train, K_test, Y, time, f0_train=f0_train, f0_test=f0_test)
    no_start = predict_at_time(K_train, K_test, Y, time)
    end = kernel_regression(K_train, K_test, Y, f0_train=f0_train, f0_test=f0_test)
    w, V = np.linalg.eigh(K_train)
    gap = Y - f0_train
    t.close(
        what,
        lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, time),
        right,
        rtol=1e-5,
        atol=1e-5 * np.abs(right).max(),
        mistakes={
            "the function at the start is missing altogether": no_start,
            "f0_test is missing": right - f0_test,
            "f0_train is not subtracted: it is the residual that decays": no_start + f0_test,
            "the sign of the residual is wrong": 2 * f0_test - right,
            "this is the end of training, whatever t is": end,
            "the time is divided by n: here the decay is e^(−λt)": lambda: predict_at_time(
                K_train, K_test, Y, time / n, f0_train=f0_train, f0_test=f0_test
            ),
            "the time is multiplied by n: here the decay is e^(−λt)": lambda: predict_at_time(
                K_train, K_test, Y, time * n, f0_train=f0_train, f0_test=f0_test
            ),
            "the 1/λ is missing: a mode's share is (1 − e^(−λt))/λ": f0_test
            + K_test @ V @ np.diag(1 - np.exp(-w * time)) @ V.T @ gap,
            "e^(−λt) is what is still to be learned": f0_test + end - right,
            "the sign in the exponent is wrong: the residual decays": f0_test
            + K_test @ V @ np.diag(np.expm1(w * time) / w) @ V.T @ gap,
            "np.exp of a matrix works entry by entry": f0_test
            + K_test @ np.linalg.inv(K_train) @ (np.eye(n) - np.exp(-K_train * time)) @ gap,
            "Qᵀ · diag · Q: the eigenvectors are the columns of Q": f0_test
            + K_test @ V.T @ np.diag(-np.expm1(-w * time) / w) @ V @ gap,
        },
    )
t.close(
    "no time",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, 0),
    f0_test,
    rtol=1e-5,
    atol=1e-5 * np.abs(f0_test).max(),
)
t.close(
    "a long time",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, float(1e3 / rates.min())),
    end,
    rtol=1e-4,
    atol=1e-4 * np.abs(end).max(),
)
copies = np.array([0, 1, 1, 2])  # the second point twice, with two different targets
K_train, K_test = K_train[np.ix_(copies, copies)], K_test[:, copies]
Y, f0_train = t.rng.standard_normal((4, 3)), f0_train[copies]
t.close(
    "a repeated point",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, time),
    predict_at_time(K_train, K_test, Y, time, f0_train=f0_train, f0_test=f0_test),
    rtol=1e-5,
    atol=1e-5 * np.abs(Y).max(),
    mistakes={
        "this is the end of training, whatever t is": lambda: (
            f0_test + K_test @ np.linalg.pinv(K_train, hermitian=True) @ (Y - f0_train)
        )
    },
)
K_train[0], K_train[:, 0], K_test[:, 0] = 0.0, 0.0, 0.0
t.close(
    "a point with kernel 0",
    lambda: output_at_time(K_train, K_test, Y, f0_train, f0_test, time),
    predict_at_time(K_train, K_test, Y, time, f0_train=f0_train, f0_test=f0_test),
    rtol=1e-5,
    atol=1e-5 * np.abs(Y).max(),
)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="output_at_time"
# <details><summary>Hint 1 · concept</summary>
#
# Only the middle of (10.39) changes: instead of the inverse of `K_train`, which multiplies each mode by $1/\lambda$,
# take the matrix with the *same* eigenvectors that multiplies it by $(1 - e^{-\lambda t})/\lambda$. So diagonalise,
# change the eigenvalues, put it together again. (`np.exp` of a matrix does something else.)
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# `np.linalg.eigh` gives $\lambda$, `(n,)`, and $Q$, `(n, n)`, with one eigenvector per *column*. The middle is
# $Q\,\mathrm{diag}(g)\,Q^\top$. Multiplying the columns of $Q$ by $g$ needs no `diag`: broadcasting does it. For $g$
# use `np.expm1`, exact also where $\lambda t$ is tiny.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Make a copy of the eigenvalues in which those that are not positive are replaced by 1; divide by *that*; then let
# `np.where` put `t` at these places. Multiply together: `K_test`, the scaled $Q$, $Q^\top$, the residual; add
# `f0_test`.
#
# </details>

# %% [markdown]
# ### See it: one network, four moments
#
# One network of width 2,048 and the same five points. Its curve after 8, 40, 200 and 1,000 steps, and your prediction
# for the times $t = \eta\cdot\text{steps}/n$. Nothing in the prediction was fitted.

# %% role="figure" name="time"
net = curve_net(2048, seed=3)
eta, K_train, K_test = curve_eta(net) / 4, kernels.ntk(curve_x, mlp=net.mlp), kernels.ntk(grid_x, curve_x, mlp=net.mlp)
moments, f0_train, f0_test = (8, 40, 200, 1000), net(curve_x), net(grid_x)
fig, axes = plt.subplots(1, 5, figsize=(11.5, 2.9), gridspec_kw={"width_ratios": [1, 1, 1, 1, 1.3]})
for ax, steps in zip(axes, moments, strict=False):
    trained, losses = train_network(net, curve_x, curve_y, eta, steps)
    time = eta * steps / len(curve_x)
    ax.plot(grid_degrees, trained(grid_x), color="0.6", lw=4, label="network")
    ax.plot(
        grid_degrees,
        output_at_time(K_train, K_test, curve_y, f0_train, f0_test, time),
        "k--",
        lw=1.4,
        label="predicted",
    )
    ax.plot(curve_degrees, curve_y, "ko", ms=5, mfc="white", zorder=3)
    ax.set(title=f"{steps} steps, t = {time:.2g}", xticks=[-180, 0, 180], xlabel="angle in degrees", ylim=(-4, 4))
    ax.title.set_fontsize(9)
axes[0].set(ylabel="output f")
axes[0].legend(fontsize=7, loc="upper left")
times = eta * np.arange(1001) / len(curve_x)
flow = [output_at_time(K_train, K_train, curve_y, f0_train, f0_train, time) - curve_y for time in times[::20]]
axes[4].semilogy(times, losses, color="0.6", lw=4, label="network")
axes[4].semilogy(
    times[::20], np.sum(np.square(flow), axis=(1, 2)) / (2 * len(curve_x)), "k--", lw=1.4, label="predicted"
)
axes[4].set(title="training loss", xlabel="time t")
axes[4].title.set_fontsize(9)
axes[4].legend(fontsize=7)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Four panels of a network's curve on the circle after 8, 40, 200 and 1,000 steps, each covered by the dashed prediction, and a fifth with the training loss falling over five decades on a log scale, network and prediction together.](time.png)
#
# The broad waves are learned first and the sharp turns last: eigenmodes in the order of their $\lambda$. Lab 9 makes a
# theory of generalisation of this. The loss falls fast at first and then along the slowest mode's straight line,
# $e^{-2\lambda_{\min}t}$.
#
# </details>

# %% [markdown]
# ## 6 · No wiring
#
# Networks with several outputs share all their hidden units. One might think that learning the second output helps, or
# disturbs, the first. (10.3) says: not with squared error, not at infinite width. Output $i$ moves by $\Theta$ times
# the error of output $i$, since the kernel between *different* outputs, $\sum_j a_{1j}a_{2j}(\dots)/m$, is a mean of
# terms with random sign. Even `ntk_predict` shows it: each column of its result depends on its own column of `Y` only.
#
# ### Predict, then run
#
# Two outputs. The first gets the curve's values; the second gets $+1$ or $-1$ at every point, and then all its signs
# are flipped. **Write down, before you run the cell**: how far does the *first* output's curve move because of that,
# at width 16 and at width 4,096? With what slope in the width should the kernel *between* the outputs fall?

# %% role="figure" name="wiring"
second = np.array([[1.0], [1], [-1], [-1], [1]])
fig, axes = plt.subplots(1, 3, figsize=(10.5, 3.3))
for ax, width in zip(axes, (16, 4096), strict=False):
    net = curve_net(width, seed=1, n_out=2)
    for sign, style in ((1, "-"), (-1, "--")):
        trained, _ = train_network(net, curve_x, np.hstack([curve_y, sign * second]), curve_eta(net), 400)
        label = f"second target {'as it is' if sign > 0 else 'flipped'}"
        ax.plot(grid_degrees, trained(grid_x)[:, 0], color="k", ls=style, lw=1.4, label=label)
        ax.plot(grid_degrees, trained(grid_x)[:, 1], color="0.75", ls=style, lw=1)
    ax.plot(curve_degrees, curve_y, "ko", ms=5, mfc="white", zorder=3)
    ax.set(
        title=f"width {width:,}: first output (black)",
        xlabel="angle in degrees",
        xticks=range(-180, 181, 90),
        ylim=(-4, 4),
    )
    ax.title.set_fontsize(9)
axes[0].set(ylabel="output f")
axes[0].legend(fontsize=7, loc="lower left")


def between_over_within(width, seed):
    """Kernel between two outputs over the kernel of one, in Frobenius norm."""
    kernel = empirical.empirical_ntk(curve_net(width, seed=seed, n_out=2), curve_x)  # (n, 2, n, 2)
    return np.linalg.norm(kernel[:, 0, :, 1]) / np.linalg.norm(kernel[:, 0, :, 0])


shares = [rms([between_over_within(width, seed) for seed in range(20)]) for width in widths]
axes[2].plot(widths, shares, "ko-", lw=1, label=f"rms over 20 seeds: slope {slope(widths, shares):.2f}")
axes[2].set_title("kernel between the outputs / within one")
log_log(axes[2], widths)
axes[2].title.set_fontsize(9)
axes[2].legend(fontsize=7)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (open after running)</summary>
#
# ![Left, width 16: the first output's two curves, for both versions of the second target, are visibly apart. Middle, width 4096: they lie on each other although the second output's two grey curves have nothing in common. Right: the kernel between outputs relative to that within one falls with the width, slope about minus one half.](wiring.png)
#
# So a wide network trained with squared error is $c$ separate kernel regressions that happen to live in one computer;
# nothing learned for one digit helps another. With cross-entropy the outputs *are* wired while they train, since every
# $q_i$ contains all logits; the book's footnote 2 in §10.1.1 is too quick here (lab 2 showed $q - p$).
#
# </details>

# %% [markdown]
# ## 7 · What moves, and what does not
#
# After training, the *function* has changed by as much as the targets asked for. The claim of section 1 was that the
# *kernel* has not. Two numbers to measure, both relative, both before against after:
#
# $$\text{kernel drift} = \frac{\lVert\hat\Theta_1 - \hat\Theta_0\rVert_F}{\lVert\hat\Theta_0\rVert_F},\qquad
#   \text{representation change} = \frac{\lVert z_1 - z_0\rVert_F}{\lVert z_0\rVert_F},$$
#
# with $\hat\Theta$ the network's own tangent kernel on the inputs `X`, all $n\times n$ entries, and $z$ the
# **preactivations of the last hidden layer** on `X`, all $n \times m$ of them: what (10.8)–(10.13) call $z^{(L-1)}$.
# ($\lVert\cdot\rVert_F$ is the root of the sum of squares.)
#
# **By hand**, the worked example before and after its one step, on $x$ and $z$. Kernels, times 3:
#
# $$3\hat\Theta_0 = \begin{pmatrix}15 & 16\\16 & 28\end{pmatrix},\qquad 3\hat\Theta_1 = \begin{pmatrix}18.5 & 19.9\\19.9 & 34\end{pmatrix},\qquad
#   \text{drift} = \frac{\sqrt{3.5^2 + 2\cdot 3.9^2 + 6^2}}{39} \approx 0.227.$$
#
# Preactivations: $(1, 2, -3), (2, 2, -2)$ became $(1.4, 2.2, -3), (2.4, 2.2, -2)$: change $\sqrt{0.4/26} \approx
# 0.124$. At width three both are large.

# %% [markdown]
# ## Exercise 4 · `kernel_drift`
#
# Difficulty ●●○ · 15 minutes · 3 points
#
# **Equation**: the display above; that it vanishes at infinite width is the "frozen" of (10.2).
#
# | | | |
# |---|---|---|
# | `net0`, `net1` | `NTKNet` | before and after; one output |
# | `X` | `(n, d)` | inputs at which the kernels are compared |
# | returns | a number ≥ 0 | |
#
# `empirical.empirical_ntk(net, X)` is the kernel of lab 3, `(n, n)`.


# %% role="answer" exercise="kernel_drift"
def kernel_drift(net0, net1, X):
    """Relative change, in Frobenius norm, of the tangent kernel on X from net0 to net1."""
    ### BEGIN SOLUTION
    before, after = empirical.empirical_ntk(net0, X), empirical.empirical_ntk(net1, X)
    return np.linalg.norm(after - before) / np.linalg.norm(before)
    ### END SOLUTION


# %% role="visible" exercise="kernel_drift"
t = lab.tests("kernel_drift")
start = np.array([1.0, 0, 1, 1, -1, -2, 2, 1, 3])  # the worked example
step = 0.1 * np.array([2.0, 2, 1, 1, 0, 0, 1, 2, 0])
settings = {"d": 2, "width": 3, "C_W": 2.0, "readout": (1.0, 0.0)}
before, after = (networks.NTKNet.from_config(settings, w) for w in (start, start + step))
X = np.array([[1.0, 1.0], [2.0, 0.0]])
old, change = np.array([[15.0, 16], [16, 28]]), np.array([[3.5, 3.9], [3.9, 6.0]])
t.close(
    "the worked example, before and after its step",
    lambda: kernel_drift(before, after, X),
    np.sqrt(78.67) / 39,
    rtol=1e-4,  # float32 rounds at 1e-6 after the subtraction
    mistakes={
        "the square of the drift: take the root of both sums": 78.67 / 1521,
        "divided by the kernel after training: relative to the one before": np.sqrt(78.67)
        / np.linalg.norm(old + change),
        "not relative: divide by the norm of the kernel before": np.sqrt(78.67) / 3,
        "the spectral norm (largest singular value): the Frobenius norm counts all entries": (
            np.linalg.norm(change, 2) / np.linalg.norm(old, 2)
        ),
        "only the trace is compared: all n × n entries count": 9.5 / 43,
        "only the diagonal is compared: all n × n entries count": np.sqrt(3.5**2 + 36) / np.sqrt(15**2 + 28**2),
        "the difference of the two norms is not the norm of the difference": np.linalg.norm(old + change) / 39 - 1,
        "each entry is divided by its own old value: one norm over all": np.linalg.norm(change / old),
        "the mean of the relative changes of the entries: one norm over all, then divide": np.mean(change / old),
        "the sum of absolute values: the Frobenius norm is the root of the sum of squares": 17.3 / 75,
        "this is the change of the weights, not of the kernel": np.linalg.norm(step) / np.linalg.norm(start),
        "this is the change of the gradients (lab 2's laziness), not of the kernel": (
            lambda: empirical.laziness(before, after, X)
        ),
    },
)
t.close("nothing has moved", lambda: kernel_drift(before, before, X), 0.0, atol=1e-6)
twice = networks.NTKNet.from_config({**settings, "readout": (2.0, 0.0)}, start)
t.close(
    "a read-out √2 times as strong makes the kernel twice as large: drift 1",
    lambda: kernel_drift(before, twice, X),
    1.0,
    rtol=1e-4,
)
t.report()

# %% role="hidden" exercise="kernel_drift" points=3
# Hidden tests: fresh pairs of networks, one and two hidden layers, several activations, a single input.
### BEGIN HIDDEN TESTS
t = lab.tests("kernel_drift", hidden=True)
drift = lab.reference("empirical.kernel_drift")
for what, n, settings in [
    ("a fresh pair", 4, {"d": 3, "width": 8, "C_b": 0.2}),
    ("two hidden layers, tanh", 5, {"d": 2, "width": 6, "hidden_layers": 2, "activation": "tanh"}),
    ("one input", 1, {"d": 4, "width": 20, "activation": "erf", "C_b": 0.3}),
    ("many inputs", 30, {"d": 3, "width": 40}),
]:
    net0 = networks.NTKNet(**settings, seed=int(t.rng.integers(10**6)))
    start = net0.flat_weights().numpy()
    step = 0.4 * t.rng.standard_normal(len(start))
    net1 = networks.NTKNet.from_config(net0.config, start + step)
    X = t.rng.standard_normal((n, settings["d"]))
    old, new = empirical.empirical_ntk(net0, X), empirical.empirical_ntk(net1, X)
    right = drift(net0, net1, X)
    t.close(
        what,
        lambda: kernel_drift(net0, net1, X),
        right,
        rtol=1e-4,
        mistakes={
            "the square of the drift": right**2,
            "divided by the kernel after training": np.linalg.norm(new - old) / np.linalg.norm(new),
            "not relative: divide by the norm of the kernel before": np.linalg.norm(new - old),
            "the spectral norm": np.linalg.norm(new - old, 2) / np.linalg.norm(old, 2),
            "only the trace is compared": abs(np.trace(new - old)) / np.trace(old),
            "only the diagonal is compared": np.linalg.norm(np.diag(new - old)) / np.linalg.norm(np.diag(old)),
            "the difference of the two norms": abs(np.linalg.norm(new) / np.linalg.norm(old) - 1),
            "each entry is divided by its own old value": lambda: np.linalg.norm((new - old) / old),
            "the sum of absolute values": np.abs(new - old).sum() / np.abs(old).sum(),
            "this is the change of the weights": np.linalg.norm(step) / np.linalg.norm(start),
            "this is the change of the gradients (lab 2's laziness)": lambda: empirical.laziness(net0, net1, X),
        },
    )
t.close("nothing has moved", lambda: kernel_drift(net1, net1, X), 0.0, atol=1e-6)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="kernel_drift"
# <details><summary>Hint 1 · concept</summary>
#
# Two kernels, one network before and one after, on the same inputs. How large is their difference, compared to the one
# you started with? Norms first of the *difference*; the norm of each and then the difference would miss a kernel that
# turns without growing.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# Both kernels are `(n, n)` arrays. `np.linalg.norm` of a matrix, without further arguments, is the Frobenius norm.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Call `empirical.empirical_ntk` once with each network. Norm of second minus first, over the norm of the first.
#
# </details>

# %% [markdown]
# ## Exercise 5 · `representation_change`
#
# Difficulty ●○○ · 10 minutes · 2 points
#
# **Equation**: the display at the head of the section; (10.13) says that each of these numbers moves by $O(1/\sqrt
# m)$.
#
# | | | |
# |---|---|---|
# | `net0`, `net1` | `NTKNet` | before and after; one hidden layer or more, any number of outputs |
# | `X` | `(n, d)`, NumPy | inputs |
# | returns | a number ≥ 0 | |
#
# `net.preactivations(X)` returns a list: the preactivations of each hidden layer, `(n, m)`, first to last, and then
# the outputs, `(n, c)`.


# %% role="answer" exercise="representation_change"
def representation_change(net0, net1, X):
    """Relative change of the last hidden layer's preactivations on X from net0 to net1."""
    ### BEGIN SOLUTION
    z0, z1 = net0.preactivations(X)[-2], net1.preactivations(X)[-2]
    return np.linalg.norm(z1 - z0) / np.linalg.norm(z0)
    ### END SOLUTION


# %% role="visible" exercise="representation_change"
t = lab.tests("representation_change")
start = np.array([1.0, 0, 1, 1, -1, -2, 2, 1, 3])  # the worked example
step = 0.1 * np.array([2.0, 2, 1, 1, 0, 0, 1, 2, 0])
settings = {"d": 2, "width": 3, "C_W": 2.0, "readout": (1.0, 0.0)}
before, after = (networks.NTKNet.from_config(settings, w) for w in (start, start + step))
X = np.array([[1.0, 1.0], [2.0, 0.0]])
t.close(
    "the worked example, before and after its step",
    lambda: representation_change(before, after, X),
    np.sqrt(0.4 / 26),
    rtol=1e-4,  # float32 rounds at 1e-6 after the subtraction
    mistakes={
        "the square of the change: take the root of both sums": 0.4 / 26,
        "these are activations: compare the preactivations, before σ": np.sqrt(0.4 / 13),
        "not relative: divide by the norm before": np.sqrt(0.4),
        "divided by the norm after": np.sqrt(0.4 / 30.4),
        "these are the outputs: the last *hidden* layer comes before them": np.sqrt((1.58**2 + 1.68**2) / 52),
        "this is the change of the weights, not of the representation": np.linalg.norm(step) / np.linalg.norm(start),
        "the root mean square of the change, not relative": np.sqrt(0.4 / 6),
        "the sum of absolute values: take the root of the sum of squares": 1.2 / 12,
    },
)
deep = networks.NTKNet(3, 5, hidden_layers=2, activation="erf", seed=1)
weights = deep.flat_weights().numpy()
X = t.rng.standard_normal((4, 3))
first_layer, second_layer, read_out = (weights.copy() for _ in range(3))
first_layer[:15], second_layer[15:40], read_out[40:] = 0.5 * weights[:15], 3 * weights[15:40], 0.0
t.close(
    "two hidden layers; the weights between them three times as large: the last hidden layer is three times as large",
    lambda: representation_change(deep, networks.NTKNet.from_config(deep.config, second_layer), X),
    2.0,
    rtol=1e-4,
    mistakes={
        "this is the first hidden layer: take the last one": 0.0,
        "these are the outputs: the last *hidden* layer comes before them": lambda: (
            np.linalg.norm(networks.NTKNet.from_config(deep.config, second_layer)(X) - deep(X))
            / np.linalg.norm(deep(X))
        ),
        "all hidden layers together: the last one only": lambda: (
            2 * np.linalg.norm(deep.preactivations(X)[1]) / np.linalg.norm(np.hstack(deep.preactivations(X)[:2]))
        ),
    },
)
t.close(
    "another read-out changes nothing in the hidden layer",
    lambda: representation_change(deep, networks.NTKNet.from_config(deep.config, read_out), X),
    0.0,
    atol=1e-6,
)
t.report()

# %% role="hidden" exercise="representation_change" points=2
# Hidden tests: fresh pairs of networks, one to three hidden layers, several outputs, a single input.
### BEGIN HIDDEN TESTS
t = lab.tests("representation_change", hidden=True)
change = lab.reference("empirical.representation_change")
relu_like = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "sin": np.sin}
for what, n, settings in [
    ("a fresh pair", 4, {"d": 3, "width": 8, "C_b": 0.2, "n_out": 3}),
    ("two hidden layers, tanh", 5, {"d": 2, "width": 6, "hidden_layers": 2, "activation": "tanh"}),
    ("three hidden layers, one input", 1, {"d": 4, "width": 20, "hidden_layers": 3, "activation": "sin"}),
]:
    net0 = networks.NTKNet(**settings, seed=int(t.rng.integers(10**6)))
    start = net0.flat_weights().numpy()
    step = 0.4 * t.rng.standard_normal(len(start))
    net1 = networks.NTKNet.from_config(net0.config, start + step)
    X = t.rng.standard_normal((n, settings["d"]))
    old, new = net0.preactivations(X), net1.preactivations(X)
    sigma = relu_like[settings.get("activation", "relu")]
    right = change(net0, net1, X)
    t.close(
        what,
        lambda: representation_change(net0, net1, X),
        right,
        rtol=1e-4,
        mistakes={
            "the square of the change": right**2,
            "these are activations: compare the preactivations": (
                np.linalg.norm(sigma(new[-2]) - sigma(old[-2])) / np.linalg.norm(sigma(old[-2]))
            ),
            "not relative: divide by the norm before": np.linalg.norm(new[-2] - old[-2]),
            "divided by the norm after": np.linalg.norm(new[-2] - old[-2]) / np.linalg.norm(new[-2]),
            "these are the outputs: the last *hidden* layer comes before them": (
                np.linalg.norm(new[-1] - old[-1]) / np.linalg.norm(old[-1])
            ),
            "this is the first hidden layer: take the last one": (
                np.linalg.norm(new[0] - old[0]) / np.linalg.norm(old[0])
            ),
            "this is the change of the weights": np.linalg.norm(step) / np.linalg.norm(start),
            "the root mean square of the change, not relative": np.sqrt(np.mean((new[-2] - old[-2]) ** 2)),
            "the sum of absolute values": np.abs(new[-2] - old[-2]).sum() / np.abs(old[-2]).sum(),
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="representation_change"
# <details><summary>Hint 1 · concept</summary>
#
# The representation of an input is what the last hidden layer holds when it comes by. Compare the table of all inputs
# by all units before and after, as you compared the kernels.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# The list that `preactivations` returns ends with the outputs; the last hidden layer stands right before them. It is
# `(n, m)` in both networks.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Index −2 of both lists. Norm of the difference, over the norm of the first.
#
# </details>

# %% [markdown]
# ### Measure it
#
# The 64 networks of section 4, each before and after its 400 steps. Both axes logarithmic; each point is the root mean
# square over eight seeds. **Guess the four slopes first.** For the representation you have (10.13). For the kernel of
# a smooth activation: it is a mean over units, each unit's part moves by $1/\sqrt m$ times a random sign, and then the
# mean over $m$ of them is taken.

# %% role="figure" name="lazy"
fig, axes = plt.subplots(1, 2, figsize=(9, 3.5))
for ax, measure, words in [
    (axes[0], kernel_drift, "kernel drift"),
    (axes[1], representation_change, "representation change"),
]:
    for activation, marker in (("relu", "ko-"), ("tanh", "ks--")):
        moved = [
            rms([measure(before, after, curve_x) for before, after in runs[activation, width]]) for width in widths
        ]
        label = f"{activation}: slope {slope(widths, moved):.2f}"
        ax.plot(widths, moved, marker, mfc="white" if "--" in marker else "k", lw=1, label=label)
    ax.set_title(words)
    log_log(ax, widths)
    ax.legend(fontsize=8)
axes[0].set(ylabel="relative change by training")
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Two log-log panels against the width from 64 to 4096. Left, kernel drift: tanh falls with slope about minus one, ReLU about minus 0.7. Right, representation change: both fall with slope about minus one half.](lazy.png)
#
# The hidden representation changes by $m^{-1/2}$ for both activations. It is the *sum* over $m$ units in the read-out
# that makes an output of order one out of changes that no single unit would notice. The kernel moves by $1/m$ for
# tanh. For ReLU it moves more, $m^{-0.66}$ to $m^{-0.83}$ in our runs: a preactivation that moves by $1/\sqrt m$ flips
# the sign of a share $1/\sqrt m$ of the units, and a flipped unit's $\sigma'$ has changed completely. That does not
# contradict (10.13); it says that "frozen" is a limit, and that the road there depends on $\sigma$.
#
# </details>
#
# Now pull this together with section 4. The network that learned the curve has, at width 4,096, a hidden layer that is
# 2 to 3 per cent different from a *random* one. It has learned a function and no representation. (§10.1.2 calls it by
# that name.) This is what makes it predictable, and it is what S2 lists under "some limits of the NTK". Does it still
# work on images?

# %% [markdown]
# ## 8 · Digits
#
# Ten classes become ten outputs, one column each, +0.9 for the right class and −0.1 for the others (lab 1), and the
# largest output wins. Four learners get the same training images:
#
# | learner | what it is |
# |---|---|
# | `"ntk"` | kernel regression with the tangent kernel of the network below, at infinite width: the *mean* over networks, $f_0 = 0$ |
# | `"rbf"` | kernel regression with lab 1's Gaussian kernel, which has no network behind it |
# | `"linear"` | linear regression on the pixels |
# | `"network"` | the finite network itself, trained by your `train_network` |
#
# A fair comparison fixes everything that could be tuned *before* it looks at a test image:
#
# - **Images**: `datasets.digits()` gives all 1,797, each of length 1, and their digits. Times 8: chapter 10 wants
#   $x\cdot x/d$ to be 1, and $d = 64$.
# - **Split**: `datasets.split` of images and digits, with `n_train` training images and the seed as its `rng`; all
#   images that are not in the training set are test images.
# - **Targets**: `datasets.one_hot(labels, 10)`, which has the −1/10 already.
# - **Network**: `networks.NTKNet` with 64 inputs, one hidden ReLU layer of the given width, 10 outputs, `C_W` as it is
#   by default, `C_b=0.1`, and the seed; its `.mlp` gives `kernels.ntk` the architecture.
# - **Ridge** $10^{-3}$ on the diagonal of both training kernels: below anything that matters, a safeguard for the
#   Gaussian kernel.
# - **Length scale** of the Gaussian kernel: $\sigma^2$ is the median *squared* distance between two different training
#   images.
# - **Linear regression** with a column of ones; the solution of smallest norm where there are fewer images than
#   columns (`np.linalg.lstsq`).
# - **Centred network**: with $n = 100$ images a network's random $f_0$ is so much *noise* in what it says: it triples
#   the error. So train on `Y + net(X_train)` and subtract `net(X_test)` from what the trained network says. Then what
#   is fitted is $f - f_0$, and (10.39) predicts `"ntk"` for it. In the first half you kept $f_0$ because you wanted to
#   predict one network; here you remove it because you want a good one.

# %% [markdown]
# ## Exercise 6 · `digits_experiment`
#
# Difficulty ●●● · 30 minutes · 4 points
#
# **Equations**: (10.40) for `"ntk"`, (10.131), (10.133) for `"rbf"`, (10.121) for `"linear"`.
#
# | | | |
# |---|---|---|
# | `n_train`, `seed` | whole numbers | size of the training set; seed of the split *and* of the network |
# | `width`, `eta`, `steps` | as for `train_network` | of the network |
# | returns | `dict` | keys `"ntk"`, `"rbf"`, `"linear"`, `"network"`; values: the share of test images for which the largest output stands at a wrong digit |
#
# Use your `ntk_predict` and `train_network`. The tests allow two images' difference: rounding may turn a near tie.


# %% role="answer" exercise="digits_experiment"
def digits_experiment(n_train, seed, width, eta, steps):
    """Test errors of NTK regression, Gaussian kernel regression, linear regression and a trained network."""
    ### BEGIN SOLUTION
    images, digit = datasets.digits()
    X_train, X_test, y_train, y_test = datasets.split(8 * images, digit, n_train, rng=seed)
    Y = datasets.one_hot(y_train, 10)
    net = networks.NTKNet(64, width, n_out=10, C_b=0.1, seed=seed)

    def by_kernel(K_train, K_test):
        ridge = 1e-3 * np.eye(n_train)
        return ntk_predict(K_train + ridge, K_test, Y, np.zeros_like(Y), np.zeros((len(X_test), 10)))

    squared = np.sum((X_train[:, None] - X_train[None]) ** 2, axis=2)
    length_scale = np.sqrt(np.median(squared[np.triu_indices(n_train, k=1)]))
    ones = np.ones((len(images), 1))
    solution = np.linalg.lstsq(np.hstack([ones[:n_train], X_train]), Y, rcond=None)[0]
    trained, _ = train_network(net, X_train, Y + net(X_train), eta, steps)
    outputs = {
        "ntk": by_kernel(kernels.ntk(X_train, mlp=net.mlp), kernels.ntk(X_test, X_train, mlp=net.mlp)),
        "rbf": by_kernel(
            kernels.gaussian_kernel(X_train, length_scale=length_scale),
            kernels.gaussian_kernel(X_test, X_train, length_scale=length_scale),
        ),
        "linear": np.hstack([ones[: len(X_test)], X_test]) @ solution,
        "network": trained(X_test) - net(X_test),
    }
    return {name: float(np.mean(np.argmax(output, axis=1) != y_test)) for name, output in outputs.items()}
    ### END SOLUTION


# %% role="visible" exercise="digits_experiment"
t = lab.tests("digits_experiment")
names = ("ntk", "rbf", "linear", "network")
small = {"n_train": 40, "seed": 3, "width": 24, "eta": 0.4, "steps": 20}


answers = {}


def asked(**settings):
    """What digits_experiment says, asked once."""
    key = str(settings)
    if key not in answers:
        answers[key] = digits_experiment(**settings)
    return answers[key]


def errors(**settings):
    return np.array([asked(**settings)[name] for name in names], dtype=float)


t.holds(
    "a dict with the four names",
    lambda: isinstance(asked(**small), dict) and set(asked(**small)) == set(names),
    'return a dict with the keys "ntk", "rbf", "linear" and "network"',
)
t.holds(
    "numbers between 0 and 1",
    lambda: np.all((errors(**small) >= 0) & (errors(**small) <= 1)),
    "an error is a share, a number between 0 and 1; nan comes from a division 0/0 or from a network that diverged",
)
t.holds(
    "every error is a share of the 1,757 images that are not among the 40",
    lambda: np.allclose(errors(**small) * 1757, np.round(errors(**small) * 1757), atol=1e-2),
    "these are not shares of the test images: the test set is all images outside the training set, "
    "and the error is the number of wrong ones over their number",
)
t.holds(
    "they are errors, not accuracies",
    lambda: errors(**small)[0] < 0.5,
    'the NTK is wrong on most test images: is this the share of *right* ones ("errors", not accuracies)?',
)
t.holds(
    "the test images are not those trained on",
    lambda: errors(**small)[1] > 0.02,
    "40 images, and almost no error: were the learners tested on images they had been trained on?",
)
t.holds(
    "another seed, another split",
    lambda: not np.allclose(errors(**small)[:3], errors(**{**small, "seed": 4})[:3]),
    "the errors that have no network in them do not change with the seed: it chooses the split, too",
)
t.holds(
    "width, eta and steps are the network's own affair",
    lambda: np.allclose(errors(**small)[:3], errors(**{**small, "width": 12, "eta": 0.1, "steps": 3})[:3], atol=1.5e-3),
    "the errors of the kernels or of linear regression change with width, eta or steps: they have no part in them",
)
X, digit = datasets.digits()
_, X_untouched, _, untouched = datasets.split(8 * X, digit, 40, rng=3)
not_zero, start = np.mean(untouched != 0), networks.NTKNet(64, 24, n_out=10, C_b=0.1, seed=3)
t.close(
    "a centred network that took no step says 0 everywhere, and argmax takes the first class",
    lambda: errors(**{**small, "steps": 0})[3],
    not_zero,
    rtol=1e-5,
    atol=2.5 / 1757,
    mistakes={
        "the network's function at the start is still in its prediction: subtract net(X_test)": lambda: np.mean(
            np.argmax(start(X_untouched), axis=1) != untouched
        )
    },
)
t.holds(
    "more images, fewer errors",
    lambda: np.all(errors(**{**small, "n_train": 120})[:3] < errors(**small)[:3]),
    "with 120 training images instead of 40 the first three errors must fall",
)
t.report()

# %% role="hidden" exercise="digits_experiment" points=4
# Hidden tests: fresh sizes, seeds, widths and steps; fewer images than pixels and more.
### BEGIN HIDDEN TESTS
t = lab.tests("digits_experiment", hidden=True)
kernel_regression, train_ensemble = (
    lab.reference(name) for name in ("regression.kernel_regression", "networks.train_ensemble")
)
unit_images, digit = datasets.digits()


def right_errors(
    n_train, seed, width, eta, steps, *, split_seed=None, net_seed=None, tested="rest", centred=True, bias=True,
    length="median", C_b=0.1, shift=True, trained=True, scale_by=8,
):  # fmt: skip
    """The four errors, with mistakes on request."""
    images = scale_by * unit_images
    X_train, X_test, y_train, y_test = datasets.split(
        images, digit, n_train, rng=seed if split_seed is None else split_seed
    )
    if tested == "training set":
        X_test, y_test = X_train, y_train
    elif tested == "all images":
        X_test, y_test = images, digit
    Y = datasets.one_hot(y_train, 10) + (0.0 if shift else 0.1)
    settings = {"d": 64, "width": width, "n_out": 10, "C_b": C_b, "seed": seed if net_seed is None else net_seed}
    mlp = networks.NTKNet(**settings).mlp
    squared = np.maximum(np.sum(X_train**2, 1)[:, None] + np.sum(X_train**2, 1) - 2 * X_train @ X_train.T, 0)
    pairs = squared[np.triu_indices(n_train, k=1)]
    scale = {
        "median": np.sqrt(np.median(pairs)),
        "squared": np.median(pairs),
        "one": 1.0,
        "gamma": np.median(pairs) ** -0.5,
    }
    arguments = {"length_scale": float(scale[length])}
    ensemble = train_ensemble(
        lambda _: networks.NTKNet(**settings), [0], X_train, Y, eta, steps if trained else 0, centered=centred
    )
    ones = (lambda X: np.hstack([np.ones((len(X), 1)), X])) if bias else (lambda X: X)
    outputs = {
        "ntk": kernel_regression(kernels.ntk(X_train, mlp=mlp), kernels.ntk(X_test, X_train, mlp=mlp), Y, ridge=1e-3),
        "rbf": kernel_regression(
            kernels.gaussian_kernel(X_train, **arguments),
            kernels.gaussian_kernel(X_test, X_train, **arguments),
            Y,
            ridge=1e-3,
        ),
        "linear": ones(X_test) @ np.linalg.pinv(ones(X_train)) @ Y,
        "network": ensemble.outputs(X_test)[0],
    }
    return {name: float(np.mean(np.argmax(output, axis=1) != y_test)) for name, output in outputs.items()}


for what, n_low, width, steps in [
    ("a handful of images", 14, 20, 20),
    ("fewer images than pixels", 36, 24, 30),
    ("more images than pixels", 90, 16, 40),
]:
    settings = {
        "n_train": n_low + int(t.rng.integers(20)),
        "seed": int(t.rng.integers(10, 10**6)),
        "width": width + int(t.rng.integers(8)),
        "eta": float(t.rng.uniform(0.3, 0.5)),
        "steps": steps + int(t.rng.integers(10)),
    }
    right = right_errors(**settings)
    t.close(
        what,
        lambda: digits_experiment(**settings),
        right,
        atol=2.5 / (1797 - settings["n_train"]),  # two images: rounding may turn a near tie
        mistakes={
            "these are accuracies: return the share of wrong ones": {name: 1 - error for name, error in right.items()},
            "tested on the training images": lambda: right_errors(**settings, tested="training set"),
            "the training images are among the test images": lambda: right_errors(**settings, tested="all images"),
            "the seed of the split is ignored": lambda: right_errors(**settings, split_seed=0),
            "the seed of the network is ignored": lambda: right_errors(**settings, net_seed=0),
            "the network's function at the start is still in its prediction: train on Y + net(X_train), then subtract "
            "net(X_test)": lambda: right_errors(**settings, centred=False),
            "the length scale is the median *squared* distance: take its root": (
                lambda: right_errors(**settings, length="squared")
            ),
            "the length scale is 1: take it from the training images": lambda: right_errors(**settings, length="one"),
            "the length scale is upside down": lambda: right_errors(**settings, length="gamma"),
            "linear regression lacks its column of ones": lambda: right_errors(**settings, bias=False),
            "the network and its kernel have no biases: C_b = 0.1": lambda: right_errors(**settings, C_b=0.0),
            "the targets lack the −1/10 of the centred one-hot columns": lambda: right_errors(**settings, shift=False),
            "the images have length 1: chapter 10's kernel wants them 8 times as long": (
                lambda: right_errors(**settings, scale_by=1)
            ),
            "the network was not trained": lambda: right_errors(**settings, trained=False),
            "ntk and rbf are exchanged": {**right, "ntk": right["rbf"], "rbf": right["ntk"]},
        },
    )
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="digits_experiment"
# <details><summary>Hint 1 · concept</summary>
#
# Write down the four tables of outputs, one row per test image and ten columns each, with whatever method; the last
# step, from a table to an error, is the same for all. Nothing but the split and the network depends on `seed`. The two
# kernels go the same way as well: a small function of `K_train` and `K_test` saves you a repetition.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# With $f_0 = 0$, `ntk_predict` wants zeros of shapes `(n, 10)` and `(n_test, 10)`; the ridge goes onto the diagonal
# before you call it. Squared distances of all pairs are $\|x\|^2 + \|x'\|^2 - 2\langle x, x'\rangle$;
# `np.triu_indices(n_train, k=1)` picks each pair of *different* images once. For `"linear"` put a column of ones
# beside the pixels, of training and test images. `np.linalg.lstsq` returns the solution first.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Split; one-hot; make the network. Kernels: `kernels.ntk` with `mlp=net.mlp`, once train × train, once *test × train*;
# `kernels.gaussian_kernel` likewise, with `length_scale` the root of the median. Network: train it on the targets plus
# its own outputs at the training images, and take its old outputs at the test images away from the new ones. For each
# table: `argmax` along the columns, compare with the test labels, `mean` of the unequal ones.
#
# </details>

# %% [markdown]
# ### Predict, then run
#
# Five seeds, 100 and 300 training images, width 512. **Write down the order you expect**, and which gaps you expect to
# be larger than the spread over seeds (±: one standard deviation over the five splits).

# %% role="figure" name="digits"
sizes, methods = (100, 300), {"ntk": "NTK", "rbf": "Gaussian", "linear": "linear", "network": "network, m = 512"}
results = {n: [digits_experiment(n, seed, 512, 0.65, 400) for seed in range(5)] for n in sizes}
print("test error on digits, mean ± s.d. over 5 splits")
print(f"{'n':>5}" + "".join(f"{name:>20}" for name in methods.values()))
fig, ax = plt.subplots(figsize=(6.8, 3.4))
for n in sizes:
    table = {name: np.array([result[name] for result in results[n]]) for name in methods}
    print(f"{n:5}" + "".join(f"{e.mean():>13.3f} ± {e.std(ddof=1):.3f}" for e in table.values()))
for place, (name, marker) in enumerate(zip(methods, "osD^", strict=True)):
    by_size = np.array([[result[name] for result in results[n]] for n in sizes])
    where = np.arange(len(sizes)) + 0.12 * (place - 1.5)
    spread = by_size.std(axis=1, ddof=1)
    style = {"ls": "none", "capsize": 4, "ms": 7, "color": "k", "mfc": ["k", "white", "0.6", "white"][place]}
    ax.errorbar(where, by_size.mean(axis=1), spread, marker=marker, label=methods[name], **style)
ax.set(
    xticks=range(len(sizes)),
    xticklabels=[f"n = {n}" for n in sizes],
    ylabel="test error",
    ylim=(0, None),
    xlim=(-0.5, 1.5),
)
ax.set_title("digits: mean and standard deviation over 5 splits", fontsize=10)
ax.legend(fontsize=8)
plt.show()
paired = [result["ntk"] - result["rbf"] for n in sizes for result in results[n]]
print(f"NTK − Gaussian, split by split: {np.mean(paired):+.4f} ± {np.std(paired, ddof=1):.4f}")

# %% [markdown]
# <details><summary>Compare with the expected picture</summary>
#
# ![Test error with error bars of four learners on digits, for 100 and 300 training images. NTK and Gaussian kernel coincide near 0.08 and 0.03, the network lies slightly above them, linear regression far above all, near 0.24 and 0.1.](digits.png)
#
# Both kernels beat linear regression by far more than the error bars, and **NTK and Gaussian tie**: split by split
# their difference is within its own spread. So nobody may write "the NTK understands images". Here it is a smooth
# kernel of the angle between two images, as the Gaussian is of their distance. The finite network lies a little above
# its kernel: at width 512 its own kernel still differs from the formula, and 400 steps have not reached the slow
# modes. Wider and longer, it comes down towards the NTK's value: 0.084 against 0.078 at width 2,048 after 1,000 steps
# (two of the splits, n = 100). (A network *can* do better than its kernel; it has to leave the lazy regime for that.
# Lab 10.)
#
# </details>

# %% [markdown]
# ## 9 · As wide as your machine allows
#
# Sections 4 and 7 once more, further out: on a GPU up to $2^{16} = 65{,}536$ units, else up to $2^{13}$. The same
# functions, yours. They run on the GPU if `train_network` makes its tensors where the network is; the cell says so if
# it does not.

# %% role="gpu" name="wide-training"
device = networks.default_device()
widest, n_networks = networks.pick_size(cpu=2**13, cuda=2**16), networks.pick_size(cpu=4, cuda=8)
dtype = torch.float32 if device.type == "mps" else torch.float64  # MPS has no float64


def wide_run(width, seed, where):
    """Distance to (10.39), kernel drift and representation change of one tanh network."""
    net = curve_net(width, "tanh", seed)
    before = curve_net(width, "tanh", seed).to(device=where, dtype=dtype)
    after, _ = train_network(before, curve_x, curve_y, curve_eta(net), 400)
    points = torch.as_tensor(curve_x, dtype=dtype).numpy()  # single precision where the network has no other
    distance = rms(after(grid_x) - kernel_curve(net))
    return distance, kernel_drift(before, after, points), representation_change(before, after, points)


try:
    wide_run(64, 0, device)
except (TypeError, RuntimeError, AttributeError) as problem:
    print(f"your functions do not run on {device} ({type(problem).__name__}): staying on the CPU")
    device, widest, n_networks, dtype = torch.device("cpu"), 2**13, 4, torch.float64

wide = 2 ** np.arange(7, int(np.log2(widest)) + 1, 2)
wide_results = rms([[wide_run(width, seed, device) for width in wide] for seed in range(10, 10 + n_networks)], axis=0)

# %% role="gpu" name="wide"
fig, ax = plt.subplots()
for column, (words, marker) in enumerate(
    [("distance to (10.39)", "ko-"), ("representation change", "kD:"), ("kernel drift", "ks--")]
):
    row = column if column == 0 else 3 - column
    values = wide_results[:, row]
    label = f"{words}: slope {slope(wide, values):.2f}"
    ax.plot(wide, values, marker, mfc="k" if row == 0 else "white", lw=1, label=label)
ax.set(title=f"tanh, rms over {n_networks} networks, on {device.type}", ylabel="rms distance; relative change")
log_log(ax, wide)
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# <details><summary>Compare with the expected picture (CPU sizes)</summary>
#
# ![Log-log plot against the width from 128 to 8192 for tanh networks. The distance to the prediction and the representation change fall with slopes near minus one half, the kernel drift with slope near minus one.](wide.png)
#
# Three quantities, two speeds, and no sign of a floor.
#
# </details>

# %% [markdown]
# ## 10 · Check yourself
#
# No points. Choose, and read what comes back; the other choices have something to say as well.

# %% role="quiz" name="one-network"
lab.quiz(
    "S0 writes that a wide network trained to zero squared error “will always learn” K(x, D) K(D, D)⁻¹ f(D). When is that exactly so, at infinite width?",
    {
        "For every network": "Then your five seeds would have landed on one curve. Each kept a part of its own start, (10.39).",
        "For the mean over initialisations, or for a network whose start is subtracted": (
            "Right: f₀ has mean zero and enters (10.39) linearly, so it averages out; or it is removed by training f − f₀."
        ),
        "On the training points only": "There every trained network says Y, by any formula. The question is about all other x.",
        "When the step is small enough": "The end of training does not depend on the step as long as it is stable (lab 2).",
    },
    right="For the mean over initialisations, or for a network whose start is subtracted",
)

# %% role="quiz" name="clock"
lab.quiz(
    "A friend trains with torch's mse_loss (mean over all n·c entries, no ½), step η, k steps, and compares with your output_at_time. Which t is right?",
    {
        "t = η k / n": "That is this lab's loss, 1/(2n) with the sum over outputs. Differentiate hers: what stands in front of f − Y?",
        "t = η k": "That is the sum loss of the book, ½ Σ (f − Y)², (10.5).",
        "t = 2 η k / (n c)": "Right: the gradient of her loss by f is 2 (f − Y)/(n c), against (f − Y)/n in this lab.",
        "t = η k / (n c)": "Nearly. Is there a ½ in her loss?",
    },
    right="t = 2 η k / (n c)",
)

# %% role="quiz" name="drift"
lab.quiz(
    "A tanh network of width 4,096 has a kernel drift of 0.0013 and lands 0.022 away from (10.39) with the formula's kernel. "
    "Where do the 0.022 come from?",
    {
        "Mostly from the drift of the kernel during training": "The drift is more than ten times smaller. What else differs from the formula?",
        "Mostly from the kernel at the start, which differs from the formula by about 1/√m": (
            "Right: 1/√4096 = 0.016. With the network's own kernel in (10.39) the distance falls to about 0.003."
        ),
        "From the loss that is left after 400 steps": "The loss is below 1e-8 by then: its root is far below 0.022.",
        "From the size of the step": "A stable step changes the road, not the end (lab 2).",
    },
    right="Mostly from the kernel at the start, which differs from the formula by about 1/√m",
)

# %% role="quiz" name="tie"
lab.quiz(
    "On digits with n = 100: NTK 0.085 ± 0.015, Gaussian 0.088 ± 0.016, linear 0.244 ± 0.014, network 0.102 ± 0.014. What may you write?",
    {
        "The NTK is the best kernel": "The difference of 0.003 is a fifth of the spread, and split by split it is 0.002 ± 0.002: other splits, another order.",
        "Both kernels beat linear regression; they do not differ measurably": "Right. And the network approaches its kernel from above, as it gets wider.",
        "Deep learning needs no kernels": "The network here is the worst of the three nonlinear learners.",
        "The network learned features that hurt": (
            "Your representation_change says that it learned hardly any. What keeps it above the NTK is finite width and a finite number of steps."
        ),
    },
    right="Both kernels beat linear regression; they do not differ measurably",
)

# %% [markdown]
# ## 11 · Two questions marked by hand
#
# ### Question A · the function at the start
#
# 3 points, about 10 minutes. In a few sentences each:
#
# 1. Show from (10.39) that a fully trained network says $Y$ on the training set for *every* $f_0$. Then show that
#    literal code for the book's printed formula, with the *block* $\Theta(A, A)$ where its inverse belongs, fails this
#    test, unless a certain matrix is the identity. Which?
# 2. Someone trains one wide network and evaluates $\Theta(x, A)\Theta(A, A)^{-1}Y$. At test points they differ by more
#    than the width explains. Which term is missing? Name two different ways to make it vanish, one that changes what
#    is trained and one that needs several networks.
# 3. In Exercise 6 the training images of the centred network got the targets $Y + f_0$. Put these targets into
#    (10.39), subtract $f_0(x)$, and say which function remains.

# %% [markdown] role="written" exercise="keep-the-start" points=3
# *Your answer to question A:*
#
# ### BEGIN SOLUTION
# 1. For $x$ in $A$ the row $\Theta(x, A)$ is a row of $\Theta(A, A)$, so $\Theta(A, A)\Theta(A, A)^{-1} = I$ and
#    $f_\infty(A) = f_0(A) + Y - f_0(A) = Y$. With the block in place of the inverse, $f_\infty(A) = f_0 + \Theta^2(Y -
#    f_0)$: equal to $Y$ for all $Y$ only if $\Theta(A, A)^2 = I$ (for a positive matrix: $\Theta = I$).
# 2. Missing is $f_0(x) - \Theta(x, A)\Theta(A, A)^{-1}f_0(A)$: what is left of this network's start. It vanishes if $f
#    - f_0$ is trained (centring, or the difference of two copies that start with equal weights), and it averages out
#    over many independently initialised networks, since $f_0$ has mean zero.
# 3. $f_0(x) + \Theta(x, A)\Theta(A, A)^{-1}(Y + f_0(A) - f_0(A)) - f_0(x) = \Theta(x, A)\Theta(A, A)^{-1}Y$: the mean
#    prediction (10.40), without any trace of $f_0$.
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the cancellation on the training set, *and* the square of the block being the identity as the
#   condition (or that block itself). Half a point for one of the two.
# - Part 2, 1 point: the missing term in full (both parts of it), and two ways of the two kinds. Half a point for the
#   term alone or for both ways alone. "A wider network" is wrong: the term does not shrink with the width.
# - Part 3, 1 point: the substitution is written out and ends in kernel regression without a start. Half a point for
#   the right result without the substitution.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ### Question B · about your own code
#
# 2 points, about 5 minutes. Look at *your* `train_network` and `output_at_time`:
#
# 1. Which line of your `train_network` protects the caller's network? Suppose it were missing: which numbers would the
#    figure of section 7 show, and why would no test of the *trained* weights notice?
# 2. `K_train` has an eigenvalue that rounding has made $-10^{-17}$, and $t = 5$. Which number does *your* code
#    multiply this mode by, and which line decides that? Which number would $(1 - e^{-\lambda t})/\lambda$ give
#    literally in floating point?

# %% [markdown] role="written" exercise="your-training-code" points=2
# *Your answer to question B:*
#
# ### BEGIN SOLUTION
# 1. The first line, which makes a second network from `net.config` and `net.flat_weights()` (a copy). Without it `net`
#    and `trained` are one object, before and after are the same network, and both measures of section 7 are exactly 0
#    at every width (on log axes: nothing to see). The weights that come back would still be right, so comparing them
#    with the right ones finds nothing.
# 2. In the solution above `np.where(rates > 0, …, t)` decides: the mode is multiplied by $t = 5$, the limit.
#    Literally, $e^{5\cdot 10^{-17}}$ rounds to exactly 1, so the numerator is 0 and the mode gets 0 (with `expm1` it
#    gets 5, up to rounding; with an eigenvalue of exactly 0 it would be nan).
#
# ### BEGIN MARK SCHEME
# - Part 1, 1 point: the right line of the student's *own* code; zero drift and zero change, since both names mean one
#   object. Half a point for one of the two.
# - Part 2, 1 point: the number their own code really uses, with the line; and 0 for the literal form. Half a point for
#   one of the two. Code that drops such modes (multiplies them by 0) is right if the student says why it does not
#   matter: the rows of K_test have no part in a null direction of K_train.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## What you showed
#
# - A trained wide network **is** kernel regression with its tangent kernel, plus what is left of its start: predicted
#   before training, on a curve, at every moment, seed by seed. Widths in the hundreds are enough to see it.
# - What separates them at width $m$ is mostly the kernel at the *start*, $m^{-1/2}$. The motion of the kernel during
#   training is smaller: $1/m$ for tanh, somewhat more for ReLU.
# - The outputs learn separately (no wiring, with squared error), and the hidden layer stays random up to $m^{-1/2}$
#   (no representation learning).
# - On digits the NTK is a good kernel, as good as a Gaussian one, far better than linear regression. The network that
#   it describes approaches it from above.
#
# **Where the theory stops.** All of this is the limit of large width at fixed data and fixed depth, in NTK
# parameterisation, with squared error and steps below $2n/\lambda_{\max}$. In that limit nothing is learned about
# *what matters* in an image: the kernel was fixed before the first one was seen. Lab 10 shows a task where a narrow
# network, outside this regime, wins by a wide margin.
#
# **Next, lab 5**: your five networks went through the same five points and disagreed everywhere else. Not arbitrarily:
# $f_0$ is a Gaussian process, and (10.39) is linear in it. So *how* are trained networks distributed? Can you draw the
# band before training the first one, and is it the band that a Bayesian would draw?
#
# *In ntklab these functions are `regression.kernel_regression` (with `f0_train`, `f0_test`),
# `networks.train_ensemble`, `dynamics.predict_at_time`, `empirical.kernel_drift` and
# `empirical.representation_change`. They are withheld in this lab, since you write them yourself (and so is lab 2's
# `dynamics.newton_step`, the same formula under another name), and open later: `kernel_regression` from lab 6 on,
# since lab 5's mean is a case of it.*
