"""Gemini's stand-in, as https://developer.gemini.com/authentication/oauth says.

The client is public and proves itself by S256, the token request is JSON, scopes are separated by commas, the state is
mandatory (Gemini Q1, Q2), and a refresh token works once. Open `gemini_stand_in.py` first.
"""
