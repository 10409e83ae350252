import {browser} from "@web/core/browser/browser";

const STORAGE_KEY = "pos_mx51_sci.own_payments";

/** Payments that are remembered; far more than a register has under way. */
const KEPT = 50;

function read() {
    try {
        const kept = JSON.parse(browser.localStorage.getItem(STORAGE_KEY) || "[]");
        return Array.isArray(kept) ? kept.filter(Array.isArray) : [];
    } catch {
        return [];
    }
}

function write(kept) {
    try {
        browser.localStorage.setItem(STORAGE_KEY, JSON.stringify(kept.slice(-KEPT)));
    } catch (error) {
        console.warn("Card payments: what was started could not be kept", error);
    }
}

/**
 * Payments that this tab has started and whose orders have not gone on yet to kitchen,
 * drawer and receipt. What follows a sale happens here, and in no other tab or browser
 * that shows the order; after a reload too, so they are kept in the browser.
 */
export class OwnPayments {
    constructor() {
        this.orders = new Map(read());
    }

    /** @returns {String[]} uuids of the payments */
    get uuids() {
        return [...this.orders.keys()];
    }

    keep(uuid, orderUuid) {
        this.drop(uuid);
        this.orders.set(uuid, orderUuid);
        write([...read(), [uuid, orderUuid]]);
    }

    drop(uuid) {
        this.orders.delete(uuid);
        write(read().filter(([kept]) => kept !== uuid));
    }

    /** @returns {Boolean} whether a payment of that order is among them */
    has(orderUuid) {
        const isKept = read().some(([, kept]) => kept === orderUuid);
        return isKept && [...this.orders.values()].includes(orderUuid);
    }

    /** @returns {Boolean} the same, and true once */
    claim(orderUuid) {
        const isOwn = this.has(orderUuid);
        for (const [uuid, kept] of this.orders) {
            if (kept === orderUuid) {
                this.drop(uuid);
            }
        }
        return isOwn;
    }
}
