"""Catalogue (事项目录): what one may apply for, with materials, limits, fees and legal basis.

Item 事项 · ItemVersion 事项版本 · Material 申请材料 · Division 行政区划. A published version never
changes; every change is a new one, edited by one person and published by another. A case keeps
the version that was in force when it was received. Used by `cases` and everything above it.
"""
