import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {ConnectionLostError} from "@web/core/network/rpc";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {SciDialogs} from "./sci_dialogs";
import {SciFollower} from "./sci_follower";
import {SciRecovery} from "./sci_recovery";
import {SciTerminals} from "./sci_terminals";
import {SciTransport} from "./sci_transport";
import {inTime} from "./in_time";
import {refusalOfRefund} from "./sci_refund";
import {loadDialogs} from "./sci_later";
import {kindOf, refusalOf, requestOf} from "./sci_request";
import {lineText} from "./sci_texts";
import {settle} from "./sci_settle";

/** How often, and how far apart, an order is tried that is being saved already. */
const SAVES = {most: 3, pause: 1000};

/** Milliseconds until a paid order is sent again that did not reach Odoo. */
export const SAVE_AGAIN = 3000;

/**
 * What the payments mean for this register: orders go to the server before money
 * moves, lines show what the rows say, a paid order is validated.
 */
export class SciDesk {
    /**
     * @param {Object} pos the POS store
     */
    constructor(pos, data = pos.data) {
        this.pos = pos;
        this.terminals = new SciTerminals(pos);
        this.transport = new SciTransport(data.orm);
        this.follower = new SciFollower({
            transport: this.transport,
            onChange: (payment) => this.note(payment),
        });
        this.recovery = new SciRecovery(this);
        this.dialogs = new SciDialogs(this);
        this.preparing = new Map();
    }

    /** Once, when the POS has loaded: listens, and goes on with what was running. */
    async open() {
        const methods = this.pos.models["pos.payment.method"];
        if (!methods.some((method) => method.use_payment_terminal === "mx51_sci")) {
            return;
        }
        this.terminals.load();
        const {data} = this.pos;
        data.connectWebSocket("MX51_SCI_TERMINALS", () => this.terminals.refresh());
        data.connectWebSocket("MX51_SCI_TRANSACTION", (news) =>
            this.recovery.hint(news)
        );
        this.terminals.refresh();
        loadDialogs();
        await this.recovery.resume();
    }

    // -- A payment ---------------------------------------------------------------

    /**
     * Adds a line to an order, and says why when it cannot take one now.
     * @param {Object} order
     * @param {Object} method
     * @param {Object} [choice]
     * @param {Number} [choice.amount] instead of all that is due
     * @param {Object} [choice.request] see sci_request.js
     * @returns {object|undefined} the payment line
     */
    addLine(order, method, {amount, request} = {}) {
        const {status, data} = order.addPaymentline(method);
        if (!status) {
            this.pos.dialog.add(AlertDialog, {title: _t("Card payment"), body: data});
            return undefined;
        }
        if (amount) {
            data.setAmount(amount);
        }
        if (request) {
            data.uiState = {...data.uiState, sciRequest: request};
        }
        return data;
    }

    /**
     * Takes the payment of a line. A double click joins the payment that runs.
     * @param {String} uuid payment line
     * @param {number|false} terminalId the cashier's choice, false for the usual one
     * @returns {Promise<boolean>} whether it was paid; never rejects
     */
    pay(uuid, terminalId = false) {
        if (!this.preparing.has(uuid)) {
            const running = this.prepareAndPay(uuid, terminalId).finally(() =>
                this.preparing.delete(uuid)
            );
            this.preparing.set(uuid, running);
        }
        return this.preparing.get(uuid);
    }

    async prepareAndPay(uuid, terminalId) {
        let values = null;
        try {
            values = await this.prepare(this.line(uuid), terminalId);
        } catch (error) {
            console.error("Card payment:", error);
            this.refuse(uuid, _t("The card payment could not be prepared."));
        }
        return values ? this.start(values) : false;
    }

    async start(values) {
        const payment = await this.follower.start(values);
        if (payment.view || payment.error?.code !== "terminal_required") {
            this.finish(payment);
            return payment.paid;
        }
        const terminal = await this.chooseTerminal(values.payment_method_id);
        return terminal ? this.start({...values, terminal_id: terminal}) : false;
    }

    /**
     * @returns {Promise<object|null>} the values of `sci_start`; null when the
     * payment cannot be started, the line then says why
     */
    async prepare(line, terminalId) {
        const attempt = this.nextAttempt(line);
        this.remember(line, {phase: "starting", attempt});
        this.flush();
        const kind = kindOf(line);
        const refusal =
            refusalOf(line, this.pos) ||
            (kind === "refund" && (await refusalOfRefund(line, this.pos)));
        if (refusal) {
            return this.refuse(line.uuid, refusal);
        }
        let terminal = terminalId;
        if (kind === "refund" && !terminal && this.terminals.paired.length > 1) {
            terminal = await this.chooseTerminal(false);
            if (!terminal) {
                return this.refuse(line.uuid, _t("No terminal was chosen."));
            }
        }
        const order = line.pos_order_id;
        const values = {
            payment_uuid: line.uuid,
            attempt,
            order_uuid: order.uuid,
            config_id: this.pos.config.id,
            payment_method_id: line.payment_method_id.id,
            terminal_id: terminal,
            ...requestOf(line, this.pos.config),
        };
        const {original} = line.uiState.sciRequest || {};
        if (kind === "refund" && original) {
            values.original_payment_uuid = original;
        }
        if (!(await this.saveOrder(order))) {
            return this.refuse(
                line.uuid,
                _t(
                    "The order could not be saved in Odoo, so the card payment was " +
                        "not started. Check the connection and try again."
                )
            );
        }
        await this.flush();
        return values;
    }

