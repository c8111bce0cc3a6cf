"""The live page: a scenario beside the baseline, week by week, in a browser and without a network."""
