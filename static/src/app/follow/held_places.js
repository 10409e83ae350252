import {delay} from "@web/core/utils/concurrency";

/**
 * Polls that a browser has held at the same time: it opens six connections to a host
 * for all its tabs, and sales need some of them.
 */
export const MOST_HELD = 2;

/** Milliseconds after which a place is free although nobody has left it: a tab that is
 * closed cannot, and no poll is held for longer. */
export const LEFT_AFTER = 40000;

/** Milliseconds after which what a tab has stored is seen by all others. */
export const SEEN_AFTER = 50;

/**
 * As much of the browser's lock manager as is needed here. Tabs that look in the same
 * moment all find a place free, and it belongs to the one that wrote last.
 */
class StoredLocks {
    constructor(storage) {
        this.storage = storage;
    }

    async request(name, options, work) {
        const until = await this.take(name);
        try {
            return await work(until ? name : null);
        } finally {
            this.leave(name, until);
        }
    }

    /** @returns {Promise<String|false>} until when it is ours; never without a storage */
    async take(name) {
        try {
            const now = Date.now();
            const taken = Number(this.storage.getItem(name)) - now;
            if (taken > 0 && taken <= LEFT_AFTER) {
                return false;
            }
            // The fraction tells two tabs apart.
            const until = String(now + LEFT_AFTER - Math.random());
            this.storage.setItem(name, until);
            await delay(SEEN_AFTER);
            return this.storage.getItem(name) === until && until;
        } catch {
            return false;
        }
    }

    /** A lock that another tab has meanwhile is not ours to free. */
    leave(name, until) {
        if (until && this.storage.getItem(name) === until) {
            this.storage.removeItem(name);
        }
    }
}

/** Places to have a poll held in, shared by all tabs of the browser. */
export class HeldPlaces {
    /**
     * @param {Object} browser its `navigator.locks`, which it has over https only, else
     * its `localStorage`, count the places of all tabs
     */
    constructor({navigator, localStorage}) {
        this.locks = navigator.locks || new StoredLocks(localStorage);
    }

    /**
     * @param {(isHeld: boolean) => Promise} send sends a poll
     * @returns {Promise} its answer
     */
    async use(send) {
        for (let number = 1; number <= MOST_HELD; number++) {
            const name = `pos_mx51_sci.held_poll.${number}`;
            const attempt = async (place) => place && {answer: await send(true)};
            const used = await this.locks.request(name, {ifAvailable: true}, attempt);
            if (used) {
                return used.answer;
            }
        }
        return send(false);
    }
}
