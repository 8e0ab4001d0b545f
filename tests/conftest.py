"""Shared by all tests: the folder is importable, and examples are reproducible."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "normal",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("normal")
