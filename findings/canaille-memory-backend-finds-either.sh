#!/usr/bin/env bash
# canaille 0.3.6 with its memory backend answers a search for two values with whatever has one of them.
#
# Everything in canaille looks records up by `Backend.query(model, a=…, b=…)`. The SQL and LDAP backends want every
# condition to hold. The memory backend, its default where SQLAlchemy is missing, collects the records of
# each condition and returns all of them, in no fixed order. canaille's own OAuth code takes the first record of such
# answers: it asks for the authorization code with "this code and this client". So after one sign-in that was never
# finished, the next sign-in of the same client can fail at the token endpoint with `invalid_grant: Code challenge
# failed`, today and not tomorrow. A client's author looks for the fault in his PKCE. `DATABASE = "sql"` has none of it.
#
# Seen with canaille 0.3.6, for two people Kim Adler and Kim Brandt:
#   memory: given_name=Kim and family_name=Brandt finds Adler, Brandt
#   sql: given_name=Kim and family_name=Brandt finds Brandt
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "canaille[front,oidc,sqlite]==0.3.6"
cd "$folder"
for backend in memory sql; do
  "$folder/env/bin/python" - "$backend" <<'PYTHON'
import logging
import sys

logging.disable(logging.CRITICAL)
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend

backend = sys.argv[1]
config = {"DATABASE": backend, "LOGGING": {"version": 1}}
app = create_app(config={"SECRET_KEY": "invented", "CANAILLE": config, "CANAILLE_SQL": {"DATABASE_URI": "sqlite:///data"}})
with app.app_context():
    for family in ("Adler", "Brandt"):
        person = models.User(user_name=family.lower(), given_name="Kim", family_name=family, formatted_name=f"Kim {family}")
        Backend.instance.save(person)
    found = Backend.instance.query(models.User, given_name="Kim", family_name="Brandt")
    names = sorted(person.family_name for person in found)
print(f"{backend}: given_name=Kim and family_name=Brandt finds {', '.join(names)}")
sys.exit(0 if names == {"memory": ["Adler", "Brandt"], "sql": ["Brandt"]}[backend] else "this has changed")
PYTHON
done
