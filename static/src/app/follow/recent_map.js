/** A Map of the entries that were set last: what a day brings does not pile up. */
export class RecentMap extends Map {
    /**
     * @param {Number} limit how many entries are kept
     */
    constructor(limit) {
        super();
        this.limit = limit;
    }

    set(key, value) {
        this.delete(key);
        super.set(key, value);
        if (this.size > this.limit) {
            this.delete(this.keys().next().value);
        }
        return this;
    }
}
