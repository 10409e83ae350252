"""What an mx51 that has lost its mind could answer."""

from hypothesis import strategies as st

from odoo.addons.pos_mx51_sci.sci.messages import (
    AMOUNTS,
    FINANCIAL_STATUSES,
    STATUSES,
)

#: Halves of characters and NUL included: JSON can carry both.
texts = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["", "\x00", "\ud800", "\udfff\x00", "<script>", "x" * 600, "٣", " 7 ", "1e3"]
)
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([2**31, 2**53, -(2**63), 10**400, True, -0.0, 1e308])
)
scalars = st.none() | st.booleans() | numbers | texts
json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)

_NOT_THERE = object()


def nearly(**documented):
    """An object with the documented keys: mostly good, or anything, or not there."""
    keys = {
        key: st.one_of(good, good, good, json, st.just(_NOT_THERE))
        for key, good in documented.items()
    }
    return st.fixed_dictionaries(keys).map(
        lambda found: {k: v for k, v in found.items() if v is not _NOT_THERE}
    )


elements = nearly(
    type=st.sampled_from(["button", "input", "text", "image"]),
    name=texts,
    text=texts,
    submit_url=texts,
    action=texts,
)
instructions = nearly(
    action_form=nearly(
        layout=st.lists(json, max_size=2),
        properties=st.dictionaries(texts, elements | json, max_size=4),
        details=st.dictionaries(texts, texts, max_size=2),
    ),
    auto_actions=st.lists(texts, max_size=2),
)
transactions = nearly(
    data=nearly(
        id=st.just("t1") | texts,
        version=st.integers(1, 9) | numbers,
        status=st.sampled_from(STATUSES),
        result_financial_status=st.sampled_from(FINANCIAL_STATUSES),
        message=texts,
        merchant_receipt=texts,
        customer_receipt=texts,
        result_amounts=st.dictionaries(st.sampled_from(AMOUNTS), numbers | texts),
        pos_instructions=instructions,
    )
)
pairings = nearly(
    data=nearly(
        pairing_id=texts,
        key_id=texts,
        confirmation_code=texts,
        signing_secret_part_b=texts,
        spi_cloud_api_base_url=st.sampled_from(
            ["https://a.example", "http://127.0.0.1:1", "https://a@b.example"]
        )
        | texts.map("https://{}".format),
        sci_api_base_url=texts,
        tid=texts,
    )
)
errors = nearly(error=nearly(code=texts, message=texts), code=texts, message=texts)


def storable(value):
    """Whether PostgreSQL can keep it, and a browser gets it as JSON."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, dict):
        return all(storable(k) and storable(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(storable, value))
    # NaN and infinity are not equal to themselves less themselves.
    return not isinstance(value, float) or value - value == 0
