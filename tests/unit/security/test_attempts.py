"""How often one may try: by login and address, by address, by login; and then again."""

import asyncio

import pytest

from app.errors import TooManyAttempts
from app.security import windows as module
from app.security.attempts import OF_ADDRESS, OF_BOTH, OF_LOGIN, Attempts, network
from app.security.windows import Windows
from tests.support.clock import Clock


@pytest.fixture
def made() -> Attempts:
    return Attempts(Windows())


async def refused(made: Attempts, login: str, address: str) -> float:
    with pytest.raises(TooManyAttempts) as raised:
        await made.count(login, address)
    return raised.value.retry_after


async def test_one_login_from_one_address(clock: Clock, made: Attempts) -> None:
    for second in range(OF_BOTH.amount):
        clock.now = 1_000_000.0 + second
        await made.count("ada", "203.0.113.7")
    wait = await refused(made, "ada", "203.0.113.7")
    assert 15 * 60 - OF_BOTH.amount <= wait <= 15 * 60
    await made.count("ada", "203.0.113.8")
    await made.count("bob", "203.0.113.7")
    clock.now += wait - 2
    await refused(made, "ada", "203.0.113.7")
    clock.now += 4
    await made.count("ada", "203.0.113.7")


async def test_the_right_password_makes_up_for_it(clock: Clock, made: Attempts) -> None:
    for _ in range(5):
        for _ in range(OF_BOTH.amount - 1):
            await made.count("ada", "203.0.113.7")
        await made.forgive("ada", "203.0.113.7")


async def test_many_logins_from_one_address(clock: Clock, made: Attempts) -> None:
    for number in range(OF_ADDRESS.amount):
        await made.count(f"login {number}", f"2001:db8:0:1::{number + 1:x}")
    await refused(made, "another", "2001:db8:0:1:ffff::1")
    await made.count("another", "2001:db8:0:2::1")


async def test_one_login_from_many_addresses(clock: Clock, made: Attempts) -> None:
    for number in range(OF_LOGIN.amount):
        await made.count("ada", f"203.0.{number}.7")
    await refused(made, "ada", "198.51.100.1")
    await made.forgive("ada", "203.0.1.7")
    await refused(made, "ada", "203.0.1.7")


async def test_who_is_refused_uses_up_nothing_else(clock: Clock, made: Attempts) -> None:
    """Else whoever guesses at one address would go on to keep the owner out everywhere."""
    for _ in range(OF_LOGIN.amount):
        try:
            await made.count("ada", "203.0.113.7")
        except TooManyAttempts:
            continue
    await made.count("ada", "198.51.100.1")


async def test_of_many_at_once_each_is_counted(clock: Clock, made: Attempts) -> None:
    tried = (made.count("ada", "203.0.113.7") for _ in range(3 * OF_BOTH.amount))
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(each is None for each in ended) == OF_BOTH.amount


async def test_the_words_are_not_kept(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is easily typed where the login belongs."""
    names: list[tuple[str, ...]] = []
    kept = module.Windows.hit

    async def hit(self: Windows, limit: object, *named: str, cost: int = 1) -> bool:
        names.append(named)
        return await kept(self, limit, *named, cost=cost)  # type: ignore[arg-type]

    monkeypatch.setattr(module.Windows, "hit", hit)
    await Attempts(Windows()).count("hunter2", "203.0.113.7")
    assert names
    assert not any("hunter2" in name for named in names for name in named)


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
