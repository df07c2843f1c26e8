"""The store: SQLite by default, PostgreSQL by URL. `Store` opens it; `queries` reads and writes it."""

from sync.store.database import Store, StoreError
from sync.store.queries.leases import LeaseHeld, LeaseLost

__all__ = ["LeaseHeld", "LeaseLost", "Store", "StoreError"]
