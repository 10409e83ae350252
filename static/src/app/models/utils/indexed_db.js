import IndexedDB from "@point_of_sale/app/models/utils/indexed_db";
import {patch} from "@web/core/utils/patch";

/**
 * Browsers close the database of a page that sleeps. Odoo would keep nothing from then
 * on, and each attempt would end in an error over the screen that shows a payment.
 */
export const indexedDBPatch = {
    getNewTransaction() {
        const transaction = super.getNewTransaction(...arguments);
        if (!transaction && this.db) {
            this.db = null;
            this.databaseEventListener(() => undefined);
        }
        return transaction;
    },

    /** What cannot be written now is written with the next change. */
    async promises() {
        const results = await super.promises(...arguments);
        await Promise.allSettled(results || []);
        return results;
    },
};

patch(IndexedDB.prototype, indexedDBPatch);
