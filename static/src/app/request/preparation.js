import {kindOf, nextAttempt, refusalOf, requestOf} from "./request";
import {_t} from "@web/core/l10n/translation";
import {delay} from "@web/core/utils/concurrency";
import {keepCoupons} from "./coupons";
import {missingOf} from "./customer";
import {refusalOfRefund} from "./refund";
import {withinTimeLimit} from "./time_limit";

/** How often, and how far apart in milliseconds, saving waits for another one to end. */
const SAVES = {most: 3, pause: 1000};

/** The server's refusals of what older settings of the register allowed. */
const OUTDATED = ["wrong_surcharge", "wrong_kind"];

/** Everything that has to be true before a payment may leave for the terminal. */
export class SciPreparation {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {Object} params.lines see SciLines
     * @param {Object} params.terminals see SciTerminals
     * @param {(methodId: number|false) => Promise<number|false>} params.chooseTerminal
     * asks the cashier
     * @param {() => Promise} params.connected resolves once requests get through, or
     * cannot be waited for
     */
    constructor({pos, lines, terminals, chooseTerminal, connected}) {
        Object.assign(this, {pos, lines, terminals, chooseTerminal, connected});
    }

    /**
     * @param {Object} line payment line
     * @param {number|false} terminalId the cashier's choice, false for the usual one
     * @returns {Promise<object|null>} the values of `sci_start`; null when the
     * payment cannot be started, the line then says why
     */
    async prepare(line, terminalId) {
        const missing = missingOf(line.pos_order_id, this.pos);
        const stillMissing = missing && (await missing);
        if (stillMissing) {
            return this.refuse(line, stillMissing);
        }
        // Before the payment's dialog opens: it is not to begin with a failure.
        const terminal = await this.terminalFor(line, terminalId);
        if (terminal === undefined) {
            return this.refuse(line, _t("No terminal was chosen."));
        }
        const attempt = nextAttempt(line);
        const refused = line.uiState.sci?.error?.code;
        this.lines.record(line, {phase: "starting", attempt});
        this.lines.flush();
        if (OUTDATED.includes(refused)) {
            await this.terminals.refresh();
        }
        const kind = kindOf(line);
        const refusal =
            refusalOf(line, this.pos) ||
            (kind === "refund" && (await refusalOfRefund(line, this.pos)));
        if (refusal) {
            return this.refuse(line, refusal);
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
        return this.saveFirst(line, values);
    }

    /**
     * The terminal of the last attempt, so that Retry means the same one; else the
     * usual one, unless there is reason to ask. No state of a terminal refuses a
     * payment here: the server decides that.
     * @param {number|false} chosen by the cashier already
     * @returns {Promise<number|false|undefined>} false for the usual one, undefined
     * when the cashier was asked and chose none
     */
    async terminalFor(line, chosen) {
        const {terminals} = this;
        const methodId = line.payment_method_id.id;
        const isRefund = kindOf(line) === "refund";
        let terminal = chosen || terminals.lastOf(line)?.id || false;
        const isInDoubt =
            this.isTakenHere(terminals.usual(methodId), line) ||
            terminals.isQuestion(methodId, isRefund);
        if (!terminal && isInDoubt) {
            await terminals.refresh();
            if (terminals.isQuestion(methodId, isRefund)) {
                const answer = await this.chooseTerminal(isRefund ? false : methodId);
                terminal = answer || undefined;
            }
        }
        line.uiState = {...line.uiState, sciTerminal: terminal || false};
        return terminal;
    }

    /** News that this register's own payment has taken a terminal may be on its way. */
    isTakenHere(terminal, line) {
        return this.lines.unresolved.some((other) => {
            const {view} = other.uiState?.sci || {};
            return other !== line && view && view.terminal_id === terminal?.id;
        });
    }

    /**
     * The server did not have the order or the line: once more, as the next attempt.
     * @param {Object} values of the `sci_start` that was refused
     * @returns {Promise<object|null>} as of `prepare`
     */
    prepareAgain(line, values) {
        const attempt = nextAttempt(line);
        this.lines.record(line, {phase: "starting", attempt});
        return this.saveFirst(line, {...values, attempt});
    }

    async saveFirst(line, values) {
        await this.connected();
        if (!(await this.saveOrder(line))) {
            return this.refuse(
                line,
                _t(
                    "The order could not be saved in Odoo, so the card payment was " +
                        "not started. Check the connection and try again."
                )
            );
        }
        const refused = await keepCoupons(line.pos_order_id, this.pos);
        if (refused) {
            return this.refuse(line, refused);
        }
        await this.lines.flush();
        return values;
    }

    refuse(line, message) {
        this.lines.refuse(line.uuid, message);
        return null;
    }

    /**
     * Without the order and its line on the server nobody could tell later what was
     * paid. A save that is under way may have left before the line was there.
     */
    async saveOrder(line) {
        const options = {orders: [line.pos_order_id], force: true, throw: true};
        for (let save = 0; save < SAVES.most; save++) {
            try {
                await withinTimeLimit(this.pos.syncAllOrders(options));
            } catch (error) {
                console.warn("The order could not be saved:", error.message);
                return false;
            }
            if (line.isSynced) {
                return true;
            }
            // Another synchronisation of the same order is under way.
            await delay(SAVES.pause);
        }
        return false;
    }
}
