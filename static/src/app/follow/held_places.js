/**
 * Polls that a browser has held at the same time: it opens six connections to a host
 * for all its tabs, and sales need some of them.
 */
export const MOST_HELD = 2;

/** Places to have a poll held in, shared by all tabs of the browser. */
export class HeldPlaces {
    /**
     * @param {LockManager|undefined} locks the browser's, which it has over https only;
     * without them each tab counts for itself
     */
    constructor(locks) {
        this.locks = locks;
        this.taken = new Set();
    }

    /**
     * @param {(isHeld: boolean) => Promise} send sends a poll
     * @returns {Promise} its answer
     */
    async use(send) {
        for (let number = 1; number <= MOST_HELD; number++) {
            const name = `pos_mx51_sci.held_poll.${number}`;
            const attempt = async (place) => place && {answer: await send(true)};
            const used = await this.inPlace(name, attempt);
            if (used) {
                return used.answer;
            }
        }
        return send(false);
    }

    inPlace(name, attempt) {
        return this.locks
            ? this.locks.request(name, {ifAvailable: true}, attempt)
            : this.inOwnPlace(name, attempt);
    }

    async inOwnPlace(name, attempt) {
        if (this.taken.has(name)) {
            return attempt(null);
        }
        this.taken.add(name);
        try {
            return await attempt(name);
        } finally {
            this.taken.delete(name);
        }
    }
}
