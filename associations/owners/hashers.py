"""Argon2id at OWASP's minimum: 19 MiB, two passes, one lane (Password Storage Cheat Sheet)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's default costs nine times the CPU: two cores could not sign a cooperative in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
