"""Rules of the market to test with: the demo county's."""

from __future__ import annotations

from onedoor.market import pack
from onedoor.market.rules.reading import read_pack

TEXT = pack.text()
BOOK = read_pack(TEXT)
