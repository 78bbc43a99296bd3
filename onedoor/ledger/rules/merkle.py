"""The Merkle tree over all positioned entries (RFC 9162 §2.1), kept as a frontier.

Standard library only. A frontier is the list of roots of the full subtrees of a tree's size,
largest first; appending a leaf folds it, and no other node is ever needed for the head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


def append(frontier: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """Return the frontier of the tree of ``size + 1`` leaves."""
    nodes = [*frontier, leaf]
    while size & 1:
        right, left = nodes.pop(), nodes.pop()
        nodes.append(node_hash(left, right))
        size >>= 1
    return nodes


def root(frontier: Sequence[bytes]) -> bytes:
    """Return the root of the tree that a frontier stands for."""
    if not frontier:
        return EMPTY_ROOT
    result = frontier[-1]
    for node in reversed(frontier[:-1]):
        result = node_hash(node, result)
    return result


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a whole list of leaf hashes, by the recursive definition.

    >>> frontier = append(append([], 0, b"a" * 32), 1, b"b" * 32)
    >>> root(frontier) == root_of([b"a" * 32, b"b" * 32])
    True
    """
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the audit path that proves leaf ``index`` is in the tree of these leaves."""
    if len(leaves) <= 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*inclusion_path(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_path(index - split, leaves[split:]), root_of(leaves[:split])]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion path leads to (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise ValueError("There is no such leaf.")
    node, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("The path is too long.")
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            result = node_hash(result, step)
        node >>= 1
        last >>= 1
    if last:
        raise ValueError("The path is too short.")
    return result
