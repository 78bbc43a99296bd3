"""Where words stand on the pages of a PDF, as poppler sees them."""

import re
import subprocess

MM = 72 / 25.4


def pages(pdf):
    """Return for each page its words as (text, left, top, right, bottom), in points."""
    made = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [
        [(text, *map(float, at)) for *at, text in re.findall(word, page)]
        for page in made.split("<page ")[1:]
    ]
