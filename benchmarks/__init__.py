"""How fast the engines are, side by side in one run; speeds are printed as ratios and never tested."""
