"""idpyoidc as a plain OAuth authorization server, everything in memory, with a person who is signed in already."""

import json
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from idpyoidc.server import Server
from idpyoidc.server.configure import ASConfiguration
from idpyoidc.server.exception import ClientAuthenticationError

OAUTH = "idpyoidc.server.oauth2"
METHODS = ["client_secret_basic"]
KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
USES = {
    "authorization_code": {"supports_minting": ["access_token", "refresh_token"], "max_usage": 1, "expires_in": 120},
    "access_token": {"expires_in": 3600},
    "refresh_token": {"supports_minting": ["access_token", "refresh_token"], "expires_in": 86400},
}


def configuration(base: str) -> dict[str, Any]:
    return {
        "issuer": base,
        "key_conf": {"key_defs": KEYS, "uri_path": "jwks.json"},
        "token_handler_args": {
            # Without a path of its own it would write its key below the current folder.
            "jwks_def": {
                "private_path": "",
                "key_defs": [{"type": "oct", "bytes": "24", "use": ["enc"], "kid": "code"}],
            },
            "code": {"lifetime": 600},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
            "refresh": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 86400}},
        },
        "endpoint": {
            "authorization": {
                "path": "authorization",
                "class": f"{OAUTH}.authorization.Authorization",
                "kwargs": {"response_types_supported": ["code"], "client_authn_method": None},
            },
            "token": {"path": "token", "class": f"{OAUTH}.token.Token", "kwargs": {"client_authn_method": METHODS}},
            "revocation": {
                "path": "revocation",
                "class": f"{OAUTH}.token_revocation.TokenRevocation",
                "kwargs": {"client_authn_method": METHODS},
            },
        },
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {"grant_config": {"usage_rules": USES, "expires_in": 86400}},
        },
        "authentication": {
            "anon": {"acr": "any", "class": "idpyoidc.server.user_authn.user.NoAuthn", "kwargs": {"user": "kim"}}
        },
        "add_on": {"pkce": {"function": f"{OAUTH}.add_on.pkce.add_support", "kwargs": {"essential": True}}},
    }


def application(base: str, address: str) -> Flask:
    server = Server(ASConfiguration(configuration(base)))
    server.context.cdb["desk"] = {
        "client_secret": "invented & secret/1+2=3%41",
        "redirect_uris": [(address, {})],
        "client_salt": "invented",
        "token_endpoint_auth_method": "client_secret_basic",
        "response_types_supported": ["code"],
        "allowed_scopes": ["balances", "offline_access"],
    }
    app = Flask("idpyoidc")

    def answered(name: str, asked: dict[str, str]) -> Response:
        endpoint = server.get_endpoint(name)
        headers = {key.lower(): value for key, value in request.headers.items()}
        about = {"headers": headers, "url": request.url, "method": request.method}
        try:
            parsed = endpoint.parse_request(asked, http_info=about)
        except ClientAuthenticationError:
            return Response('{"error": "invalid_client"}', 401, mimetype="application/json")
        args = {} if "error" in parsed else endpoint.process_request(parsed, http_info=about)
        told = parsed if "error" in parsed else args
        if "error" in told:
            return Response(json.dumps(dict(told)), 400, mimetype="application/json")
        info = endpoint.do_response(request=parsed, **args)
        if name == "authorization":
            return redirect(info["response"])
        return Response(info["response"], 200, headers=info["http_headers"])

    @app.get("/authorization")
    def authorization() -> Response:
        return answered("authorization", request.args.to_dict())

    @app.post("/token")
    def token() -> Response:
        return answered("token", request.form.to_dict())

    @app.post("/revocation")
    def revocation() -> Response:
        return answered("token_revocation", request.form.to_dict())

    @app.get("/api/balances")
    def balances() -> Any:
        value = request.headers.get("Authorization", "").removeprefix("Bearer ")
        found = server.context.session_manager.get_session_info_by_token(value, grant=True, handler_key="access_token")
        rows = [{"asset": "BTC", "free": "0.123456789012345678", "total": "0.5"}]
        return jsonify({"rows": rows, "user": found["user_id"]})

    return app
