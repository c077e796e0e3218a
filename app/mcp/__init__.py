"""The memory as tools for other programs' models: the Model Context Protocol, over HTTP and over standard input."""
