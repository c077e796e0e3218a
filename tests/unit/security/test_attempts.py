"""How often one may try: by login and address, by address, by login; and then again."""

import pytest
from limits.storage import memory

from app.errors import TooManyAttempts
from app.security import attempts as module
from app.security.attempts import OF_ADDRESS, OF_BOTH, OF_LOGIN, Attempts, network


class Clock:
    """What time it is."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(memory.time, "time", made.time)
    monkeypatch.setattr(module, "time", made.time)
    return made


def refused(made: Attempts, login: str, address: str) -> float:
    with pytest.raises(TooManyAttempts) as raised:
        made.count(login, address)
    return raised.value.retry_after


def test_one_login_from_one_address(clock: Clock) -> None:
    made = Attempts()
    for second in range(OF_BOTH.amount):
        clock.now = 1_000_000.0 + second
        made.count("ada", "203.0.113.7")
    wait = refused(made, "ada", "203.0.113.7")
    assert 15 * 60 - OF_BOTH.amount <= wait <= 15 * 60
    made.count("ada", "203.0.113.8")
    made.count("bob", "203.0.113.7")
    clock.now += wait - 2
    refused(made, "ada", "203.0.113.7")
    clock.now += 4
    made.count("ada", "203.0.113.7")


def test_the_right_password_makes_up_for_it(clock: Clock) -> None:
    made = Attempts()
    for _ in range(5):
        for _ in range(OF_BOTH.amount - 1):
            made.count("ada", "203.0.113.7")
        made.forgive("ada", "203.0.113.7")


def test_many_logins_from_one_address(clock: Clock) -> None:
    made = Attempts()
    for number in range(OF_ADDRESS.amount):
        made.count(f"login {number}", f"2001:db8:0:1::{number + 1:x}")
    refused(made, "another", "2001:db8:0:1:ffff::1")
    made.count("another", "2001:db8:0:2::1")


def test_one_login_from_many_addresses(clock: Clock) -> None:
    made = Attempts()
    for number in range(OF_LOGIN.amount):
        made.count("ada", f"203.0.{number}.7")
    refused(made, "ada", "198.51.100.1")
    made.forgive("ada", "203.0.1.7")
    refused(made, "ada", "203.0.1.7")


def test_what_is_not_counted_any_more_is_dropped(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SWEPT", 100)
    made = Attempts()
    for number in range(1_000):
        clock.now += 3_600
        made.count(f"login {number}", f"203.0.{number % 250}.{number // 250}")
        for events in made._storage.events.values():
            events[:] = [event for event in events if event.expiry > clock.now]
    assert len(made._storage.events) < 500


@pytest.mark.parametrize(
    ("address", "of"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_one_sender(address: str, of: str) -> None:
    assert network(address) == of
