import {NoAnswer} from "./sci_transport";
import {asksToCancel} from "./cancel_request";

/** The cashier's press on a button of mx51's form. */
export class FormPress {
    /**
     * @param {Object} payment see SciPayment
     */
    constructor(payment) {
        this.payment = payment;
        /**
         * What became of the last one, until a newer version comes: `{version, key, at,
         * sending, spent, error, message}`. `spent` means that the server has sent it
         * already, and sends this version's no more; `error` is what it was answered
         * with, `message` why Odoo has refused it.
         */
        this.state = false;
    }

    /** @returns {Boolean} whether the server has sent the form that is shown */
    get isSpent() {
        return this.state.spent && this.state.version === this.payment.view.version;
    }

    /**
     * @param {String} key the button's
     * @param {Object} inputs texts by input name
     */
    async send(key, inputs) {
        const {payment} = this;
        if (payment.phase !== "following" || this.state.sending || this.isSpent) {
            return;
        }
        const {id, version} = payment.view;
        const isCancel = asksToCancel(payment.view, key);
        const at = Date.now();
        const unknown = {spent: false, error: false, message: ""};
        this.state = {version, key, at, sending: true, ...unknown};
        payment.changed();
        await this.post(id, version, key, inputs);
        if (isCancel && !this.state.spent && !payment.view.cancel_requested) {
            // The form's cancel button did not work, and Odoo does not go on with it.
            payment.cancel();
        }
    }

    async post(...press) {
        const {payment} = this;
        if (payment.polls.isBrief) {
            await payment.polls.ready();
        }
        try {
            const view = await payment.transport.submit(...press);
            const {error} = view;
            this.state = {...this.state, sending: false, spent: !error, error};
            payment.learn(view);
        } catch (error) {
            // Not known whether it arrived: the server lets it through only once.
            const message = error instanceof NoAnswer ? "" : error.message;
            this.state = {...this.state, sending: false, message};
            payment.changed();
        }
    }
}
