/**
 * Milliseconds that a read gets while the connection may be dead: one that leaves at
 * once, and those after it; and for how long reads are kept short.
 */
export const BRIEF = {first: 800, next: 2000, lasts: 5000};

function untilGivenUp(signal) {
    return new Promise((_resolve, reject) => {
        const error = Object.assign(new Error("Given up"), {isGivenUp: true});
        signal.addEventListener("abort", () => reject(error));
    });
}

/**
 * How long reads are waited for. Once the page wakes up, their connections may be dead,
 * and so may the one that the browser sends the next read over. So those on their way
 * are given up, and the next ones are short until one is answered.
 *
 * Only for reads: what was given up may have been done.
 */
export class Patience {
    constructor() {
        this.running = new Set();
        this.givenUpAt = 0;
    }

    /** Milliseconds since what was on its way was given up. */
    get passed() {
        return Date.now() - this.givenUpAt;
    }

    get isBrief() {
        return this.passed < BRIEF.lasts;
    }

    /** Gives up what is on its way; the next reads are short. */
    giveUp() {
        this.givenUpAt = Date.now();
        this.abort();
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
        const how = {brief: this.isBrief, limit: this.limit, signal};
        this.running.add(controller);
        try {
            const found = await Promise.race([send(how), untilGivenUp(signal)]);
            this.givenUpAt = 0;
            return found;
        } catch (error) {
            // The browser sends the next one over another connection.
            error.isGivenUp ||= Boolean(error.timedOut) && how.limit === BRIEF.first;
            throw error;
        } finally {
            this.running.delete(controller);
        }
    }

    get limit() {
        if (!this.isBrief) {
            return undefined;
        }
        return this.passed < BRIEF.first ? BRIEF.first : BRIEF.next;
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
