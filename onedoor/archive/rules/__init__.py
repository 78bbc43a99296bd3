"""How long a file is kept, what number it has, whether a package is whole: pure."""
