import {Backoff} from "./backoff";
import {NoAnswer} from "./sci_transport";
import {delay} from "@web/core/utils/concurrency";

/** @returns {Boolean} whether mx51 calls a button of its form a cancellation */
export function isCancelKey(key) {
    return key.toLowerCase().includes("cancel");
}

/**
 * @param {SciPaymentView} view
 * @param {String} key a button's of its form
 * @returns {Boolean} whether it asks to cancel: it is called so, or leads there
 */
export function asksToCancel({pos_instructions: instructions}, key) {
    const button = instructions?.action_form?.properties?.[key];
    return isCancelKey(key) || button?.cancel === true;
}

/** @returns {Boolean} whether a press on Cancel would do anything now */
export function mayCancel({view, cancelRequested, problem}) {
    const {cancel_requested: isKept, cancel_state: state} = view || {};
    // One that was refused is sent again by the next poll.
    const mayBePressed = !isKept || state === "no_answer";
    return !problem && !cancelRequested && mayBePressed;
}

/**
 * Whether a press on Cancel has still to reach Odoo.
 * @param {Object|undefined} snapshot of the payment, kept over a reload
 * @param {SciPaymentView} row as Odoo has it
 */
export function isCancelLost(
    snapshot,
    {attempt, unresolved, cancel_requested: isKept}
) {
    const isAsked = snapshot?.cancelRequested && snapshot.attempt === attempt;
    return Boolean(isAsked && unresolved && !isKept);
}

/** The cashier's press on Cancel, until Odoo has it. */
export class CancelRequest {
    /**
     * @param {Object} payment see SciPayment
     */
    constructor(payment) {
        this.payment = payment;
        this.isPending = false;
        this.isSending = false;
        this.refusal = "";
    }

    press() {
        const {phase, view} = this.payment;
        if (phase === "ended" || !mayCancel({view, cancelRequested: this.isPending})) {
            return;
        }
        this.isPending = true;
        this.refusal = "";
        this.payment.changed();
        this.send();
    }

    /** Sends it as soon as there is a row to send it for. */
    async send() {
        if (!this.isPending || this.isSending || !this.payment.view) {
            return;
        }
        this.isSending = true;
        if (this.payment.polls.isBrief) {
            await this.payment.polls.ready();
        }
        await this.sendUntilKept();
        this.isSending = false;
        this.isPending = false;
        this.payment.changed();
    }

    /**
     * For Odoo a second request is a second press. So one without an answer is only
     * sent again if Odoo has not kept the first one.
     */
    async sendUntilKept() {
        const {payment} = this;
        const isFirst = !payment.view.cancel_requested;
        const backoff = new Backoff();
        while (!(await this.isAnswered())) {
            do {
                await delay(backoff.after(new NoAnswer()));
            } while (payment.phase !== "ended" && !(await payment.checkNow()));
            if (
                !isFirst ||
                payment.phase === "ended" ||
                payment.view.cancel_requested
            ) {
                return;
            }
        }
    }

    async isAnswered() {
        const {payment} = this;
        try {
            const view = await payment.transport.cancel(payment.view.id);
            this.isPending = false;
            payment.learn(view);
            if (view.cancel_state === "refused") {
                // The next poll sends it again, so it should not have to wait.
                payment.askNow();
            }
            return true;
        } catch (error) {
            if (error instanceof NoAnswer) {
                return false;
            }
            this.refusal = error.message;
            return true;
        }
    }
}
