"""The rules compiled for whole histories, in the steps of a week that ``agents.py`` has."""
