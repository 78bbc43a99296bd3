"""Password hashing fit for a counter: Django's Argon2 default takes 100 MB and eight threads."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
