"""The day's digest: what a day was about, in a few sentences."""
