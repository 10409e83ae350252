import {ADDED, chargedAmounts} from "@pos_mx51_sci/app/request/amounts";
import {NoAnswer} from "@pos_mx51_sci/app/follow/sci_transport";
import {ConnectionLostError} from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {_t} from "@web/core/l10n/translation";
import {Deferred, delay} from "@web/core/utils/concurrency";
import {isOnProductScreen} from "@pos_mx51_sci/app/display/sci_dialogs";
import {pick} from "@web/core/utils/objects";

/** Milliseconds until an order is read again that could not be read. */
export const ASK_AGAIN = 3000;

/** Milliseconds that a press waits for an order that is being read. */
const READ_LIMIT = 2000;

/** How often a row is asked for whose order may be finished without the answer. */
const ASKS = 2;

/** How often a row is read whose amounts the server has still to write. */
const POSTING_READS = 30;

/** What says whose an order is, and what it costs. */
const WHOSE = ["partner_id", "preset_id", "fiscal_position_id"];
/** Odoo has its own of these for a new order. */
const WHOSE_AFTERWARDS = ["pricelist_id", "preset_time"];

function lineUuid({payment_uuid, id}, kind) {
    return `sci-${payment_uuid}-${id}-${kind}`;
}

/** @returns {Boolean} whether the server has added lines that this browser has not */
function hasNewLines(order, view) {
    if (view.kind === "refund") {
        return false;
    }
    const charged = chargedAmounts(view);
    // A tip that the cashier put on the order is in it already.
    const ordered = {tip: view.amounts?.tip_amount || 0, surcharge: 0, cashout: 0};
    const present = [...order.lines, ...order.payment_ids].map(({uuid}) => uuid);
    return [...ADDED, "cashout"].some(
        (kind) =>
            charged[`${kind}_amount`] > ordered[kind] &&
            !present.includes(lineUuid(view, kind))
    );
}

/** What the cashier may have changed while the payment ran, to compare. */
function contentOf(order) {
    return JSON.stringify(
        order.lines
            .filter((line) => !line.sci_line_kind)
            .map(({uuid, qty, price_unit, discount}) => [
                uuid,
                qty,
                price_unit,
                discount,
            ])
            .sort()
    );
}

/**
 * Brings into this browser what the server has written into an order after an
 * approval: the terminal's tip and surcharge, the cash that was handed out, and whether
 * the order is finished.
 */
export class TakeOver {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {Object} params.own see OwnPayments
     * @param {(view: SciPaymentView) => Promise<SciPaymentView>} params.readView
     */
    constructor({pos, own, readView}) {
        Object.assign(this, {pos, own, readView});
        this.running = new Set();
        this.finished = new Set();
    }

    readsOf(order) {
        return [...this.running].filter(({uuid}) => uuid === order.uuid);
    }

    /** @returns {Boolean} whether an order is being brought up to date */
    isRunning(order) {
        return this.readsOf(order).length > 0;
    }

    /** Waits a moment for an order that is being brought up to date. */
    async whenRead(order) {
        const reads = this.readsOf(order).map(({ended}) => ended);
        if (reads.length) {
            await Promise.race([Promise.all(reads), delay(READ_LIMIT)]);
        }
    }

    /** @returns {Boolean} whether it is still being brought up to date, which is said */
    refuse(order) {
        const isRunning = this.isRunning(order);
        if (isRunning) {
            const text = _t("One moment: Odoo is finishing this order.");
            this.pos.notification.add(text);
        }
        return isRunning;
    }

    /**
     * An order's validation goes on to its end once: this browser's own, or the one
     * that follows the server's.
     */
    claim(order) {
        this.finished.add(order.uuid);
        this.own.claim(order.uuid);
    }

    release(order) {
        this.finished.delete(order.uuid);
    }

    /**
     * @param {Object} order
     * @param {SciPaymentView} view of a row that is paid
     * @returns {Promise<boolean>} whether the server has finished the order
     */
    async read(order, view) {
        const read = {uuid: order.uuid, ended: new Deferred()};
        this.running.add(read);
        try {
            // What is due may have been added since, and be unknown to the server.
            const isNew = order.lines.some((line) => line.isDirty());
            const posted = await this.whenPosted(view, isNew || order.isPaid());
            if (!["paid", "done"].includes(posted.order_state)) {
                await this.readDraft(order, posted);
                return false;
            }
            await this.readFinished(order);
            return order.finalized;
        } finally {
            this.running.delete(read);
            read.ended.resolve();
        }
    }

