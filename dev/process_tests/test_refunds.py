"""What was paid once is refunded once, however many registers try."""

from functools import partial

from shop import together


def test_two_refunds_at_once_on_two_terminals(shop, first, second):
    sale, view = shop.sold("approve")
    assert view["paid"]
    terminals = [
        shop.terminal,
        shop.manager.call("pos.sci.terminal", "create", {"name": "Bistro"}),
    ]
    shop.pair(terminals[1], "bistro")

    refunds = [
        shop.payment(
            kind="refund",
            amounts={"refund_amount": 1250},
            original_payment_uuid=sale["payment_uuid"],
            terminal_id=terminal,
        )
        for terminal in terminals
    ]
    views = together(
        *[
            partial(shop.start, values, at=server)
            for values, server in zip(refunds, (first, second), strict=True)
        ]
    )

    assert sorted(view["status"] for view in views) == ["PENDING", "not_sent"]
    (refused,) = [view for view in views if view["status"] == "not_sent"]
    assert refused["error"]["code"] == "refund_limit"
