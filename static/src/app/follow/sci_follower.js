import {RecentMap} from "./recent_map";
import {SciPayment} from "./sci_payment";

/** Payments recorded as not paid that are remembered; far more than a day has. */
const MARKED_UNPAID = 100;

/**
 * All card payments that this POS follows, by payment line. It belongs to the POS and
 * not to a screen, so that a payment goes on while the cashier serves someone else.
 */
export class SciFollower {
    /**
     * @param {Object} params
     * @param {Object} params.transport see SciTransport
     * @param {(payment: SciPayment) => void} params.onChange
     */
    constructor({transport, onChange}) {
        this.transport = transport;
        this.onChange = onChange;
        this.running = new Map();
        this.markedUnpaid = new RecentMap(MARKED_UNPAID);
    }

    /** @returns {SciPayment|undefined} the payment that is being followed, if any */
    get(uuid) {
        return this.running.get(uuid);
    }

    /**
     * A second call while the first one runs (a double click) joins it.
     * @param {Object} values of `sci_start`
     * @returns {Promise<SciPayment>} the payment once it has ended
     */
    async start(values) {
        let payment = this.get(values.payment_uuid);
        if (payment) {
            await payment.ended;
            return payment;
        }
        payment = this.add(values.payment_uuid, values.attempt);
        this.notify(payment);
        await payment.start(values);
        return payment;
    }

    /**
     * Goes on with a row that exists. Harmless for a row that is followed already.
     * @param {SciPaymentView} view
     * @param {Boolean} isCancelled whether a press on Cancel has still to reach Odoo
     * @returns {Promise<SciPayment>} the payment once it has ended
     */
    async resume(view, isCancelled = false) {
        let payment = this.get(view.payment_uuid);
        if (payment) {
            payment.learn(view);
            await payment.ended;
            return payment;
        }
        payment = this.add(view.payment_uuid, view.attempt);
        payment.cancelRequest.isPending = isCancelled;
        await payment.resume(view);
        return payment;
    }

    /** @returns {Boolean} whether the payment of that line can be asked to stop */
    cancel(uuid) {
        const payment = this.get(uuid);
        payment?.cancel();
        return Boolean(payment);
    }

    /**
     * @param {{id: number, version: number}} news of the bus
     * @returns {Boolean} whether that row is followed here, or may be one whose start
     * has not been answered
     */
    hint({id, version}) {
        const running = [...this.running.values()];
        const known = running.filter(({view}) => view.id === id);
        known.forEach((payment) => payment.hint(version));
        return known.length > 0 || running.some(({view}) => !view.id);
    }

    /**
     * Every payment that pauses between two requests sends the next one now.
     * @param {Number} [reads] see READS
     */
    askNow(reads) {
        for (const payment of this.running.values()) {
            payment.askNow(reads);
        }
    }

    /** @returns {Boolean} whether this is news of a row that a person marked as unpaid */
    isMarkedUnpaid({id, version}) {
        return [...this.markedUnpaid.values()].some(
            (view) => view.id === id && view.version < version
        );
    }

    add(uuid, attempt) {
        const payment = new SciPayment({
            uuid,
            attempt,
            transport: this.transport,
            onChange: (changed) => this.notify(changed),
        });
        this.markedUnpaid.delete(uuid);
        this.running.set(uuid, payment);
        return payment;
    }

    /** A listener that fails must not end the following of a payment. */
    notify(payment) {
        if (payment.phase === "ended") {
            this.release(payment);
        }
        try {
            this.onChange(payment);
        } catch (error) {
            console.error("Card payment:", error);
        }
    }

    /** Of payments that ended, only those that the bank may still approve matter. */
    release({uuid, paid, view}) {
        this.running.delete(uuid);
        if (!paid && view.overridden === "no") {
            this.markedUnpaid.set(uuid, {id: view.id, version: view.version});
        }
    }
}
