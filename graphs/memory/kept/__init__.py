"""Memory that outlasts the process, for programs that use the graph by itself: kept in any of LangGraph's stores."""
