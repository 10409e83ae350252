import {Deferred, delay} from "@web/core/utils/concurrency";

/** A pause that can be cut short. */
export class Pause {
    constructor() {
        this.cut = new Deferred();
    }

    async wait(milliseconds) {
        await Promise.race([delay(milliseconds), this.cut]);
    }

    /** Ends the pauses that are running; without one, nothing happens. */
    end() {
        this.cut.resolve();
        this.cut = new Deferred();
    }
}
