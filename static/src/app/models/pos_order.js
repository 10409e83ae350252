import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {orderLockText} from "@pos_mx51_sci/app/sci/sci_texts";
import {patch} from "@web/core/utils/patch";

/** Odoo's commands for records that the server has not got yet, and that it has. */
const CREATE = 0;
const UPDATE = 1;

patch(PosOrder.prototype, {
    /** Card payments whose outcome is open: the order must wait for them. */
    getSciUnresolvedLines() {
        return this.payment_ids.filter((line) => line.isSciUnresolved());
    },

    /** Card payments that tie the order down: open ones and approved ones. */
    getSciLockedLines() {
        return this.finalized
            ? []
            : this.payment_ids.filter((line) => line.isSciLocked());
    },

    removePaymentline(line) {
        return line.isSciLocked() ? undefined : super.removePaymentline(...arguments);
    },

    /**
     * What is still to be paid when the card payments that run are approved.
     * @param {Object} [line] one that does not count
     */
    getSciRest(line) {
        const running = this.getSciUnresolvedLines()
            .filter((other) => other !== line)
            .reduce((sum, other) => sum + other.getAmount(), 0);
        const rest = this.currency.round(this.remainingDue - running);
        return rest * this.remainingDue > 0 ? rest : 0;
    },

    /** Tips that the cashier put on the order, not those of a terminal. */
    getSciOwnTip() {
        return this.lines
            .filter((line) => line.isTipLine() && !line.sci_line_kind)
            .reduce((sum, line) => sum + line.priceIncl, 0);
    },

    /** Cash that card payments of this order have handed out: it is the change. */
    getSciCashout() {
        const lines = this.payment_ids.filter((line) => line.isSci());
        return lines.reduce((sum, line) => sum + line.getSciCashout(), 0);
    },

    getDefaultAmountDueToPayIn() {
        return this.getSciUnresolvedLines().length
            ? this.getSciRest()
            : super.getDefaultAmountDueToPayIn(...arguments);
    },

    /** While a card payment runs, another one may pay what it leaves due. */
    addPaymentline(paymentMethod) {
        const running = this.getSciUnresolvedLines();
        if (running.length && !this.getDefaultAmountDueToPayIn(paymentMethod)) {
            return {status: false, data: orderLockText(running)};
        }
        const added = super.addPaymentline(...arguments);
        if (added.status && added.data.isSci()) {
            // Odoo leaves refunds without a status, and takes that for paid.
            added.data.setPaymentStatus("pending");
        }
        return added;
    },

    /** Payments that run and those that were declined leave the way open. */
    electronicPaymentInProgress() {
        return this.payment_ids.some(
            (line) =>
                line.payment_status &&
                !["done", "reversed"].includes(line.payment_status) &&
                !(line.isSci() && line.payment_status !== "pending")
        );
    },

    /** A refund to a card that failed may be paid by another method. */
    isRefundInProcess() {
        return (
            super.isRefundInProcess() &&
            this.payment_ids.some(
                (line) =>
                    line.payment_method_id.use_payment_terminal &&
                    line.payment_status !== "done" &&
                    (!line.isSci() || line.isSciUnresolved())
            )
        );
    },

    /** What a terminal has charged stays in the order. */
    removeOrderline(line) {
        return line.isSciFixed() ? false : super.removeOrderline(...arguments);
    },

    setOrderPrices() {
        super.setOrderPrices(...arguments);
        const tips = this.lines.filter((line) => line.sci_line_kind === "tip");
        if (tips.length) {
            const tip = tips.reduce((sum, line) => sum + line.priceIncl, 0);
            this.is_tipped = true;
            this.tip_amount = this.currency.round(tip + this.getSciOwnTip());
        }
    },

    /**
     * The server hears what the ledger says, whatever Odoo takes for told: it forgets
     * changes of a line when it reads the line's order again.
     */
    serializeForORM() {
        const data = super.serializeForORM(...arguments);
        for (const [command, , values] of data.lines || []) {
            if (command === CREATE && values.sci_line_kind) {
                // Odoo leaves out relations to models that are not loaded.
                const line = this.lines.find(({uuid}) => uuid === values.uuid);
                values.sci_transaction_id = line.getSciRowId();
            }
        }
        const told = new Set((data.payment_ids || []).map(([, id]) => id));
        const untold = this.payment_ids
            .filter((line) => line.isSynced && line.uiState?.sci?.paid)
            .filter((line) => line.isSci() && !told.has(line.id))
            .map(({id, amount, payment_status}) => [
                UPDATE,
                id,
                {amount, payment_status},
            ]);
        if (untold.length) {
            data.payment_ids = [...(data.payment_ids || []), ...untold];
        }
        return data;
    },
});
