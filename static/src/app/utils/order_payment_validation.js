import {ConnectionLostError} from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {patch} from "@web/core/utils/patch";

/** Orders being validated: a payment's end and the cashier may both ask for it. */
const running = new Set();

export const orderPaymentValidationPatch = {
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
        // The cashier may have been asked questions, and a payment started meanwhile.
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

    /** Odoo would drop the unfinished line while the terminal goes on with it. */
    refuseForSci() {
        return this.pos.sci.refuseBecauseOf(this.order.getSciUnresolvedLines());
    },
};

patch(OrderPaymentValidation.prototype, orderPaymentValidationPatch);
