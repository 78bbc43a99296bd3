"""Writing a package: every file once, with its digests, under a signed manifest.

Every member carries one date and nothing of this machine: the same contents give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import IO, Any

from cryptography.hazmat.primitives.hashes import SM3, Hash

from onedoor.archive.rules.verify import CHUNK, FORMAT, MANIFEST, SIGNATURE, signed_text


@dataclass
class Writer:
    """A package being written; ``day`` is the one date every member carries."""

    archive: zipfile.ZipFile
    day: date
    files: list[dict[str, Any]] = field(default_factory=list)

    def text(self, path: str, title: str, text: str) -> None:
        self.add(path, title, BytesIO(text.encode()), is_text=True)

    def json(self, path: str, title: str, value: Any) -> None:
        self.text(path, title, as_json(value))

    def add(self, path: str, title: str, content: IO[bytes], *, is_text: bool = False) -> None:
        """Add a file as it is read, and note what it was."""
        sha256, sm3, size = hashlib.sha256(), Hash(SM3()), 0
        with self.archive.open(self._info(path, is_text), "w", force_zip64=True) as target:
            while chunk := content.read(CHUNK):
                target.write(chunk)
                sha256.update(chunk)
                sm3.update(chunk)
                size += len(chunk)
        self.files.append(
            {
                "path": path,
                "title": title,
                "size": size,
                "sha256": f"sha256:{sha256.hexdigest()}",
                "sm3": f"sm3:{sm3.finalize().hex()}",
            }
        )

    def sign(
        self, about: dict[str, Any], *, public_key: str, sign: Callable[[bytes], bytes]
    ) -> None:
        """Write the manifest of what was added, and its signature."""
        told = {"format": FORMAT, "archive": about, "files": self.files}
        manifest = as_json(told).encode()
        signature = {"public_key": public_key, "signature": sign(signed_text(manifest)).hex()}
        self.archive.writestr(self._info(MANIFEST, True), manifest)
        self.archive.writestr(self._info(SIGNATURE, True), as_json(signature))

    def _info(self, path: str, is_text: bool) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, (self.day.year, self.day.month, self.day.day, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        info.create_system = 3
        return info


def as_json(value: Any) -> str:
    """Return a value as people and programs read it, the same each time."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n"
