"""Benchmarks: what the budgets promise, measured beside a baseline in the same run.

A scratch database and a real server on this machine; nothing of the installation is touched.
Beside ``wiring``: it may use every app, and no app uses it.
"""
