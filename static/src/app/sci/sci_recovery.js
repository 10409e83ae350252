import {_t} from "@web/core/l10n/translation";

/** How often, and how far apart, the row of a start that was cut off is looked for. */
const LOOKS = {most: 3, pause: 1000};

/** Milliseconds between questions that Odoo did not answer: first and longest. */
const BACKOFF = {first: 500, longest: 2000};

/**
 * Picks up payments that this browser is not following: after a reload, in a new tab,
 * or because the bus mentioned them.
 */
export class SciRecovery {
    /**
     * @param {Object} desk see SciDesk
     */
    constructor(desk) {
        this.desk = desk;
    }

    get pos() {
        return this.desk.pos;
    }

    /** Goes on with every payment of this register that is not over. */
    async resume() {
        const rows = await this.untilAnswered(() =>
            this.desk.transport.resume(this.pos.config.id)
        );
        // Of each payment the last attempt counts.
        const last = new Map(rows.map((row) => [row.payment_uuid, row]));
        for (const row of last.values()) {
            if ((row.unresolved || row.paid) && !this.desk.line(row.payment_uuid)) {
                await this.loadOrder(row.order_uuid);
            }
            this.remind(row);
            this.attach(row);
        }
        await this.settleDoubts();
    }

    /**
     * An order whose line says that it was paid may still be a draft in Odoo: it was not
     * validated yet, or Odoo has not heard of it. Only drafts are resumed.
     */
    remind(row) {
        const line = this.desk.line(row.payment_uuid);
        if (row.paid && line?.uiState?.sci?.paid) {
            this.desk.finish({uuid: line.uuid, paid: true, view: row});
        }
    }

    /**
     * Follows a row to its end, unless its line knows better already.
     * @param {Object} row public view of a row
     */
    async attach(row) {
        const line = this.desk.line(row.payment_uuid);
        const {attempt, paid} = line?.uiState?.sci || {};
        const isNews =
            row.unresolved ||
            Boolean(line?.isSciUnresolved()) ||
            (row.paid && paid === false);
        const isKnown = attempt > row.attempt || (attempt === row.attempt && !isNews);
        if (isKnown || line?.pos_order_id?.finalized) {
            return;
        }
        // A browser that comes anew would tell of each order that was ever declined.
        const isOld = attempt === undefined && !row.unresolved && !row.paid;
        const {follower} = this.desk;
        const isFollowed = Boolean(follower.get(row.payment_uuid));
        const payment = await follower.resume(row);
        if (isNews && !isFollowed) {
            this.desk.finish(payment, isOld);
        }
    }

    /** The order went to the server before its payment did, so it can be fetched. */
    async loadOrder(uuid) {
        try {
            await this.pos.data.loadServerOrders([["uuid", "=", uuid]]);
        } catch (error) {
            console.warn("The order of a card payment could not be read:", error);
        }
    }

    /** Lines that wait for a terminal although nobody follows them here. */
    get doubtfulLines() {
        const {follower, preparing} = this.desk;
        return this.pos.models["pos.payment"].filter(
            (line) =>
                line.isSciUnresolved() &&
                !line.pos_order_id?.finalized &&
                !follower.get(line.uuid) &&
                !preparing.has(line.uuid)
        );
    }

    /**
     * Finds the rows of doubtful lines. A start may have been cut off by a reload and
     * still be on its way in the server, so a line without a row gets more than one
     * look before it may be tried again; the same attempt is then asked for.
     */
    async settleDoubts() {
        for (let look = 1; this.doubtfulLines.length; look++) {
            await this.lookForRows(this.doubtfulLines.map((line) => line.uuid));
            if (look === LOOKS.most) {
                for (const line of this.doubtfulLines) {
                    this.desk.refuse(line.uuid, _t("The payment was not started."));
                }
            } else if (this.doubtfulLines.length) {
                await new Promise((resolve) => setTimeout(resolve, LOOKS.pause));
            }
        }
    }

    async lookForRows(uuids) {
        const {transport} = this.desk;
        const found = await this.untilAnswered(() => transport.find(uuids));
        const last = new Map(found.map((row) => [row.payment_uuid, row.id]));
        for (const id of last.values()) {
            this.attach(await this.untilAnswered(() => transport.poll(id, 0)));
        }
    }

    /**
     * A hint of the bus, possibly repeated. A row that nobody follows here matters
     * only if the bank answers after somebody has said that it was not paid.
     * @param {{id: number, version: number}} news
     */
    async hint(news) {
        const {follower, transport} = this.desk;
        if (!follower.isMarkedUnpaid(news)) {
            follower.hint(news);
            return;
        }
        try {
            this.attach(await transport.poll(news.id, 0));
        } catch (error) {
            console.warn("Card payment hint:", error.message);
        }
    }

    async untilAnswered(question) {
        for (
            let pause = BACKOFF.first;
            ;
            pause = Math.min(pause * 2, BACKOFF.longest)
        ) {
            try {
                return await question();
            } catch (error) {
                console.warn("Card payments:", error.message);
            }
            await new Promise((resolve) => setTimeout(resolve, pause));
        }
    }
}
