"""The servers that the other tests rely on are there and are what they seem."""

from collections.abc import Callable

import pytest
import redis
import sqlalchemy


@pytest.mark.parametrize("server", ["valkey_url", "redis_server_url"])
def test_server_keeps_nothing_on_disk(server: str, request: pytest.FixtureRequest) -> None:
    with redis.Redis.from_url(request.getfixturevalue(server)) as client:
        assert client.config_get("save", "appendonly") == {"save": "", "appendonly": "no"}


def test_each_postgresql_database_is_its_own(postgres_database: Callable[[], str]) -> None:
    first, second = postgres_database(), postgres_database()
    engine = sqlalchemy.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE mark (id integer)"))
    engine.dispose()

    engine = sqlalchemy.create_engine(second)
    assert not sqlalchemy.inspect(engine).has_table("mark")
    engine.dispose()
