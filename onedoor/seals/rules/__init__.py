"""Rules of seals: pure."""
