import {PaymentInterface} from "@point_of_sale/app/utils/payment/payment_interface";
import {TERMINAL_CODE} from "@pos_mx51_sci/app/utils/sci_method";
import {register_payment_method} from "@point_of_sale/app/services/pos_store";

/**
 * The one place that knows Odoo's interface for payment terminals, which changes after
 * 19.0. The work is done by `pos.sci`, see services/sci_service.js.
 */
export class PaymentMx51Sci extends PaymentInterface {
    /**
     * @param {String} uuid payment line
     * @returns {Promise<boolean>} whether it was paid; resolved when the outcome is
     * known, however long that takes, and never rejected
     */
    sendPaymentRequest(uuid) {
        super.sendPaymentRequest(...arguments);
        return this.pos.sci.pay(uuid);
    }

    /**
     * Asks the terminal to stop; the line follows by itself what comes of it.
     * @returns {Promise<boolean>} always false: nothing is cancelled yet
     */
    async sendPaymentCancel(_order, uuid) {
        super.sendPaymentCancel(...arguments);
        this.pos.sci.cancel(uuid);
        return false;
    }
}

register_payment_method(TERMINAL_CODE, PaymentMx51Sci);
