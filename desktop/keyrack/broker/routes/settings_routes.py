"""Routes that show and change the person's settings."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION, RelayedFailure
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.preferences.all_settings import ALL
from keyrack.core.preferences.settings_file import SettingsFailure
from keyrack.core.preferences.typed_setting import find, typed


async def show(call: Call) -> Mapping[str, object]:
    """Every setting that is in force."""
    return {"version": VERSION, "settings": {setting.name: call.rack.preferences.value(setting) for setting in ALL}}


async def change(call: Call) -> Mapping[str, object]:
    """Put another value in force at once and store it. Without a value, put the default in force."""
    fields, preferences = RequestFields(call.body, "name", "value"), call.rack.preferences
    if not fields.has("name"):
        raise BadField("setting_name_missing")
    try:
        setting = find(fields.text("name"))
        if fields.has("value"):
            why = preferences.choose(setting, typed(setting, fields.text("value")))
        else:
            why = preferences.reset(setting)
    except SettingsFailure as refused:
        raise RelayedFailure("usage", refused) from None
    if why is not None:
        raise RelayedFailure("unexpected", why)
    return {"version": VERSION, "name": setting.name, "value": preferences.value(setting)}


ROUTES = (
    Route("GET", "/v1/settings", show),
    Route("PUT", "/v1/settings", change),
)
