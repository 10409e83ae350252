import {SciPayment} from "./sci_payment";

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
        this.payments = new Map();
    }

    /** @returns {SciPayment|undefined} the payment that is being followed, if any */
    get(uuid) {
        const payment = this.payments.get(uuid);
        return payment && payment.phase !== "ended" ? payment : undefined;
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
     * @param {Object} view of the row
     * @returns {Promise<SciPayment>} the payment once it has ended
     */
    async resume(view) {
        let payment = this.get(view.payment_uuid);
        if (payment) {
            payment.learn(view);
            await payment.ended;
            return payment;
        }
        payment = this.add(view.payment_uuid, view.attempt);
        await payment.resume(view);
        return payment;
    }

    /** @returns {Boolean} whether the payment of that line can be asked to stop */
    cancel(uuid) {
        const payment = this.get(uuid);
        payment?.cancel();
        return Boolean(payment);
    }

    /** @param {{id: number, version: number}} message of the bus */
    hint({id, version}) {
        for (const payment of this.payments.values()) {
            if (payment.view.id === id) {
                payment.hint(version);
            }
        }
    }

    /** @returns {Boolean} whether this is news of a row that ended with a No */
    isMarkedUnpaid({id, version}) {
        return [...this.payments.values()].some(
            ({phase, paid, view}) =>
                phase === "ended" &&
                !paid &&
                view.id === id &&
                view.overridden === "no" &&
                view.version < version
        );
    }

    add(uuid, attempt) {
        const payment = new SciPayment({
            uuid,
            attempt,
            transport: this.transport,
            onChange: (changed) => this.notify(changed),
        });
        this.payments.set(uuid, payment);
        return payment;
    }

    /** A listener that fails must not end the following of a payment. */
    notify(payment) {
        try {
            this.onChange(payment);
        } catch (error) {
            console.error("Card payment:", error);
        }
    }
}
