import {NoAnswer} from "./sci_transport";
import {delay} from "@web/core/utils/concurrency";

/** Milliseconds between two looks at the ledger while a poll has no answer. */
export const WATCH_EVERY = 2000;

/** How many polls are kept short while the connection may be dead. */
export const BRIEF_POLLS = 3;

/** The polls of one payment, one at a time; the one on its way can be given up. */
export class RowPolls {
    /**
     * @param {Object} payment see SciPayment
     */
    constructor(payment) {
        this.payment = payment;
        this.current = null;
        this.brief = 0;
    }

    get isBrief() {
        return this.brief > 0;
    }

    /** @returns {Promise<object>} the answer to the next poll */
    async next() {
        const {payment, isBrief: brief} = this;
        const {id, version} = payment.view;
        const controller = new AbortController();
        const {signal} = controller;
        const givenUp = new Promise((_resolve, reject) => {
            const error = Object.assign(new NoAnswer(), {isGivenUp: true});
            signal.addEventListener("abort", () => reject(error));
        });
        this.current = controller;
        this.brief = Math.max(0, this.brief - 1);
        if (!brief) {
            this.watch(controller, id, version);
        }
        try {
            const answer = payment.transport.poll(id, version, {brief, signal});
            const found = await Promise.race([answer, givenUp]);
            this.brief = 0;
            return found;
        } finally {
            this.current = this.current === controller ? null : this.current;
        }
    }

    /**
     * A connection that died without a word brings no answer. The ledger may have one
     * all the same, because Odoo goes on asking.
     */
    async watch(poll, id, version) {
        const {transport} = this.payment;
        for (;;) {
            await delay(WATCH_EVERY);
            if (this.current !== poll) {
                return;
            }
            const known = await transport.versionOf(id).catch(() => 0);
            if (this.current === poll && known > version) {
                this.giveUp();
                return;
            }
        }
    }

    /** The next polls are short, until one is answered. */
    giveUp() {
        this.brief = BRIEF_POLLS;
        this.abort();
    }

    abort() {
        this.current?.abort();
    }
}