    /** Without the order on the server nobody could tell later what was paid. */
    async saveOrder(order) {
        for (let save = 0; save < SAVES.most; save++) {
            try {
                await inTime(this.pos.syncAllOrders({orders: [order], throw: true}));
            } catch (error) {
                console.warn("The order could not be saved:", error.message);
                return false;
            }
            if (order.isSynced) {
                return true;
            }
            // Another synchronisation of the same order is under way.
            await new Promise((resolve) => setTimeout(resolve, SAVES.pause));
        }
        return false;
    }

    /**
     * Brings a paid order to Odoo that did not arrive. Odoo itself takes what it has
     * tried to send for sent, and forgets the order in a reload.
     */
    async keepSaving(order) {
        for (let isSaved = false; !isSaved; ) {
            await new Promise((resolve) => browser.setTimeout(resolve, SAVE_AGAIN));
            try {
                const options = {orders: [order], force: true, throw: true};
                isSaved = Boolean(await this.pos.syncAllOrders(options));
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    return;
                }
            }
        }
    }

    /**
     * Only a row that is known to be resolved makes room for a new attempt; as long
     * as the outcome of the last one is open, asking again means asking for the same.
     */
    nextAttempt(line) {
        const {attempt, view} = line.uiState?.sci || {};
        return view && view.attempt >= attempt ? view.attempt + 1 : attempt || 1;
    }

    refuse(uuid, message) {
        const line = this.line(uuid);
        if (line) {
            const {attempt} = line.uiState?.sci || {};
            const error = {code: "not_started", message};
            this.remember(line, {phase: "ended", attempt: attempt || 1, error});
        }
        return null;
    }

    /**
     * @param {number|false} methodId false for all that are paired
     * @returns {Promise<number|false>}
     */
    async chooseTerminal(methodId) {
        const {terminals} = this;
        await terminals.refresh();
        const offered = methodId ? terminals.of(methodId) : terminals.paired;
        const {own} = terminals.state;
        offered.sort((one, other) => (other.id === own) - (one.id === own));
        const list = offered.map((terminal) => ({
            id: terminal.id,
            item: terminal.id,
            label: terminal.busy
                ? _t("%(name)s (busy: %(register)s)", {
                      name: terminal.name,
                      register: terminal.busy,
                  })
                : terminal.name,
            isSelected: false,
        }));
        const chosen = await makeAwaitable(this.pos.dialog, SelectionPopup, {
            title: _t("Which terminal?"),
            list,
        });
        return chosen || false;
    }

    /** A wish only: the line shows what becomes of it. */
    cancel(uuid) {
        return this.follower.cancel(uuid);
    }

    // -- What is learned ---------------------------------------------------------

    line(uuid) {
        return this.pos.models["pos.payment"].getBy("uuid", uuid);
    }

    /** News of a payment, to its line. */
    note(payment) {
        const line = this.line(payment.uuid);
        if (!line) {
            return;
        }
        const {view} = payment;
        const known = line.uiState?.sci?.view;
        this.remember(line, {
            phase: payment.phase,
            attempt: payment.attempt,
            lost: payment.lost,
            cancelWanted: payment.cancelWanted,
            paid: payment.paid,
            error: payment.error,
            seenAt: payment.seenAt,
            view,
        });
        if (payment.paid) {
            line.keepSciReceipts(view);
            settle(this.pos, line, view);
        }
        if (view && (!known || known.id !== view.id || payment.phase === "ended")) {
            this.flush();
        }
    }

    remember(line, sci) {
        line.uiState = {
            ...line.uiState,
            sci: {lost: false, cancelWanted: false, paid: false, error: false, ...sci},
        };
        line.followSci();
        this.dialogs.note(line);
    }

    /** The browser's own storage lags 300 ms behind; a reload may come sooner. */
    async flush() {
        try {
            await this.pos.data.synchronizeLocalDataInIndexedDB();
        } catch (error) {
            console.warn("The payment could not be kept in the browser:", error);
        }
    }

    /**
     * The end of a payment, whichever screen is shown and whoever started it.
     * @param {Object} payment see SciPayment
     * @param {Boolean} isOld whether its line alone tells of it
     */
    finish(payment, isOld = false) {
        this.terminals.refresh();
        const line = this.line(payment.uuid);
        const order = line?.pos_order_id;
        if (!order || order.finalized) {
            return;
        }
        const isShown = this.isShown(order);
        // Approved in spite of a No: nobody knows who has the goods and the cash.
        const isExpected = payment.paid && payment.view.overridden !== "no";
        if (isShown && isExpected && this.mayValidate(order)) {
            // Whoever awaits the payment hears of its end before the validation.
            setTimeout(() => this.validateShown(order));
            return;
        }
        if (!isShown && !isOld) {
            this.notifyEnd(line, payment.paid);
        }
        if (!isShown || payment.paid) {
            // Other browsers, and this one tomorrow, read the line from the server.
            this.pos.syncAllOrders({orders: [order]});
        }
    }

    isShown(order) {
        const {current, params} = this.pos.router.state;
        return current === "PaymentScreen" && params.orderUuid === order.uuid;
    }

    /**
     * Change is never handed out unseen: lines may have gone while the card ran. The
     * cash that the card paid for is what the customer asked for.
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

    notifyEnd(line, paid) {
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
}
