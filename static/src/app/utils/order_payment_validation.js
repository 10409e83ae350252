import {ConnectionLostError, RPCError} from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {delay} from "@web/core/utils/concurrency";
import {patch} from "@web/core/utils/patch";
import {setValidated} from "@pos_mx51_sci/app/request/coupons";

/** Orders being validated: a payment's end and the cashier may both ask for it. */
const running = new Set();

/** Milliseconds between two looks at a save that is under way. */
const SAVE_PAUSE = 100;

/**
 * Odoo leaves an order out while its first save is under way: the receipt would be
 * shown, and the server would never get what was paid.
 */
async function whenFirstSaved(pos, order) {
    while (pos.syncingOrders.has(order.uuid)) {
        await delay(SAVE_PAUSE);
    }
}

export const orderPaymentValidationPatch = {
    async validateOrder() {
        if (running.has(this.orderUuid)) {
            return false;
        }
        running.add(this.orderUuid);
        try {
            await this.pos.sci.takeOver.whenRead(this.order);
            if (
                this.order.finalized &&
                this.order.payment_ids.some((it) => it.isSci())
            ) {
                // The server has finished it.
                await this.pos.sci.takeOver.goOn(this.order, true, true);
                return false;
            }
            return this.refuseForSci()
                ? false
                : await super.validateOrder(...arguments);
        } finally {
            running.delete(this.orderUuid);
        }
    },

    async isOrderValid() {
        // The cashier may have been asked questions, and a payment started meanwhile.
        const isValid =
            (await super.isOrderValid(...arguments)) && !this.refuseForSci();
        setValidated(isValid ? this.order : null);
        return isValid;
    },

    async finalizeValidation() {
        const {order, pos} = this;
        pos.sci.takeOver.claim(order);
        await whenFirstSaved(pos, order);
        const result = await super.finalizeValidation(...arguments);
        if (result instanceof RPCError) {
            pos.sci.takeOver.release(order);
        }
        return result;
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
        const {sci} = this.pos;
        return (
            sci.takeOver.refuse(this.order) ||
            sci.refuseBecauseOf(this.order.getSciUnresolvedLines())
        );
    },
};

patch(OrderPaymentValidation.prototype, orderPaymentValidationPatch);
