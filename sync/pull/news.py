"""Which findings were not said before. A row or a section that moved is no news: its number is not what was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sync.records import Finding

_PLACE = re.compile(r"![A-Z]{1,3}\d+|\brow \d+")
"""The numbers in ``Goals!A7`` and ``row 7 of Actions``."""


def news(found: Iterable[Finding], told: Iterable[Finding]) -> Iterator[Finding]:
    """Those of *found* that are not among those *told*, in their order. One more of the same is news."""
    known = Counter(map(_sign, told))
    for finding in found:
        sign = _sign(finding)
        if known[sign] > 0:
            known[sign] -= 1
        else:
            yield finding


def _sign(finding: Finding) -> tuple[str, str, str]:
    return finding.subject, finding.kind, _PLACE.sub("", finding.message)
