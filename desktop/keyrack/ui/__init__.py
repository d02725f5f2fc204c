"""Qt: renders state and forwards intent."""
