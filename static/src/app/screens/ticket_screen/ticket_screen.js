import {browser} from "@web/core/browser/browser";
import {onMounted} from "@odoo/owl";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import {patch} from "@web/core/utils/patch";

/** The back office leads to an order by its uuid under this name. */
const NAMED = "sci_order";

/** @returns {string|null} the order that the address names, once */
function takeNamedOrder() {
    const url = new URL(browser.location.href);
    const uuid = url.searchParams.get(NAMED);
    if (uuid) {
        url.searchParams.delete(NAMED);
        browser.history.replaceState(browser.history.state, "", url);
    }
    return uuid;
}

export const ticketScreenPatch = {
    setup() {
        super.setup(...arguments);
        onMounted(() => this.openSciOrder(takeNamedOrder()));
    },

    /** Shows a finished order, to be looked at or refunded. */
    async openSciOrder(uuid) {
        const [order] = uuid
            ? await this.pos.data.loadServerOrders([["uuid", "=", uuid]])
            : [];
        if (order) {
            await this.onFilterSelected("SYNCED");
            this.setSelectedOrder(order);
        }
    },

    /** @returns {Boolean} whether a card payment of this order may have receipts */
    hasSciReceipts(order) {
        return Boolean(order?.payment_ids.some((line) => line.isSci()));
    },

    showSciReceipts(order) {
        return this.pos.sci.openReceipts(order);
    },
};

patch(TicketScreen.prototype, ticketScreenPatch);
