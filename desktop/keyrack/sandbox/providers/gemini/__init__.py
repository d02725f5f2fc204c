"""The room `gemini`."""
