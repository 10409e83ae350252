"""What one gift card has is spent once, however many registers take cards for the rest
of their orders."""

import pytest

NEEDED, HAS = 20, 30


@pytest.fixture
def gift_card(shop):
    """A program, and a card with less than two orders need."""
    admin = shop.admin.call
    program = admin("loyalty.program", "create_from_template", "gift_card")["res_id"]
    values = {"program_id": program, "points": HAS}
    yield program, admin("loyalty.card", "create", values)
    # It has no report to print, which registers that open now are asked for.
    admin("loyalty.program", "write", [program], {"active": False})


def redeeming(shop, gift_card, terminal):
    """A payment of the rest of an order that takes from the gift card; its register has
    asked whether there is enough."""
    values = shop.payment(terminal_id=terminal)
    (order,) = shop.database.query(
        "SELECT id FROM pos_order WHERE uuid = %s", values["order_uuid"]
    )
    program, card = gift_card
    taken = {"points": -NEEDED, "program_id": program, "coupon_id": card}
    coupons = {str(card): taken}
    answer = shop.cashier.call("pos.order", "sci_keep_coupons", [order["id"]], coupons)
    assert answer["successful"], answer
    return values


def test_two_orders_at_once_take_from_one_gift_card(shop, gift_card, first, second):
    other = shop.manager.call("pos.sci.terminal", "create", {"name": "Bistro"})
    shop.pair(other, "bistro")
    wanted = [redeeming(shop, gift_card, it) for it in (shop.terminal, other)]

    # Each reads what is held before the other has inserted its row.
    views = shop.start_at_once(
        wanted, (first, second), "LOCK TABLE pos_sci_transaction IN SHARE MODE"
    )

    assert sorted(view["status"] for view in views) == ["PENDING", "not_sent"]
    (refused,) = [view for view in views if view["status"] == "not_sent"]
    assert refused["error"]["code"] == "not_enough_points"
    assert len(shop.sandbox.creates()) == 1
