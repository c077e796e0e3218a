"""The export archives of other chats, as lines of ours: ChatGPT's and Claude's."""
