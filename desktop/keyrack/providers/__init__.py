"""One provider is one TOML file, plus a small module only where it has a real quirk."""
