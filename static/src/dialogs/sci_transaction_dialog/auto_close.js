/** Milliseconds. */
const SECOND = 1000;

/** The time after which a dialog that asks nothing more of the cashier closes. */
export class AutoClose {
    constructor() {
        this.at = 0;
    }

    /**
     * To be called each second, and when something has changed.
     * @param {Number} seconds until it closes, zero to leave it open
     * @returns {Boolean} whether it is to be closed now
     */
    isDue(now, seconds) {
        this.at = seconds > 0 ? this.at || now + seconds * SECOND : 0;
        return this.at > 0 && now >= this.at;
    }

    /** Somebody is reading or printing: the time starts again. */
    restart() {
        this.at = 0;
    }

    /** @returns {Number} whole seconds that are left, zero while it stays open */
    left(now) {
        return this.at ? Math.max(1, Math.ceil((this.at - now) / SECOND)) : 0;
    }
}
