import {_t} from "@web/core/l10n/translation";
import {nextAttempt} from "@pos_mx51_sci/app/request/request";

/** Errors that a new pairing may solve. */
export const UNPAIRED = ["no_active_pairings_found", "not_paired"];

/**
 * The payment lines of this POS, and the one place that writes what is known of their
 * payments.
 *
 * Who owns what: the ledger row in Odoo is the truth. While a payment is followed, its
 * SciPayment has the newest view of the row. `uiState.sci` is that payment's snapshot;
 * screens draw from it and it survives a reload. It is written here and nowhere else.
 * Odoo's own `payment_status` and `amount` of the line are derived from the snapshot
 * (`PosPayment.applySciSnapshot`), never set by hand.
 */
export class SciLines {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {(line: object) => void} params.onChange called after each change
     */
    constructor({pos, onChange}) {
        this.pos = pos;
        this.onChange = onChange;
    }

    /** @returns {Object|undefined} the payment line */
    get(uuid) {
        return this.pos.models["pos.payment"].getBy("uuid", uuid);
    }

    /** Lines whose outcome this browser does not know, of orders that are open. */
    get unresolved() {
        return this.pos.models["pos.payment"].filter(
            (line) => line.isSciUnresolved() && !line.pos_order_id?.finalized
        );
    }

    /**
     * @param {Object} snapshot see `SciPayment.snapshot`; what is missing is false
     */
    record(line, snapshot) {
        line.uiState = {
            ...line.uiState,
            sci: {
                problem: false,
                cancelRequested: false,
                paid: false,
                error: false,
                ...snapshot,
            },
        };
        line.applySciSnapshot();
        this.onChange(line);
    }

    /** News of a payment, to its line. */
    recordPayment(payment) {
        const line = this.get(payment.uuid);
        if (!line) {
            return;
        }
        const {view, cancelRequested} = payment;
        const known = line.uiState?.sci || {};
        this.record(line, payment.snapshot);
        if (payment.paid) {
            line.keepSciReceipts(view);
        }
        const isNews =
            view && (known.view?.id !== view.id || payment.phase === "ended");
        if (isNews || (cancelRequested && !known.cancelRequested)) {
            this.flush();
        }
    }

    /** The line says why nothing was sent; Retry asks for the same attempt. */
    refuse(uuid, message) {
        const line = this.get(uuid);
        if (line) {
            const error = {code: "not_started", message};
            this.record(line, {phase: "ended", attempt: nextAttempt(line), error});
        }
    }

    /** The ledger has no row of a line that waited for one. */
    markNotStarted(line) {
        this.refuse(line.uuid, _t("The payment was not started."));
    }

    /** Lines that a missing pairing had stopped say that there is one again. */
    noteNewPairings(terminals) {
        const names = new Map(terminals.map(({id, name}) => [id, name]));
        for (const line of this.pos.models["pos.payment"].getAll()) {
            const {sci} = line.uiState || {};
            const name = names.get(sci?.view?.terminal_id);
            const isStopped = UNPAIRED.includes(sci?.error?.code);
            if (name && isStopped && sci.phase === "ended") {
                const message = _t("%s is paired again. Press Retry.", name);
                const error = {...sci.error, code: "paired_again", message};
                this.record(line, {...sci, error});
            }
        }
    }

    /** An order goes to the server before its payment does, so it can be fetched. */
    async loadOrder(orderUuid) {
        try {
            await this.pos.data.loadServerOrders([["uuid", "=", orderUuid]]);
        } catch (error) {
            console.warn("The order of a card payment could not be read:", error);
        }
    }

    /** Odoo writes to the browser's storage 300 ms late; a reload may come sooner. */
    async flush() {
        try {
            await this.pos.data.synchronizeLocalDataInIndexedDB();
        } catch (error) {
            console.warn("The payment could not be kept in the browser:", error);
        }
    }
}
