"""The door for OpenAI's clients, at /v1: the same turns, in the form that their libraries and chat programs expect."""
