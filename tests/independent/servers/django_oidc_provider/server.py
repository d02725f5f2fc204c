"""django-oidc-provider with its own pages, in front of a database that lasts as long as it."""

import io
import tempfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings

LOGIN = '<form method="post">{% csrf_token %}{{ form }}<button></button></form>'
FOLDER = tempfile.TemporaryDirectory()
APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oidc_provider"]
LOADERS = [
    (
        "django.template.loaders.locmem.Loader",
        {"registration/login.html": LOGIN, "oidc_provider/error.html": "{{ error }}: {{ description }}"},
    ),
    "django.template.loaders.app_directories.Loader",
]
settings.configure(
    SECRET_KEY="invented-django-key",
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=APPS,
    # Tables straight from the models: the steps of many years take seconds.
    MIGRATION_MODULES={app.rpartition(".")[2]: None for app in APPS},
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(FOLDER.name) / "data")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": LOADERS, "context_processors": ["django.template.context_processors.request"]},
        }
    ],
    LOGIN_URL="/login",
)
django.setup()

from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from oidc_provider.models import Client, ResponseType, Token


def application(base: str, redirect: str) -> Any:
    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_user("kim", password="kim")
    code = ResponseType.objects.create(value="code", description="code")
    call_command("creatersakey", stdout=io.StringIO())
    for id, secret, kind in (
        ("public", "", "public"),
        ("refused", "", "public"),
        ("desk", "invented & secret/1+2=3%41", "confidential"),
    ):
        client = Client(name=id, client_id=id, client_secret=secret, client_type=kind, jwt_alg="RS256")
        client.redirect_uris = [redirect]
        client.save()
        client.response_types.add(code)
    settings.ROOT_URLCONF = (
        path("", include("oidc_provider.urls", namespace="oidc_provider")),
        path("login", LoginView.as_view()),
        path("api/balances", balances),
    )
    return get_wsgi_application()


def balances(request: HttpRequest) -> JsonResponse:
    value = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = Token.objects.filter(access_token=value).first()
    if token is None or token.has_expired():
        return JsonResponse({"error": "invalid_token"}, status=401)
    rows = [{"asset": "BTC", "free": "0.123456789012345678", "total": "0.5"}]
    return JsonResponse({"rows": rows, "user": token.user.username})