    /**
     * The approval was shown before the server finished the order, which takes longer.
     * It may also have to wait for somebody else who writes to the order.
     * @param {SciPaymentView} first
     * @param {Boolean} mayFinish whether nothing may be due any more
     */
    async whenPosted(first, mayFinish) {
        let view =
            mayFinish && first.order_state === "draft"
                ? await this.readAgain(first)
                : first;
        for (let read = 1; !view.posted && read < POSTING_READS; read++) {
            await delay(ASK_AGAIN);
            view = await this.readAgain(view);
        }
        return view;
    }

    /**
     * What is posted already, Odoo's own validation can go on with: a shop whose Odoo
     * is away does not wait for it.
     * @returns {Promise<SciPaymentView>} the row as the server knows it by now
     */
    async readAgain(view) {
        for (let ask = 1; ; ask++) {
            try {
                return await this.readView(view);
            } catch (error) {
                console.warn("Card payment:", error.message);
                const isEnough = view.posted && ask === ASKS;
                if (!(error instanceof NoAnswer) || isEnough) {
                    return view;
                }
            }
            await delay(ASK_AGAIN);
        }
    }

    /** A save brings both together: what this browser has changed, and the server. */
    async readDraft(order, view) {
        if (view.posted && hasNewLines(order, view)) {
            await this.save(order);
            // With the total of the lines that the first one has brought.
            await this.save(order);
        }
    }

    async save(order) {
        const options = {orders: [order], force: true, throw: true};
        await this.untilAnswered(() => this.pos.syncAllOrders(options));
    }

    /** What was paid stays as it was charged; goods that are new are not lost. */
    async readFinished(order) {
        const table = order.table_id;
        const other = this.moveUnsavedLines(order);
        const before = contentOf(order);
        const read = () => this.pos.data.loadServerOrders([["uuid", "=", order.uuid]]);
        await this.untilAnswered(async () => (await read()).length);
        this.pos.removePendingOrder(order);
        if (other) {
            // Two drafts on a table would be one again.
            if (table) {
                other.table_id = table;
            }
            // For other devices too, which may take the table for a free one.
            this.pos.addPendingOrder([other.id]);
            this.pos.syncAllOrders({orders: [other]});
        }
        if (other || contentOf(order) !== before) {
            this.announceChanges(order, other);
        }
        if (other && isOnProductScreen(this.pos, order)) {
            this.pos.setOrder(other);
            this.pos.navigate("ProductScreen", {orderUuid: other.uuid});
        }
    }

    moveUnsavedLines(order) {
        const unsaved = order.lines.filter((line) => !line.isSynced);
        if (!unsaved.length) {
            return null;
        }
        const data = pick(order, ...WHOSE);
        // pos_restaurant names an order without a table by its number.
        const numbers = [order.tracking_number, order.pos_reference].map(String);
        if (!numbers.includes(order.floating_order_name)) {
            data.floating_order_name = order.floating_order_name;
        }
        const other = this.pos.createNewOrder(data);
        other.update(pick(order, ...WHOSE_AFTERWARDS));
        unsaved.forEach((line) => line.update({order_id: other}));
        return other;
    }

    announceChanges(order, other) {
        const text = this.changesText(order.getName(), other?.getName());
        this.pos.notification.add(text, {type: "warning", sticky: true});
    }

    changesText(order, other) {
        if (!other) {
            return _t(
                "%s is paid as it was sent to the terminal, without later changes.",
                order
            );
        }
        return order === other
            ? _t("%s is paid. What was added meanwhile is in a new order there.", order)
            : _t("%(order)s is paid. What was added meanwhile is in %(other)s.", {
                  order,
                  other,
              });
    }

    /** Repeats a request until the connection is back. */
    async untilAnswered(send) {
        for (;;) {
            try {
                if (await send()) {
                    return;
                }
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
            }
            await delay(ASK_AGAIN);
        }
    }

    /**
     * What follows a validation, once: kitchen, drawer, receipt, invoice, the next screen.
     * Odoo's own validation does it; the server ignores its save of a finished order.
     * Where somebody else has started the payment, only the next screen.
     * @param {Object} order that the server has finished
     * @param {Boolean} isShown whether the cashier is looking at it
     * @param {Boolean} [isAsked] whether the cashier has pressed Validate
     */
    async goOn(order, isShown, isAsked = false) {
        if (this.finished.has(order.uuid)) {
            return;
        }
        if (!isAsked && !this.own.has(order.uuid)) {
            if (isShown) {
                this.pos.navigate("ReceiptScreen", {orderUuid: order.uuid});
            }
            return;
        }
        this.claim(order);
        // Odoo saves what has changed, and prints after a save.
        order._dirty = true;
        const orderUuid = order.uuid;
        const validation = new OrderPaymentValidation({pos: this.pos, orderUuid});
        if (isShown) {
            await validation.shouldHideValidationBehindFeedbackScreen();
        } else {
            await validation.finalizeValidation();
        }
    }
}
