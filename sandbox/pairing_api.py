"""The Pairing API: ``POST /v1/progress-pairing`` with an API key."""

import hmac

from . import pairings
from .errors import pairing_error
from .server import json_response


def progress_pairing(world, request):
    """Exchange the code on a terminal for the secrets of a pairing.

    :raises ApiError: one of the seven documented errors
    """
    _check_api_key(request.header("Authorization"), world.api_key)
    code, nickname = _parse(request)
    pairing, terminal = pairings.progress(world, code, nickname)
    field = world.settings["base_url_field"]
    both = ("spi_cloud_api_base_url", "sci_api_base_url")
    fields = both if field == "both" else (field,)
    return json_response(
        {
            "data": {
                "pairing_id": pairing.id,
                "key_id": pairing.key_id,
                "confirmation_code": pairing.confirmation_code,
                "signing_secret_part_b": pairing.part_b,
                **{name: pairing.base_url for name in fields},
                "tid": terminal.tid,
                "pairing_nickname": pairing.nickname,
                "terminal_nickname": terminal.nickname,
            }
        }
    )


def _check_api_key(authorization, api_key):
    if not authorization:
        raise pairing_error("api_key_missing")
    scheme, _, key = authorization.partition(" ")
    if scheme != "ApiKey" or not hmac.compare_digest(key.encode(), api_key.encode()):
        raise pairing_error("api_key_invalid")


def _parse(request):
    if (request.header("Content-Type") or "").partition(";")[0] != "application/json":
        raise pairing_error("invalid_request", "Content-Type is not application/json")
    try:
        data = request.json()
    except ValueError as error:
        raise pairing_error("invalid_request", "the body is not JSON") from error
    unknown = set(data) - {"pairing_code", "pairing_nickname"}
    if unknown:
        raise pairing_error("invalid_request", f"unknown field {sorted(unknown)[0]}")
    code = data.get("pairing_code")
    # The format of a code is not documented: only what cannot be one is invalid.
    if not isinstance(code, str) or not code.isdecimal() or len(code) > 32:
        raise pairing_error("invalid_request", "pairing_code is missing or not digits")
    nickname = data.get("pairing_nickname", "")
    if not isinstance(nickname, str) or len(nickname) > pairings.LONGEST_NICKNAME:
        raise pairing_error("invalid_request", "pairing_nickname is not a short text")
    return code, nickname
