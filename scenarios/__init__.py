"""Questions put to the calibrated model, one file each."""
