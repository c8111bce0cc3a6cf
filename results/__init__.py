"""Opening finished runs, and drawing them."""

from results.store import Study, open_study

__all__ = ["Study", "open_study"]
