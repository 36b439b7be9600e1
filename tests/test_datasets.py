"""Data sets against values by hand, the file they come from, and the laws they are used for."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from ntklab import datasets


# ---------- digits
def test_digits_are_scikit_learns_in_their_order():
    pixels, digit = load_digits(return_X_y=True)
    X, y = datasets.digits(scaling="raw")
    np.testing.assert_array_equal(X, pixels)
    np.testing.assert_array_equal(y, digit)
    X, y = datasets.digits("odd_even", "unit_range")
    np.testing.assert_array_equal(16 * X, pixels)
    np.testing.assert_array_equal(y, -((-1.0) ** digit))  # (-1)^odd = -1
    X, _ = datasets.digits()
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose((X * pixels).sum(axis=1), np.linalg.norm(pixels, axis=1), rtol=1e-14)  # same direction


def test_two_digits_are_kept_in_order_the_second_as_plus_one():
    pixels, digit = load_digits(return_X_y=True)
    X, y = datasets.digits((8, 3), "raw")
    keep = np.isin(digit, [3, 8])
    np.testing.assert_array_equal(X, pixels[keep])
    np.testing.assert_array_equal(y == 1, digit[keep] == 3)
    np.testing.assert_array_equal(np.abs(y), 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("oddeven",), r"labels must be one of 'class', 'odd_even'; got 'oddeven'. Did you mean 'odd_even'"),
        (("class", "unit"), "scaling must be one of"),
        (((3, 3),), "two different digits"),
        (((3, 11),), "two different digits"),
        (((1, 2, 3),), "two different digits"),
    ],
)
def test_digits_says_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        datasets.digits(*arguments)


def test_shuffled_pixels_keep_every_image_values_but_not_their_places():
    X, _ = datasets.digits()
    S = datasets.shuffle_pixels(X, rng=3)
    np.testing.assert_array_equal(np.sort(S, axis=1), np.sort(X, axis=1))
    # a fresh permutation each: inner products of different images change ...
    assert np.abs(S[:50] @ S[:50].T - X[:50] @ X[:50].T).max() > 0.1
    F = datasets.shuffle_pixels(X, rng=3, same_for_all=True)
    # ... and one permutation for all leaves every inner product, hence every kernel of an MLP
    np.testing.assert_allclose(F @ F.T, X @ X.T, atol=1e-14)
    assert (F[0] != X[0]).any()


def test_each_pixel_is_equally_likely_to_land_anywhere():
    n, d = 20_000, 4
    S = datasets.shuffle_pixels(np.tile(np.arange(float(d)), (n, 1)), rng=0)
    counts = np.stack([(S == pixel).mean(axis=0) for pixel in range(d)])
    five_sigma = 5 * np.sqrt(0.25 * 0.75 / n)
    np.testing.assert_allclose(counts, 1 / d, atol=five_sigma)


def test_noise_images_share_mean_and_spread_only():
    X, _ = datasets.digits(scaling="unit_range")
    noise = datasets.noise_images(X, rng=0)
    five_sigma = 5 / np.sqrt(X.size)  # of a mean of unit normals; of a standard deviation it is 1/sqrt 2 of that
    assert abs(noise.mean() - X.mean()) < five_sigma * X.std()
    assert abs(noise.std() - X.std()) < five_sigma * X.std()
    correlation = np.corrcoef(noise.ravel(), X.ravel())[0, 1]
    assert abs(correlation) < five_sigma


# ---------- labels
def test_one_hot_by_hand():
    np.testing.assert_allclose(
        datasets.one_hot(np.array([2, 0]), 4), [[-0.25, -0.25, 0.75, -0.25], [0.75, -0.25, -0.25, -0.25]]
    )
    np.testing.assert_array_equal(datasets.one_hot([1], 3, centered=False), [[0, 1, 0]])
    np.testing.assert_array_equal(datasets.one_hot([3, 9, 0], 10).argmax(axis=1), [3, 9, 0])


@pytest.mark.parametrize("labels", [[0, 4], [-1, 0], [0.5, 1.0]])
def test_one_hot_refuses_labels_outside_the_range(labels):
    with pytest.raises(ValueError, match=r"labels must be whole numbers 0, …, 3"):
        datasets.one_hot(labels, 4)


@given(n=st.integers(2, 30), share=st.floats(0.01, 0.99), seed=st.integers(0, 2**32 - 1))
def test_split_parts_the_rows_and_keeps_pairs_together(n, share, seed):
    n_train = min(n - 1, max(1, int(share * n)))
    X, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    X_train, X_test, y_train, y_test = datasets.split(X, y, n_train, rng=seed)
    assert len(y_train) == n_train
    np.testing.assert_array_equal(np.sort(np.concatenate([y_train, y_test])), y)
    np.testing.assert_array_equal(X_train, X[y_train])
    np.testing.assert_array_equal(X_test, X[y_test])
    fewer = datasets.split(X, y, 1, rng=seed, n_test=1)
    np.testing.assert_array_equal(fewer[2], y_train[:1])


def test_split_bad_input():
    X = np.ones((4, 2))
    with pytest.raises(ValueError, match=r"n_train \+ n_test must be at most the 4 rows of X; got 3 \+ 2"):
        datasets.split(X, np.ones(4), 3, n_test=2, rng=0)
    with pytest.raises(ValueError, match="at most the 4 rows"):
        datasets.split(X, np.ones(4), 5, rng=0)
    with pytest.raises(ValueError, match="y must have 4 rows like X; got 3"):
        datasets.split(X, np.ones(3), 2, rng=0)
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator or an integer seed; got None"):
        datasets.split(X, np.ones(4), 2, rng=None)


def test_corruption_is_nested_and_leaves_share_zero_alone():
    y = np.random.default_rng(0).integers(0, 10, 500)
    shares = [0.0, 0.1, 0.4, 1.0]
    corrupted = datasets.corrupt_labels(y, shares, rng=7)
    np.testing.assert_array_equal(corrupted[0], y)
    for less, more in itertools.pairwise(corrupted):
        changed = less != y
        np.testing.assert_array_equal(more[changed], less[changed])  # what was redrawn stays as redrawn
    for share, row in zip(shares, corrupted, strict=True):  # one call for each share with one seed is the same
        np.testing.assert_array_equal(datasets.corrupt_labels(y, share, rng=7), row)
        wrong, expected = (row != y).mean(), share * 9 / 10
        assert abs(wrong - expected) <= 5 * np.sqrt(expected * (1 - expected) / len(y))


def test_corruption_obeys_its_exact_expectation():
    # E[ỹ'Aỹ] = (1-q)² y'Ay + (1-(1-q)²) tr A, on labels that are not balanced; 5σ of a mean over draws
    rng = np.random.default_rng(1)
    B = rng.normal(size=(12, 12))
    A, y, q, draws = B @ B.T, np.where(np.arange(12) < 9, 1.0, -1.0), 0.3, 20_000
    rows = np.stack([datasets.corrupt_labels(y, q, rng=rng) for _ in range(draws)])
    values = np.einsum("ki,ij,kj->k", rows, A, rows)
    expected = (1 - q) ** 2 * y @ A @ y + (1 - (1 - q) ** 2) * np.trace(A)
    five_sigma = 5 * values.std() / np.sqrt(draws)
    assert five_sigma < 0.05 * expected
    assert abs(values.mean() - expected) < five_sigma


def test_corruption_bad_input():
    with pytest.raises(ValueError, match=r"share must lie between 0 and 1; got 1\.5"):
        datasets.corrupt_labels([1, -1], 1.5, rng=0)
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        datasets.corrupt_labels([1, -1], [0.5, np.nan], rng=0)
    with pytest.raises(ValueError, match="at least two different labels; all are 1"):
        datasets.corrupt_labels([1, 1], 0.5, rng=0)
    with pytest.raises(ValueError, match="y must be finite; got nan"):
        datasets.corrupt_labels([1.0, np.nan], 0.5, rng=0)


def test_teacher_sets_targets_with_the_noise_asked_for():
    X = datasets.sphere(40_000, 3, rng=0)
    clean = datasets.teacher_targets(X, lambda X: 2 * X[:, :1])
    np.testing.assert_array_equal(clean, 2 * X[:, 0])  # one output column becomes (n,)
    noise = datasets.teacher_targets(X, lambda X: 2 * X[:, :1], noise_variance=0.25, rng=1) - clean
    five_sigma = 5 * 0.25 * np.sqrt(2 / len(X))  # of a variance estimate
    assert abs(noise.var() - 0.25) < five_sigma
    assert abs(noise.mean()) < 5 * 0.5 / np.sqrt(len(X))


def test_teacher_bad_input():
    X = np.ones((3, 2))
    with pytest.raises(ValueError, match=r"rng must be given with noise_variance > 0"):
        datasets.teacher_targets(X, lambda X: X[:, 0], noise_variance=1.0)
    with pytest.raises(ValueError, match=r"teacher\(X\) must have 3 rows like X; got 2"):
        datasets.teacher_targets(X, lambda X: X[:2, 0])
    with pytest.raises(ValueError, match="noise_variance must be a finite number at least 0"):
        datasets.teacher_targets(X, lambda X: X[:, 0], noise_variance=-1.0)


# ---------- cube
def test_the_cube_lists_every_corner_once_in_counting_order():
    np.testing.assert_array_equal(datasets.cube(4), list(itertools.product([-1, 1], repeat=4)))


def test_walsh_functions_are_orthonormal_and_eigenfunctions():
    X = datasets.cube(4)
    sets = [S for k in range(5) for S in itertools.combinations(range(4), k)]
    F = np.stack([datasets.walsh(X, S) for S in sets], axis=1)
    np.testing.assert_array_equal(F.T @ F / 16, np.eye(16))
    K = np.exp(X @ X.T / 4)  # any function of the cosine
    KF = K @ F / 16
    np.testing.assert_allclose(KF, F * np.diag(F.T @ KF / 16), atol=1e-14)


def test_parity_counts_the_plus_ones():
    X = datasets.cube(5)
    for k in range(6):
        ones = (X[:, :k] == 1).sum(axis=1)
        np.testing.assert_array_equal(datasets.parity(X, k), np.where(ones % 2 == 1, 1.0, -1.0))
        np.testing.assert_array_equal(datasets.parity(X, k), (-1) ** (k + 1) * datasets.walsh(X, range(k)))


def test_sampled_corners_are_fair_and_independent():
    X = datasets.cube_sample(20_000, 6, rng=0)
    five_sigma = 5 / np.sqrt(len(X))
    np.testing.assert_allclose(X.T @ X / len(X), np.eye(6), atol=five_sigma)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=five_sigma)


def test_cube_bad_input():
    with pytest.raises(ValueError, match=r"d must be at most 20 .*; got 21. Use cube_sample"):
        datasets.cube(21)
    with pytest.raises(ValueError, match="d must be at least 1; got 0"):
        datasets.cube(0)
    with pytest.raises(ValueError, match=r"X must hold corners of the cube, entries -1 and \+1; got 0\.0"):
        datasets.parity(np.zeros((2, 2)), 1)
    with pytest.raises(ValueError, match="k must be at most the 2 columns of X; got 3"):
        datasets.parity(datasets.cube(2), 3)
    with pytest.raises(ValueError, match=r"different indices below 2; got \[0, 0\]"):
        datasets.walsh(datasets.cube(2), [0, 0])
    with pytest.raises(ValueError, match=r"different indices below 2; got \[2\]"):
        datasets.walsh(datasets.cube(2), [2])


# ---------- circle and sphere
@given(M=st.integers(1, 40))
def test_circle_modes_are_orthonormal_eigenfunctions_of_any_kernel_of_the_angle(M):
    X, (F, k) = datasets.circle(M), datasets.circle_modes(M)
    np.testing.assert_allclose(F.T @ F / M, np.eye(M), atol=1e-13)
    cosines = X @ X.T
    K = np.exp(1.5 * cosines)
    np.testing.assert_allclose(
        cosines, np.cos(2 * np.pi * np.subtract.outer(np.arange(M), np.arange(M)) / M), atol=1e-14
    )
    eigenvalues = np.fft.fft(K[0]).real[k] / M  # a circulant matrix: the transform of its first row
    np.testing.assert_allclose(K @ F / M, F * eigenvalues, atol=1e-12)


def test_circle_modes_by_hand():
    F, k = datasets.circle_modes(8)
    np.testing.assert_array_equal(k, [0, 1, 1, 2, 2, 3, 3, 4])
    theta = np.pi / 4  # the second point
    by_hand = [1, *(np.sqrt(2) * f(j * theta) for j in (1, 2, 3) for f in (np.cos, np.sin)), -1]
    np.testing.assert_allclose(F[1], by_hand, atol=1e-15)


def test_sphere_points_are_uniform():
    n, d = 20_000, 4
    X = datasets.sphere(n, d, rng=0, radius=np.sqrt(d))
    np.testing.assert_allclose((X**2).sum(axis=1), d, rtol=1e-14)
    five_sigma = 5 / np.sqrt(n)  # E[x_i x_j] = delta_ij; Var[x_i²] = 2 (d-1)/(d+2) = 1, Var[x_i x_j] = d/(d+2) < 1
    np.testing.assert_allclose(X.T @ X / n, np.eye(d), atol=five_sigma)
    # E[(x_i²)²] = 3d/(d+2) = 2 tells the sphere from the normal distribution (3)
    np.testing.assert_allclose((X**4).mean(axis=0), 2, atol=5 * (X**4).std() / np.sqrt(n))
    with pytest.raises(ValueError, match="radius must be a finite number greater than 0"):
        datasets.sphere(3, 2, rng=0, radius=0.0)


# ---------- all draws
DRAWS = {
    "split": lambda rng: datasets.split(np.eye(9), np.arange(9), 5, rng=rng)[2],
    "cube_sample": lambda rng: datasets.cube_sample(9, 9, rng=rng),
    "sphere": lambda rng: datasets.sphere(9, 3, rng=rng),
    "corrupt_labels": lambda rng: datasets.corrupt_labels(np.arange(50), 0.5, rng=rng),
    "shuffle_pixels": lambda rng: datasets.shuffle_pixels(np.arange(18.0).reshape(2, 9), rng=rng),
    "noise_images": lambda rng: datasets.noise_images(np.eye(3), rng=rng),
    "teacher_targets": lambda rng: datasets.teacher_targets(np.eye(9), lambda X: X[:, 0], noise_variance=1.0, rng=rng),
}


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_fixes_the_draw_and_a_generator_moves_on(name):
    draw = DRAWS[name]
    np.testing.assert_array_equal(draw(5), draw(np.random.default_rng(5)))
    assert (draw(5) != draw(6)).any()
    rng = np.random.default_rng(5)
    assert (draw(rng) != draw(rng)).any()


def test_torch_in_torch_out_of_the_same_dtype():
    X = torch.tensor([[1.0, -1.0], [1.0, 1.0]], dtype=torch.float32)
    labels = torch.tensor([0, 1, 1, 0])
    made = {
        "walsh": datasets.walsh(X, [0, 1]),
        "parity": datasets.parity(X, 2),
        "shuffle_pixels": datasets.shuffle_pixels(X, rng=0),
        "noise_images": datasets.noise_images(X, rng=0),
        "teacher_targets": datasets.teacher_targets(X, lambda X: X[:, 0], noise_variance=1.0, rng=0),
        "split": datasets.split(X, labels[:2], 1, rng=0)[0],
    }
    for name, answer in made.items():
        assert isinstance(answer, torch.Tensor), name
        assert answer.dtype == torch.float32, name
    corrupted = datasets.corrupt_labels(labels, 0.5, rng=0)
    assert corrupted.dtype == labels.dtype
    np.testing.assert_array_equal(corrupted, datasets.corrupt_labels(labels.numpy(), 0.5, rng=0))
    np.testing.assert_array_equal(datasets.noise_images(X.numpy(), rng=0), made["noise_images"])
