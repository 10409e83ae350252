import {Mutex, delay} from "@web/core/utils/concurrency";
import {NoAnswer, problemOf} from "./sci_transport";
import {Backoff} from "./backoff";
import {Patience, READS} from "./patience";
import {Pause} from "./pause";
import {isCancelLost} from "./cancel_request";

/** States of an order that the server has finished. */
const FINISHED = ["paid", "done"];

/** How often, and how far apart in milliseconds, the row of a cut-off start is sought. */
const SEARCHES = {most: 3, pause: 1000};

/**
 * Picks up payments that this browser is not following: after a reload, in a new tab,
 * or because the bus mentioned them.
 */
export class SciRecovery {
    /**
     * @param {Object} params
     * @param {Object} params.transport see SciTransport
     * @param {Object} params.follower see SciFollower
     * @param {Object} params.lines see SciLines
     * @param {Object} params.own see OwnPayments
     * @param {(uuid: string) => boolean} params.isBeingPaid whether `pay` is at work
     * @param {() => string|undefined} params.watchedOrder uuid of the order that this
     * browser watches being paid
     * @param {(payment: object, isOld: boolean) => void} params.onEnd `isOld`: the
     * payment ended before this browser knew of it, and its line alone shows it
     */
    constructor({transport, follower, lines, own, isBeingPaid, watchedOrder, onEnd}) {
        Object.assign(this, {transport, follower, lines, own, isBeingPaid, onEnd});
        this.watchedOrder = watchedOrder;
        this.isResumed = false;
        this.betweenRequests = new Pause();
        this.patience = new Patience();
        this.mutex = new Mutex();
        this.nextSearch = null;
    }

    /** Goes on with every payment of this register that is not over. */
    async resume(configId) {
        const rows = await this.untilAnswered((how) =>
            this.transport.resume(configId, how)
        );
        // Of each payment the last attempt counts.
        const last = new Map(rows.map((row) => [row.payment_uuid, row]));
        for (const row of last.values()) {
            if ((row.unresolved || row.paid) && !this.lines.get(row.payment_uuid)) {
                await this.lines.loadOrder(row.order_uuid);
            }
            this.finishAgain(row);
            this.attach(row);
        }
        await this.findRows();
        this.isResumed = true;
    }

    /**
     * An order whose line says that it was paid may still be a draft in Odoo: it was not
     * validated yet, or its validation has not reached Odoo. Only drafts are resumed.
     */
    finishAgain(row) {
        const line = this.lines.get(row.payment_uuid);
        if (row.paid && line?.uiState?.sci?.paid) {
            this.onEnd({uuid: line.uuid, paid: true, view: row}, false);
        }
    }

    /**
     * Follows a row to its end, unless its line knows better already.
     * @param {SciPaymentView} row
     */
    async attach(row) {
        const line = this.lines.get(row.payment_uuid);
        const snapshot = line?.uiState?.sci || {};
        const {attempt} = snapshot;
        const isNews = this.isNews(row, line);
        const isKnown = attempt > row.attempt || (attempt === row.attempt && !isNews);
        if (isKnown || line?.pos_order_id?.finalized) {
            return;
        }
        // A new browser would otherwise announce every order that was ever declined.
        const isOld = attempt === undefined && !row.unresolved && !row.paid;
        const isFollowed = Boolean(this.follower.get(row.payment_uuid));
        const isCancelled = isCancelLost(snapshot, row);
        const payment = await this.follower.resume(row, isCancelled);
        if (isNews && !isFollowed) {
            this.onEnd(payment, isOld);
        }
    }

    /** Whether a row says more than its line knows. */
    isNews(row, line) {
        return (
            row.unresolved ||
            Boolean(line?.isSciUnresolved()) ||
            (row.paid && line?.uiState?.sci?.paid === false)
        );
    }

    /** Lines that wait for a terminal although nobody follows them here. */
    get unfollowedLines() {
        return this.lines.unresolved.filter(
            (line) =>
                !this.follower.get(line.uuid) &&
                !this.isBeingPaid(line.uuid) &&
                !this.isKiosks(line.pos_order_id)
        );
    }

    /** Each register loads the orders of all kiosks; who opens one looks after it. */
    isKiosks(order) {
        return order?.source === "kiosk" && order.uuid !== this.watchedOrder();
    }

    /**
     * Finds the rows of lines that nobody follows. One search runs at a time; whoever
     * asks meanwhile gets one of their own after it.
     * @returns {Promise<void>}
     */
    findRows() {
        this.nextSearch ||= this.mutex.exec(() => {
            this.nextSearch = null;
            return this.searchRows();
        });
        return this.nextSearch;
    }

    /**
     * A start may have been cut off by a reload and still be on its way in the server,
     * so a line without a row is searched for more than once before it may be tried
     * again; the same attempt is then asked for.
     */
    async searchRows() {
        for (let search = 1; this.unfollowedLines.length; search++) {
            await this.attachRows(this.unfollowedLines.map(({uuid}) => uuid));
            if (search === SEARCHES.most) {
                for (const line of this.unfollowedLines) {
                    this.lines.markNotStarted(line);
                }
            } else if (this.unfollowedLines.length) {
                await delay(SEARCHES.pause);
            }
        }
    }

