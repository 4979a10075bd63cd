"""Ratings on paper, for points without a device: forms issued as a counted batch, each taken in once."""
