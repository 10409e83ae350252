import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {openDialog} from "@pos_mx51_sci/app/sci/sci_later";
import {patch} from "@web/core/utils/patch";

const FIELDS = [
    "kind",
    "amounts",
    "result_amounts",
    "financial_status",
    "terminal_id",
    "message",
    "merchant_receipt",
    "customer_receipt",
];

patch(TicketScreen.prototype, {
    /** @returns {Boolean} whether a card payment of this order may have receipts */
    hasSciReceipts(order) {
        return Boolean(order?.payment_ids.some((line) => line.isSci()));
    },

    /** The ledger has them all, declined attempts included. */
    async showSciReceipts(order) {
        const rows = await this.pos.data.searchRead(
            "pos.sci.transaction",
            [["order_uuid", "=", order.uuid]],
            FIELDS
        );
        openDialog(this.env.services, "SciReceiptsDialog", {
            rows: rows.filter((row) => row.merchant_receipt || row.customer_receipt),
        });
    },
});
