import {PaymentInterface} from "@point_of_sale/app/utils/payment/payment_interface";
import {register_payment_method} from "@point_of_sale/app/services/pos_store";

/**
 * The one place that knows Odoo's interface for payment terminals, which changes after
 * 19.0. What happens is in `sci/`.
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
     * A cancellation is a wish; the line follows what becomes of it by itself.
     * @returns {Promise<boolean>} always false: nothing is cancelled yet
     */
    async sendPaymentCancel(_order, uuid) {
        super.sendPaymentCancel(...arguments);
        this.pos.sci.cancel(uuid);
        return false;
    }
}

register_payment_method("mx51_sci", PaymentMx51Sci);
