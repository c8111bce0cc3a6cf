"""Fitting the model to the visits of 2023, and checking the fit."""
