import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {_t} from "@web/core/l10n/translation";
import {delay} from "@web/core/utils/concurrency";
import {
    isOnPaymentScreen,
    isOnProductScreen,
} from "@pos_mx51_sci/app/display/sci_dialogs";
import {lineText} from "@pos_mx51_sci/app/display/texts";
import {ASK_AGAIN, TakeOver} from "./take_over";

/** What the end of a payment means for its order: validate it, announce it, save it. */
export class SciCompletion {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {Object} params.lines see SciLines
     * @param {Object} params.own see OwnPayments
     * @param {Function} params.readView see TakeOver
     */
    constructor({pos, lines, own, readView}) {
        this.pos = pos;
        this.lines = lines;
        this.own = own;
        this.takeOver = new TakeOver({pos, own, readView});
        this.finishing = new Set();
        this.saving = new Set();
    }

    /**
     * The end of a payment, whichever screen is shown and whoever started it.
     * @param {Object} payment see SciPayment
     * @param {Object} [how]
     * @param {Boolean} [how.isOld] whether its line alone shows it
     */
    async finish(payment, {isOld = false} = {}) {
        const {uuid} = payment;
        if (this.finishing.has(uuid)) {
            return;
        }
        this.finishing.add(uuid);
        try {
            await this.finishOnce(payment, isOld);
        } finally {
            this.finishing.delete(uuid);
        }
    }

    async finishOnce(payment, isOld) {
        const line = this.lines.get(payment.uuid);
        const order = line?.pos_order_id;
        if (!payment.paid) {
            this.own.drop(payment.uuid);
        }
        if (!order) {
            return;
        }
        // This browser may have read already that the server has finished the order.
        const isOurs = this.own.has(order.uuid) || this.isShown(order);
        if (order.finalized && !(payment.paid && isOurs)) {
            return;
        }
        if (!this.isShown(order) && !isOld) {
            this.announce(line, payment.paid);
        }
        if (!payment.paid) {
            if (!this.isShown(order)) {
                // Other browsers, and this one tomorrow, read the line from the server.
                this.pos.syncAllOrders({orders: [order]});
            }
            return;
        }
        try {
            await this.finishPaid(order, payment.view);
        } catch (error) {
            this.announceRefusal(order, error);
        }
    }

    async finishPaid(order, view) {
        // Approved although marked as not paid: nobody knows who has the goods and the cash.
        const isExpected = view.overridden !== "no";
        // What pays the rest of it meanwhile is the cashier's to validate.
        const isWhole = order.isPaid();
        if (await this.takeOver.read(order, view)) {
            if (isExpected) {
                const isShown =
                    this.isShown(order) || isOnProductScreen(this.pos, order);
                await this.takeOver.goOn(order, isShown);
            }
            return;
        }
        const isOurs = this.isShown(order) && this.own.has(order.uuid);
        if (isOurs && isExpected && isWhole && this.mayValidate(order)) {
            // Whoever awaits the payment continues before the validation starts.
            setTimeout(() => this.validateShown(order));
            return;
        }
        await this.pos.syncAllOrders({orders: [order]});
    }

    isShown(order) {
        return isOnPaymentScreen(this.pos, order);
    }

    /**
     * Change is never handed out unseen: order lines may have been removed while the
     * card payment ran. Cash-out on a card does not count: the customer asked for it.
     */
    mayValidate(order) {
        const unseen = Math.abs(order.change) - order.getSciCashout();
        return (
            this.pos.config.auto_validate_terminal_payment &&
            order.isPaid() &&
            this.pos.currency.isZero(unseen) &&
            !order.isRefundInProcess()
        );
    }

    /** The cashier may have gone elsewhere since. */
    validateShown(order) {
        if (this.isShown(order) && this.mayValidate(order)) {
            return this.validate(order);
        }
        return this.pos.syncAllOrders({orders: [order]});
    }

    validate(order) {
        if (order.finalized) {
            return false;
        }
        const orderUuid = order.uuid;
        const validation = new OrderPaymentValidation({pos: this.pos, orderUuid});
        return validation.validateOrder(false);
    }

    announce(line, paid) {
        const {text} = lineText(line.uiState.sci, Date.now());
        this.pos.notification.add(
            _t("Order %(order)s, %(amount)s by card: %(text)s", {
                order: line.pos_order_id.getName(),
                amount: this.pos.env.utils.formatCurrency(line.getAmount()),
                text,
            }),
            {type: paid ? "success" : "warning", sticky: !paid}
        );
    }

    /**
     * Sends a paid order to Odoo until it arrives. Odoo itself considers an order sent
     * once it has tried to send it, and forgets it on a reload. Of an order that Odoo
     * refuses, the cashier sees the reason, and it is not sent again.
     */
    async keepSaving(order) {
        if (this.saving.has(order.uuid)) {
            return;
        }
        this.saving.add(order.uuid);
        try {
            await delay(ASK_AGAIN);
            await this.takeOver.save(order);
        } catch (error) {
            this.announceRefusal(order, error);
        } finally {
            this.saving.delete(order.uuid);
        }
    }

    announceRefusal(order, error) {
        console.error("A paid order could not be saved:", error);
        this.pos.notification.add(
            _t("Odoo did not accept the paid order %(order)s: %(reason)s", {
                order: order.getName(),
                reason: error.data?.message || error.message,
            }),
            {type: "danger", sticky: true}
        );
    }
}
