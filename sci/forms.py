"""The Action Framework's form as far as the server needs it (docs/protocol.md 3.7):
which buttons may be submitted, and which inputs go with them. The browser draws it;
whatever is not in the documented form is ignored."""

from urllib.parse import urlsplit

#: Characters of an input that are sent.
LONGEST_INPUT = 1000


def _properties(instructions):
    form = instructions.get("action_form") if isinstance(instructions, dict) else None
    properties = form.get("properties") if isinstance(form, dict) else None
    return properties if isinstance(properties, dict) else {}


def submit_url(instructions, button_key):
    """Where a button leads; ``None`` if there is no such button or no target."""
    element = _properties(instructions).get(button_key)
    url = element.get("submit_url") if isinstance(element, dict) else None
    return url if isinstance(url, str) and url else None


def is_cancel(button_key, url=None):
    """Whether a button asks to cancel the transaction: mx51 calls it so, or it leads
    to the cancel request (docs/protocol.md 3.6)."""
    named = isinstance(button_key, str) and "cancel" in button_key.lower()
    return named or _path(url).rstrip("/").endswith("/cancel")


def _path(url):
    try:
        return urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:
        return ""


def input_values(instructions, values):
    """The text of every input by name; inputs that were not touched are empty.

    :param values: texts by input name, as typed
    """
    values = values if isinstance(values, dict) else {}
    names = [
        element.get("name")
        for element in _properties(instructions).values()
        if isinstance(element, dict) and element.get("type") == "input"
    ]
    typed = {name: values.get(name) for name in names if isinstance(name, str) and name}
    return {
        name: value[:LONGEST_INPUT] if isinstance(value, str) else ""
        for name, value in typed.items()
    }


def without_urls(instructions):
    """The form for the browser, which names a button; only the server knows where the
    button leads. ``submit`` says that it leads somewhere, ``cancel`` whether it asks to
    cancel."""
    properties = _properties(instructions)
    if not properties:
        return instructions
    shown = {
        key: _without_url(key, element)
        if isinstance(element, dict) and element.get("submit_url")
        else element
        for key, element in properties.items()
    }
    form = {**instructions["action_form"], "properties": shown}
    return {**instructions, "action_form": form}


def _without_url(key, element):
    shown = {name: value for name, value in element.items() if name != "submit_url"}
    cancel = is_cancel(key, element["submit_url"])
    return {**shown, "submit": True, "cancel": cancel}
