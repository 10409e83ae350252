import {Backoff} from "./backoff";
import {Patience} from "./patience";
import {Pause} from "./pause";

/** Milliseconds without an answer to a start after which its row is searched for. */
export const START_LATE = 2000;

/** The search for the row of a start that is not answered. */
export class RowSearch {
    /**
     * @param {Object} payment see SciPayment
     */
    constructor(payment) {
        this.payment = payment;
        this.patience = new Patience();
        this.pause = new Pause();
        this.isLost = false;
    }

    get isNeeded() {
        return this.payment.phase === "starting";
    }

    /** Searches now and then, until it is known what became of the start. */
    async run() {
        const backoff = new Backoff();
        let pause = START_LATE;
        while (this.isNeeded) {
            await this.pause.wait(pause);
            if (this.isNeeded) {
                pause = await this.look(backoff);
            }
        }
    }

    /** @returns {Promise<number>} milliseconds until the next search */
    async look(backoff) {
        try {
            await this.find();
            backoff.reset();
            return START_LATE;
        } catch (error) {
            // Nothing was learned, so the search goes on.
            const {isBrief} = this.patience;
            if (isBrief && this.isNeeded) {
                this.isLost = true;
                this.payment.report(error);
            }
            return Math.max(isBrief ? 0 : START_LATE, backoff.after(error));
        }
    }

    /** @returns {Promise<boolean>} whether the ledger has a row of this attempt */
    async find() {
        const {payment} = this;
        const {transport, uuid} = payment;
        const rows = await this.ask((how) => transport.find([uuid], how));
        const row = rows.find(({attempt}) => attempt >= payment.attempt);
        if (row) {
            const view = await this.ask((how) => transport.poll(row.id, 0, how));
            payment.problem = false;
            payment.learn(view);
        } else if (this.isLost && this.isNeeded) {
            payment.problem = false;
            payment.changed();
        }
        this.isLost = false;
        return Boolean(row);
    }

    ask(send) {
        return this.patience.ask(send);
    }

    /**
     * Searches at once, also where the connection of the last search is dead.
     * @param {Number} [reads] see READS
     */
    askNow(reads) {
        this.patience.giveUp(reads);
        this.pause.end();
    }
}
