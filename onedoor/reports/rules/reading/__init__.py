"""How a report written as text is read: sources, numbering, sections, findings, figures.

Nothing is invented: every line is either placed, with its place named, or marked as not
understood and kept; a person confirms the draft beside its source.
"""
