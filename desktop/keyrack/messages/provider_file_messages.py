"""Sentences about mistakes in a provider file. Each names the file, the line and, but for three, the key."""

from keyrack.messages.message import Message

_MEANS = "The provider is left out until this is mended."
_TODO = "Correct the file."

_OF_A_LINE = {
    "file_not_toml": "{problem}",
    "file_not_utf8": "holds bytes that are not UTF-8 text",
    "file_not_filled": "its addresses could not be written into it",
}
_OF_A_KEY = {
    # What the decoder finds
    "key_missing": "is missing",
    "key_unknown": "is not a key of this table",
    "key_misspelt": "is not a key of this table; did you mean {near}?",
    "choice_unknown": "“{value}” is none of the choices",
    "choice_not_listed": "“{value}” is none of the choices: {choices}",
    "text_needed": "needs text in quotation marks, and this is a TOML {found}",
    "integer_needed": "needs a whole number, and this is a TOML {found}",
    "number_needed": "needs a number, and this is a TOML {found}",
    "boolean_needed": "needs true or false, and this is a TOML {found}",
    "list_needed": "needs a list, and this is a TOML {found}",
    "table_needed": "needs a table, and this is a TOML {found}",
    "date_needed": "needs a day such as 2026-11-21",
    "value_refused": "{problem}",
    # Names and addresses
    "id_invalid": "needs small letters, digits and hyphens, a letter first",
    "id_changed": "was {id} and has to stay it; import the file anew for another one",
    "id_taken": "is that of a provider Keyrack knows already; choose another one than {id}",
    "variable_invalid": "needs capital letters, digits and underscores, with _TOKEN at the end",
    "successor_invalid": "needs the id of another provider",
    "words_invalid": "needs 1 to {most} ordinary characters",
    "sentence_invalid": "may have at most {most} ordinary characters",
    "braces_in_address": "may hold {{region}}, and {{client_id}} in the path of a sign-in page",
    "bare_https_needed": "needs a bare https address",
    "bare_https_needed_for_metadata": "needs a bare https address, since metadata is read by it",
    "loopback_by_number": (
        "needs a bare address with a number for a server on this computer, http://127.0.0.1 or http://[::1] and never "
        "localhost, in a site with test = true"
    ),
    "api_address_incomplete": "is needed: dialect.api_field and the apis of every site belong together",
    "bare_wss_needed": "needs a bare wss address",
    "https_needed": "needs an https address",
    "path_needed": "needs a path that begins with /",
    "path_without_space_needed": "needs a path that begins with / and holds no space",
    "dotted_path_needed": "needs a dotted path such as {example}",
    "index_in_path": (
        "holds an index, which Keyrack does not understand: a list is entered at its first item without one"
    ),
    "template_unknown": (
        "holds {found}, and there is no such template here; Keyrack fills in {{account}} in the path of a table of "
        "balances, and a few names in addresses and prices"
    ),
    "accounts_needed": "holds {{account}}, and no table [accounts] says which accounts there are",
    "accounts_unused": "is not used: no path in a table of balances holds {{account}}",
    "account_needs_token": "may hold {{account}} only where proof is bearer",
    "none_named": "names none",
    "header_of_region_needed": "needs a header of its own, [{table}], to be filled in",
    "address_not_imported": "is missing; import the file, or use `keyrack providers add`, to have it filled in",
    "authentication_not_offered": "is another way than the server's metadata offers: {offered}",
    "pkce_not_offered": "needs S256, and the server's metadata offers: {offered}",
    "iss_not_offered": "is true, and the server's metadata says that it sends no iss",
    "certificate_path": "needs the plain name of a file beside this one",
    "certificate_link": "{name} is a link",
    "certificate_unusable": "{name} {reason}",
    # Choices that do not fit each other
    "needed_by_flow": "is needed by the flow {flow}",
    "needed_where": "is needed where {key_above} is {value}",
    "needed_only_where": "is needed where {key_above} is {value}, and nowhere else",
    "needed_for_revocation": "is needed where dialect.revocation is not none",
    "needed_with_metadata": "is needed where metadata is named",
    "needed_with_prices": "is needed where prices are asked for",
    "meaningless_where": "has no meaning where {key_above} is {value}",
    "to_be_where": "needs to be {wanted} where {key_above} is {value}",
    "to_be_for_flow": "needs to be {wanted} for the flow {flow}",
    "redirect_flow_needed": "needs a flow with a redirect",
    "device_flow_needed": "needs the flow device_code",
    "pkce_needed": "needs a flow with PKCE",
    "field_name_needed": "needs the name of a field of the token answer, such as accessToken",
    "client_without_secret": "{value} cannot be used by client_credentials",
    "flow_without_pkce": "is without PKCE: set dialect.pkce to false, or add _pkce",
    "renewal_misfit": "{value} cannot renew a sign-in by {flow}",
    "refresh_token_needed": "needs renewal to be refresh_token",
    "json_rpc_needed": "needs body to be json_rpc",
    "scope_separated": "lists the rights with spaces between; dialect.scope_separator is what is sent",
    "parameter_reserved": "is not a parameter that a file may set",
    "visible_needed": "needs 1 to 256 visible ASCII characters",
    "failure_unnamed": "is needed, or status",
    "needed_beside": "is needed beside {key_beside}",
    "status_invalid": "needs an HTTP status from 200 to 299 or from 400 to 599",
    "state_needed": "needs to be exact: the state is what proves a sign-in",
    "code_needed": "needs code that comes with Keyrack",
    "code_needed_for_proof": "needs code that comes with Keyrack; leave it out",
    # Numbers
    "seconds_from": "needs a number of seconds from {least}",
    "seconds_between": "needs a number of seconds from {least} to {most}",
    "seconds_above_zero": "needs a number of seconds above 0 and up to {most}",
    "integer_above_zero": "needs a whole number from 1",
    "character_needed": "needs at least one character",
    # Calls for figures
    "asset_in_keyed": "has no meaning where shape is keyed or totals: the key is the asset",
    "asset_twice": "has no meaning beside asset: leave one of the two out",
    "factor_needed": 'needs a number above 0 in quotation marks, such as "0.01" for cents',
    "figure_missing": "is needed, or total",
    "needed_without": "is needed where {other} names no path",
    "shared_misfit": "needs available and total beside it",
    "third_figure": "follows from available and total: leave one of the three out",
    "next_page_misfit": "needs paging next_page, proof bearer and more than one row",
    "range_misfit": "range_items needs the shape array",
    "kraken_key_misfit": "kraken_key needs the method POST and writes the body itself",
    "post_needed": "needs the method POST",
    "json_needed": "needs to be JSON",
    "header_reserved": "is not a header that a file may set",
    "header_value_invalid": "needs 1 to 256 ASCII characters without a space at either end",
    # Prices
    "money_missing": "needs the name of the money in which the prices are",
    "two_names_of_a_pair": "belongs to quote_name, and both stand in the place of name",
    "via_misfit": "needs a call that tells all prices at once",
    "pair_misplaced": "needs {{pair}} in it where shape is single, and nowhere else",
    "pair_incomplete": "needs {{base}} and {{quote}} once each, such as {{base}}_{{quote}}",
}


def _sentence(where: str, text: str) -> Message:
    return Message(f"{where}: {text}" if text.endswith("?") else f"{where}: {text}.", _MEANS, _TODO)


PROVIDER_FILE_MESSAGES = {
    **{code: _sentence("{file}, line {line}", text) for code, text in _OF_A_LINE.items()},
    **{code: _sentence("{file}, line {line}: key {key}", text) for code, text in _OF_A_KEY.items()},
}
