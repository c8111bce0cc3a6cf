"""Fitting the model to the visits that were observed, and checking the fit."""
