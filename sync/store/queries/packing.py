"""Values that are stored as one compressed piece."""

from __future__ import annotations

import json
import zlib
from typing import Any


def packed(value: Any) -> bytes:
    """JSON, compressed. Equal values give equal bytes."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), 6)


def unpacked(data: bytes) -> Any:
    """The value that `packed` was given."""
    return json.loads(zlib.decompress(data))
