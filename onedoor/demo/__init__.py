"""Demo 演示县: a small county with invented people and honest histories, for trial and training.

Everything is played through the services, with times that lie in the past: nothing here writes a
row of a process by itself. Beside ``wiring``: it may use every app, and no app uses it.
"""
