import {Deferred, delay} from "@web/core/utils/concurrency";
import {browser} from "@web/core/browser/browser";

/**
 * Milliseconds of what is read while connections may be dead: between two reads, how
 * long the first one and the others get, and for how long it is done.
 */
export const BRIEF = {every: 150, first: 800, others: 2000, lasts: 5000};

/**
 * Over how many connections something is read: all six that a browser has to a host may
 * be dead (the place of the first read is free again when the last one leaves), or one.
 */
export const READS = {allDead: 7, oneDead: 2};

function untilGivenUp(signal) {
    return new Promise((_resolve, reject) => {
        const error = Object.assign(new Error("Given up"), {isGivenUp: true});
        signal.addEventListener("abort", () => reject(error));
    });
}

/**
 * Sends the same read a few times, each time over another connection. The first one that
 * is answered or refused decides; one that takes too long says nothing.
 */
function firstAnswer(send, reads, signal) {
    return new Promise((resolve, reject) => {
        let left = reads;
        const read = async (limit) => {
            if (signal.aborted) {
                return;
            }
            try {
                resolve(await send({brief: true, limit, signal}));
            } catch (error) {
                left -= 1;
                if (!error.timedOut || !left) {
                    reject(error);
                }
            }
        };
        read(BRIEF.first);
        for (let number = 1; number < reads; number++) {
            browser.setTimeout(() => read(BRIEF.others), number * BRIEF.every);
        }
    });
}

/**
 * How long reads are waited for. Once the page wakes up, their connections may be dead,
 * and so may those that the browser sends the next reads over. So those on their way are
 * given up, and the next ones are short, and sent over several, until one is answered.
 *
 * Only for reads: what was given up may have been done.
 */
export class Patience {
    constructor() {
        this.running = new Set();
        this.givenUpAt = 0;
        this.reads = READS.oneDead;
        this.answered = null;
    }

    get isBrief() {
        return Date.now() - this.givenUpAt < BRIEF.lasts;
    }

    /**
     * Gives up what is on its way; the next reads are short.
     * @param {Number} reads see READS
     */
    giveUp(reads = READS.oneDead) {
        this.reads = this.isBrief ? Math.max(this.reads, reads) : reads;
        this.givenUpAt = Date.now();
        this.answered ||= new Deferred();
        this.abort();
    }

    /**
     * While reads are short: until one is answered, for a while. What a person presses
     * leaves over the connection of that answer then, the newest that the browser has.
     */
    ready() {
        return Promise.race([this.answered, delay(BRIEF.lasts)]);
    }

    abort() {
        this.running.forEach((controller) => controller.abort());
    }

    /**
     * Sends a read, again as often as it is given up.
     * @param {Function} send see `once`
     */
    async ask(send) {
        for (;;) {
            try {
                return await this.once(send);
            } catch (error) {
                if (!error.isGivenUp) {
                    throw error;
                }
            }
        }
    }

    /**
     * Sends a read. The error has `isGivenUp` where the next one is to leave at once.
     * @param {(how: SciHow) => Promise} send
     */
    async once(send) {
        const controller = new AbortController();
        const {signal} = controller;
        this.running.add(controller);
        try {
            const answer = this.isBrief
                ? firstAnswer(send, this.reads, signal)
                : send({brief: false, signal});
            const found = await Promise.race([answer, untilGivenUp(signal)]);
            this.givenUpAt = 0;
            this.answered?.resolve();
            this.answered = null;
            return found;
        } catch (error) {
            if (!error.timedOut && !error.isGivenUp) {
                this.answered?.resolve(); // a refusal is an answer too
            }
            throw error;
        } finally {
            this.running.delete(controller);
            controller.abort(); // the reads that were not needed
        }
    }
}

/**
 * How a read is waited for.
 *
 * @typedef {Object} SciHow
 * @property {Boolean} brief an answer of now is enough, and is wanted soon
 * @property {Number|undefined} limit milliseconds, unless it may take its time
 * @property {AbortSignal} signal gives it up
 */
