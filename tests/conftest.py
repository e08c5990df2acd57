"""How all tests run: hypothesis without deadlines, which a busy machine or a first import would break."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("articleqa", deadline=None)
settings.load_profile("articleqa")
