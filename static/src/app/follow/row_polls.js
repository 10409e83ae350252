import {Patience} from "./patience";
import {delay} from "@web/core/utils/concurrency";

/** Seconds between two looks at the ledger, where the server says nothing of it. */
const LOOK_EVERY = 2;

/** The polls of one payment, one at a time; the one on its way can be given up. */
export class RowPolls {
    /**
     * @param {Object} payment see SciPayment
     */
    constructor(payment) {
        this.payment = payment;
        this.patience = new Patience();
        this.current = null;
    }

    get isBrief() {
        return this.patience.isBrief;
    }

    /** @returns {Promise<object>} the answer to the next poll */
    async next() {
        const {transport, view} = this.payment;
        const {id, version} = view;
        try {
            return await this.patience.once((how) => {
                this.current = how.signal;
                if (!how.brief) {
                    this.watch(how.signal, id, version);
                }
                return transport.poll(id, version, how);
            });
        } finally {
            this.current = null;
        }
    }

    /**
     * A connection that died without a word brings no answer. The ledger may have one
     * all the same, because Odoo goes on asking.
     */
    async watch(poll, id, version) {
        const {transport, view} = this.payment;
        for (;;) {
            await delay((view.look_every || LOOK_EVERY) * 1000);
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

    /**
     * The next polls are short, until one is answered.
     * @param {Number} [reads] see READS
     */
    giveUp(reads) {
        this.patience.giveUp(reads);
    }

    /** See Patience. */
    ready() {
        return this.patience.ready();
    }

    abort() {
        this.patience.abort();
    }
}
