import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {patch} from "@web/core/utils/patch";

export const ticketScreenPatch = {
    /** @returns {Boolean} whether a card payment of this order may have receipts */
    hasSciReceipts(order) {
        return Boolean(order?.payment_ids.some((line) => line.isSci()));
    },

    showSciReceipts(order) {
        return this.pos.sci.openReceipts(order);
    },
};

patch(TicketScreen.prototype, ticketScreenPatch);
