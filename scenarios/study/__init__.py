"""Running, comparing and recording scenarios."""
