"""Whether a key of a ledger signed a text: tree heads, and what else the ledger's key signs."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(key: str, text: bytes, signature: str) -> bool:
    """Say whether a key of the ledger signed a text."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), text
        )
    except (ValueError, InvalidSignature):
        return False
    return True
