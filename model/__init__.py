"""Provinces that visit one another to learn: rules, parameters, world and the Mesa engine."""
