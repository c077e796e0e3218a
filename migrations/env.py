"""How Alembic reaches the database: by the connection handed in (`app.db.migrate`), else by the settings."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

from app.db.engine import driver_url
from app.db.models import Base
from app.settings import Settings


def ours(name: str | None, type_: str, parent_names: Any) -> bool:
    """Whether these migrations make it; the job queue's and checkpoints' tables they do not."""
    return type_ != "table" or name in Base.metadata.tables


def run(connection: Connection) -> None:
    """Run the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=ours,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Run the migrations on the connection handed in, or on one of our own."""
    handed: Connection | None = context.config.attributes.get("connection")
    if handed is not None:
        run(handed)
        return
    url = Settings().database_url
    if url is None:
        raise SystemExit("Set MEMOCHA_DATABASE_URL to the database whose tables are to be migrated.")
    engine = create_engine(driver_url(url.get_secret_value()))
    with engine.connect() as connection:
        run(connection)


main()
