import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ConnectionLostError} from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {_t} from "@web/core/l10n/translation";
import {orderLockText} from "@pos_mx51_sci/app/sci/sci_texts";
import {patch} from "@web/core/utils/patch";

/** Orders being validated: a payment's end and the cashier may both ask for it. */
const running = new Set();

patch(OrderPaymentValidation.prototype, {
    async validateOrder() {
        if (running.has(this.orderUuid) || this.refuseForSci()) {
            return false;
        }
        running.add(this.orderUuid);
        try {
            return await super.validateOrder(...arguments);
        } finally {
            running.delete(this.orderUuid);
        }
    },

    async isOrderValid() {
        // Questions to the cashier came in between.
        return (await super.isOrderValid(...arguments)) && !this.refuseForSci();
    },

    handleValidationError(error) {
        const {order, pos} = this;
        if (
            error instanceof ConnectionLostError &&
            order.payment_ids.some((line) => line.isSci())
        ) {
            pos.sci.keepSaving(order);
        }
        return super.handleValidationError(...arguments);
    },

    /** Odoo would drop the unfinished line without telling the terminal. */
    refuseForSci() {
        const lines = this.order.getSciUnresolvedLines();
        if (lines.length) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("Card payment"),
                body: orderLockText(lines),
            });
        }
        return lines.length > 0;
    },
});
