"""Brings a response's text to UTF-8, which is what JSON is sent in (RFC 8259 section 8.1)."""

import email.message

# Only charsets of the web. Python knows further codecs, which are no charsets.
_KNOWN = (
    *("iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-9", "iso-8859-15", "latin1", "latin-1"),
    *("windows-1250", "windows-1251", "windows-1252", "windows-1254", "koi8-r"),
    *("shift_jis", "euc-jp", "euc-kr", "gbk", "gb2312", "gb18030", "big5"),
)
_WIDE = ("utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be")


def as_utf8(body: bytes, content_type: str) -> bytes:
    """The body in UTF-8 where `content_type` names another charset, else as it is.

    Many servers name ISO-8859-1 by habit and send UTF-8, so that what is UTF-8 stays as it is. UTF-16 and UTF-32 are
    the exception, because their zero bytes are UTF-8 as well. A body that is not of its charset stays as it is too.
    """
    if "charset" not in content_type.lower():
        return body
    charset = _charset(content_type)
    if charset not in (*_KNOWN, *_WIDE) or (charset in _KNOWN and _is_utf8(body)):
        return body
    try:
        return body.decode(charset).encode()
    except UnicodeError:
        return body


def _charset(content_type: str) -> str:
    header = email.message.Message()
    header["Content-Type"] = content_type
    found = header.get_param("charset", "")
    return found.strip().lower() if isinstance(found, str) else ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
