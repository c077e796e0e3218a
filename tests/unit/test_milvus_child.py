"""Writes to one collection wait for each other, those to two do not."""

import contextlib
import threading

from app.embedded.milvus_child import one_at_a_time, write_one_at_a_time


class Collection:
    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.reached = threading.Barrier(2)

    def _enter(self) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        with contextlib.suppress(threading.BrokenBarrierError):
            self.reached.wait(0.2)  # two that are inside at once meet here
        self.inside -= 1

    write = one_at_a_time(_enter)

    @one_at_a_time
    def write_and_flush(self) -> None:
        self.write()


def both(first: threading.Thread, second: threading.Thread) -> None:
    for thread in (first, second):
        thread.start()
    for thread in (first, second):
        thread.join(10)
        assert not thread.is_alive()


def test_writes_to_one_collection_wait() -> None:
    collection = Collection()
    both(threading.Thread(target=collection.write), threading.Thread(target=collection.write_and_flush))
    assert collection.most == 1


def test_without_it_they_would_not() -> None:
    collection = Collection()
    both(threading.Thread(target=collection._enter), threading.Thread(target=collection._enter))
    assert collection.most == 2


def test_two_collections_do_not_wait() -> None:
    one, other = Collection(), Collection()
    one.reached = other.reached
    both(threading.Thread(target=one.write), threading.Thread(target=other.write))
    assert not one.reached.broken


def test_the_engine_s_collection_has_what_is_guarded() -> None:
    from milvus_lite.engine.collection import Collection as Engine

    originals = {name: getattr(Engine, name) for name in ("insert", "upsert", "delete", "flush")}
    try:
        write_one_at_a_time()
        for name, original in originals.items():
            assert getattr(Engine, name).__wrapped__ is original
    finally:
        for name, original in originals.items():
            setattr(Engine, name, original)
