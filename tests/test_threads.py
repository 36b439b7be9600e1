"""Parts side by side: all done, errors raised, torch's settings as before; and kernels filled that way."""

import numpy as np
import pytest
import torch

from ntklab import _threads
from ntklab.kernels import MLP, arc_cosine, blocks, nngp_and_ntk

CPU = torch.device("cpu")


@pytest.fixture(params=[1, 2, 5])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_every_part_is_done_once(threads, count):
    seen: list[int] = []
    inside: set[int] = set()

    def work(part: int) -> None:
        seen.append(part)
        inside.add(torch.get_num_threads())

    _threads.side_by_side(work, range(count), CPU)
    assert sorted(seen) == list(range(count))
    assert inside <= ({threads} if count < threads else {1})
    assert torch.get_num_threads() == threads


def test_an_error_comes_out_and_the_thread_count_stays(threads):
    def work(part: int) -> None:
        if part == 3:
            raise ValueError("part three")

    with pytest.raises(ValueError, match="part three"):
        _threads.side_by_side(work, range(9), CPU)
    assert torch.get_num_threads() == threads


def test_parts_that_have_parts_do_not_wait_for_themselves(threads):
    seen: list[tuple[int, int]] = []

    def outer(i: int) -> None:
        _threads.side_by_side(lambda j: seen.append((i, j)), range(6), CPU)

    _threads.side_by_side(outer, range(6), CPU)
    assert sorted(seen) == [(i, j) for i in range(6) for j in range(6)]


def test_gradients_stay_off_where_the_caller_has_them_off(threads):
    on: list[bool] = []
    with torch.no_grad():
        _threads.side_by_side(lambda part: on.append(torch.is_grad_enabled()), range(9), CPU)
    assert not any(on)
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("threads", [3], indirect=True)
@pytest.mark.parametrize("other", [False, True])
def test_kernels_are_the_same_on_any_number_of_threads(threads, other, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_ON_CPU", 7)
    monkeypatch.setattr(blocks, "_REMEMBERED", 3)  # so that doubtful pairs are done while other blocks are at work
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 5))
    X[11], X[30], X[31] = X[3] * (1 + 1e-15), -2 * X[8], 0
    Z = X[::-3].copy() if other else None

    def results():
        relu, tanh = MLP(2, C_b=0.3), MLP(2, "tanh")
        return [*nngp_and_ntk(X, Z, mlp=relu), arc_cosine(X, Z, order=0), *nngp_and_ntk(X, Z, mlp=tanh)]

    first, second = results(), results()
    torch.set_num_threads(1)
    for k, (one, two, alone) in enumerate(zip(first, second, results(), strict=True)):
        np.testing.assert_array_equal(one, two)
        # tanh: torch adds up its tables in an order that depends on the threads; a table is cut at 1e-13
        np.testing.assert_allclose(one, alone, rtol=0, atol=0 if k < 3 else 1e-12 * np.abs(alone).max())
