import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {orderLockText} from "@pos_mx51_sci/app/display/texts";
import {patch} from "@web/core/utils/patch";

export const posOrderPatch = {
    /** Card payments whose outcome is open: the order must wait for them. */
    getSciUnresolvedLines() {
        return this.payment_ids.filter((line) => line.isSciUnresolved());
    },

    /** Card payments that keep the order as it is: open ones and approved ones. */
    getSciLockedLines() {
        return this.finalized
            ? []
            : this.payment_ids.filter((line) => line.isSciLocked());
    },

    /** While there are any, discounts and rewards stay as they were charged. */
    getSciApprovedLines() {
        return this.getSciLockedLines().filter((line) => line.isDone());
    },

    /** The payment that another press on its method means: the last one that failed. */
    getSciFailedLine(method) {
        const isMeant = ({payment_method_id, uiState}) => {
            const {kind, cashout} = uiState?.sciRequest || {};
            return payment_method_id.id === method.id && !kind && !cashout;
        };
        return this.payment_ids.findLast((line) => isMeant(line) && line.canSciRetry());
    },

    hasSciLines() {
        return this.payment_ids.some((line) => line.isSci());
    },

    /** Card money went in and back out again, all of it: the order may be dropped. */
    isSciGivenBack() {
        const locked = this.getSciLockedLines();
        const net = locked.reduce((sum, line) => sum + line.getAmount(), 0);
        return locked.every((line) => line.isDone()) && this.currency.isZero(net);
    },

    /** A locked line stays, whoever removes it. */
    removePaymentline(line) {
        return line.isSciLocked() ? undefined : super.removePaymentline(...arguments);
    },

    /**
     * What is still due once the card payments that run are approved.
     * @param {Object} [line] payment line that does not count; what it gives back of
     * another payment of this order, it may give back at any time
     */
    getSciRest(line) {
        const original = line?.uiState?.sciRequest?.original;
        if (original && this.payment_ids.some(({uuid}) => uuid === original)) {
            return line.getAmount();
        }
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

    /** What the Tip button changes: the cashier's own tip. */
    getTip() {
        const isTerminals = (line) => line.isTipLine() && line.isSciFixed();
        return this.lines.some(isTerminals)
            ? this.getSciOwnTip()
            : super.getTip(...arguments);
    },

    /** Cash that card payments have handed out, and that the order does not show yet. */
    getSciCashout() {
        const cashout = this.payment_ids
            .filter((line) => line.isSci())
            .reduce((sum, line) => sum + line.getSciCashout(), 0);
        return cashout - this.getSciHandedOut();
    },

    getSciHandedOut() {
        return this.payment_ids
            .filter((line) => line.isSciHandOut())
            .reduce((sum, line) => sum - line.getAmount(), 0);
    },

    /** It has left: it pays for no goods, and is no change that is still to be given. */
    get amountPaid() {
        return this.finalized
            ? super.amountPaid
            : this.currency.round(super.amountPaid - this.getSciHandedOut());
    },

    /** While card payments run, what they leave due: Odoo counts them as unpaid. */
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
        const cash = this.payment_ids.filter(
            (line) => line.payment_method_id.is_cash_count
        );
        if (
            paymentMethod.is_cash_count &&
            cash.length &&
            cash.every((line) => line.isSciHandOut())
        ) {
            return this.addSciCashLine(paymentMethod);
        }
        const added = super.addPaymentline(...arguments);
        if (added.status && added.data.isSci()) {
            // Odoo leaves refunds without a status, which counts as paid.
            added.data.setPaymentStatus("pending");
        }
        return added;
    },

    /** Odoo lets an order have one cash line; cash that was handed out is not it. */
    addSciCashLine(paymentMethod) {
        this.assertEditable();
        const line = this.models["pos.payment"].create({
            pos_order_id: this,
            payment_method_id: paymentMethod,
        });
        this.selectPaymentline(line);
        line.setAmount(this.getDefaultAmountDueToPayIn(paymentMethod));
        return {status: true, data: line};
    },

    /** With SCI, neither a running payment nor a declined one rules out another. */
    electronicPaymentInProgress() {
        return (
            super.electronicPaymentInProgress(...arguments) &&
            this.payment_ids.some(
                (line) =>
                    line.payment_status &&
                    !["done", "reversed"].includes(line.payment_status) &&
                    !(line.isSci() && line.payment_status !== "pending")
            )
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

    /** An amount that a terminal has charged stays in the order. */
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
};

patch(PosOrder.prototype, posOrderPatch);
