"""Facts: what is taken from a person's own words, how it is checked, and how it meets what is known already."""
