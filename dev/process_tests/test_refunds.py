"""What was paid once is refunded once, however many registers try."""


def refunds_of(shop, sale):
    """A refund of the whole sale on each of two terminals."""
    other = shop.manager.call("pos.sci.terminal", "create", {"name": "Bistro"})
    shop.pair(other, "bistro")
    return [
        shop.payment(
            kind="refund",
            amounts={"refund_amount": 1250},
            original_payment_uuid=sale["payment_uuid"],
            terminal_id=terminal,
        )
        for terminal in (shop.terminal, other)
    ]


def test_two_refunds_at_once_on_two_terminals(shop, first, second):
    sale, _view = shop.sold("approve")
    wanted = refunds_of(shop, sale)

    # Both wait for the sale.
    views = shop.start_at_once(
        *(wanted, (first, second)),
        "SELECT id FROM pos_sci_transaction WHERE payment_uuid = %s FOR UPDATE",
        [sale["payment_uuid"]],
    )

    assert sorted(view["status"] for view in views) == ["PENDING", "not_sent"]
    (refused,) = [view for view in views if view["status"] == "not_sent"]
    assert refused["error"]["code"] == "refund_limit"
