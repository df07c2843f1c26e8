"""The store: SQLite by default. `Store` opens it; `queries` reads and writes it, in a `Transaction` that it gave."""

from sqlalchemy import Connection as Transaction

from sync.store.database import Store, StoreError
from sync.store.queries.leases import LeaseHeld, LeaseLost

__all__ = ["LeaseHeld", "LeaseLost", "Store", "StoreError", "Transaction"]
