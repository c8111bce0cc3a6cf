"""Opening finished runs, and drawing them."""

from results.store import Study, SweepStudy, open_study

__all__ = ["Study", "SweepStudy", "open_study"]
