"""canaille with its own pages and metadata, in front of a database that lasts as long as it.

Not its memory backend, which finds whatever fits one of several conditions (`findings/`).
"""

import datetime as dt
import tempfile
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import current_token
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.jose import make_default_rsa_jwk
from canaille.oidc.provider import require_oauth

FOLDER = tempfile.TemporaryDirectory()


def application(base: str, redirect: str) -> Any:
    app = create_app(
        config={
            "SECRET_KEY": "invented-flask-key",
            "SERVER_NAME": urlsplit(base).netloc,
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "sql", "LOGGING": {"version": 1}},
            "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{FOLDER.name}/data", "PASSWORD_SCHEMES": "plaintext"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [make_default_rsa_jwk().as_dict(private=True)], "TRUSTED_DOMAINS": []},
        }
    )
    with app.app_context():
        person = models.User(
            formatted_name="Kim", family_name="Kim", user_name="kim", emails=["kim@example.com"], password="kim"
        )
        Backend.instance.save(person)
        for id, secret in (("public", ""), ("refused", ""), ("desk", "invented & secret/1+2=3%41")):
            client = models.Client(
                client_id=id,
                client_secret=secret or None,
                client_name=id,
                client_id_issued_at=dt.datetime.now(dt.UTC),
                redirect_uris=[redirect],
                token_endpoint_auth_method="client_secret_basic" if secret else "none",
                grant_types=["authorization_code", "refresh_token"],
                response_types=["code"],
                scope=["openid", "profile"],
            )
            client.audience = [client]
            Backend.instance.save(client)

    @app.get("/api/balances")
    @require_oauth()
    def balances() -> Any:
        rows = [{"asset": "BTC", "free": "0.123456789012345678", "total": "0.5"}]
        return {"rows": rows, "user": current_token.subject.user_name}

    return app
