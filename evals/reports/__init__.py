"""Results as a file, as tables and as a page."""