    async attachRows(uuids) {
        for (const row of await this.readRows(uuids)) {
            this.attach(row);
        }
    }

    /**
     * Catches up with an order that is opened on the payment screen: a kiosk or another
     * register may have asked for a card, or for the next one.
     */
    async catchUp(order) {
        const isUnknown = (line) => line.isSci() && line.isSynced && !line.uiState?.sci;
        if (order?.source !== "kiosk" && !order?.payment_ids.some(isUnknown)) {
            return;
        }
        const find = (how) => this.transport.findOfOrder(order.uuid, how);
        for (const row of await this.readRowsOf(find)) {
            const isDropped = !this.lines.get(row.payment_uuid);
            if (row.unresolved || row.paid || !isDropped) {
                await this.watch(row);
            }
        }
    }

    readRows(uuids) {
        return this.readRowsOf((how) => this.transport.find(uuids, how));
    }

    /**
     * @param {(how: SciHow) => Promise<Object[]>} find see SciTransport.find
     * @returns {Promise<SciPaymentView[]>} the last row of each payment that has one
     */
    async readRowsOf(find) {
        const found = await this.untilAnswered(find);
        const last = new Map(found.map((row) => [row.payment_uuid, row.id]));
        const rows = [];
        for (const id of last.values()) {
            const poll = (how) => this.transport.poll(id, 0, how);
            rows.push(await this.untilAnswered(poll));
        }
        return rows;
    }

    /**
     * The server may have finished an order while this browser was away; only drafts
     * are resumed.
     */
    async findFinished() {
        const uuids = this.own.uuids.filter((uuid) => !this.follower.get(uuid));
        const rows = uuids.length ? await this.readRows(uuids) : [];
        for (const uuid of uuids) {
            const row = rows.find(({payment_uuid}) => payment_uuid === uuid);
            if (row?.paid && FINISHED.includes(row.order_state)) {
                await this.lines.loadOrder(row.order_uuid);
                this.onEnd(await this.follower.resume(row), false);
            } else if (!row?.paid && !row?.unresolved) {
                this.own.drop(uuid);
            }
        }
    }

    /**
     * A hint of the bus, possibly repeated. A row that nobody follows here matters
     * only if the bank answers after a person has marked it as not paid, or if the order
     * on the payment screen is paid by another device.
     * @param {{id: number, version: number}} news
     */
    async hint(news) {
        this.betweenRequests.end();
        const isMarked = this.follower.isMarkedUnpaid(news);
        const mayWatch = this.isResumed && this.watchedOrder();
        if (!isMarked && (this.follower.hint(news) || !mayWatch)) {
            return;
        }
        try {
            const poll = (how) => this.transport.poll(news.id, 0, how);
            const row = await this.patience.ask(poll);
            if (isMarked) {
                this.attach(row);
            } else if (row.order_uuid === this.watchedOrder()) {
                await this.watch(row);
            }
        } catch (error) {
            console.warn("Card payment hint:", error.message);
        }
    }

    /** The line of another device's payment may not be here yet. */
    async watch(row) {
        if (!this.lines.get(row.payment_uuid)) {
            await this.lines.loadOrder(row.order_uuid);
        }
        if (!this.isBeingPaid(row.payment_uuid)) {
            this.attach(row);
        }
    }

    /** This page may have slept, and its connections be dead: asks afresh. */
    askNow() {
        this.patience.giveUp(READS.allDead);
        this.betweenRequests.end();
        this.follower.askNow(READS.allDead);
        this.clearConnections();
    }

    /**
     * The browser closes a connection over which a read was given up, so that the next
     * requests, Odoo's own too, do not wait on it.
     */
    async clearConnections() {
        try {
            await this.patience.once((how) => this.transport.touch(how));
        } catch (error) {
            console.warn("Awake again:", error.message);
        }
    }

    /** Until connections that may be dead are closed. */
    async ready() {
        if (this.patience.isBrief) {
            await this.patience.ready();
        }
    }

    /**
     * Sends a read until Odoo answers. While Odoo refuses, the lines that wait show
     * the reason and stay locked, and the read is repeated at long intervals.
     * @param {(how: SciHow) => Promise} send
     */
    async untilAnswered(send) {
        const backoff = new Backoff();
        for (;;) {
            try {
                return await this.patience.ask(send);
            } catch (error) {
                console.warn("Card payments:", error.message);
                if (!(error instanceof NoAnswer)) {
                    this.showRefusal(error);
                }
                await this.betweenRequests.wait(backoff.after(error));
            }
        }
    }

    showRefusal(error) {
        const problem = problemOf(error);
        for (const line of this.unfollowedLines) {
            const snapshot = {phase: "starting", ...line.uiState?.sci, problem};
            this.lines.record(line, snapshot);
        }
    }
}
