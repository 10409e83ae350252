import {PosStore} from "@point_of_sale/app/services/pos_store";
import {SciService} from "./sci_service";
import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

/**
 * Methods of pos_restaurant that take an order apart, each with that order first. It
 * may be installed or not, and may patch the store after this file: so the store's
 * own methods are wrapped once it is complete.
 */
export const TAKING_APART = ["mergeOrders", "restoreOrdersToOriginalTable"];

/** The page of pos_restaurant that splits an order. */
const SPLITTING = "SplitBillScreen";

/**
 * @param {Object} store the POS store, or its prototype
 * @param {Iterable<string>} [modules] names of the modules that are loaded
 * @returns {String[]} what is guarded here by its name, and pos_restaurant, although
 * it is installed, does not have
 */
export function missingGuards(store, modules = odoo.loader.modules.keys()) {
    if (![...modules].some((name) => name.startsWith("@pos_restaurant/"))) {
        return [];
    }
    const missing = TAKING_APART.filter((name) => !store[name]);
    const hasPage = registry.category("pos_pages").contains(SPLITTING);
    return hasPage ? missing : [...missing, SPLITTING];
}

export const posStorePatch = {
    async setup(env, services) {
        this.sci = markRaw(new SciService(this, services.pos_data));
        this.guardOrdersForSci();
        await super.setup(...arguments);
        this.sci.open();
    },

    guardOrdersForSci() {
        const missing = missingGuards(this);
        if (missing.length) {
            console.error(
                "Orders with card payments are not guarded: pos_restaurant has no",
                missing
            );
        }
        for (const name of TAKING_APART.filter((method) => this[method])) {
            const method = this[name];
            this[name] = async (order, ...args) =>
                this.refuseForSci(order) ? false : method.call(this, order, ...args);
        }
    },

    /**
     * Says why when a card payment forbids deleting, merging or splitting an order.
     * @returns {Boolean} whether it does
     */
    refuseForSci(order) {
        return this.sci.refuseBecauseOf(order?.getSciLockedLines() || []);
    },

    async _onBeforeDeleteOrder(order) {
        if (this.refuseForSci(order)) {
            return false;
        }
        return super._onBeforeDeleteOrder(...arguments);
    },

    removeOrder(order) {
        if (this.refuseForSci(order)) {
            return false;
        }
        return super.removeOrder(...arguments);
    },

    /** "Edit Payment" after the sale would turn a charged card into cash. */
    canEditPayment(order) {
        const isCharged = order.payment_ids.some(
            (line) => line.isSci() && line.isDone()
        );
        return super.canEditPayment(...arguments) && !isCharged;
    },

    navigate(routeName) {
        if (routeName === SPLITTING && this.refuseForSci(this.getOrder())) {
            return false;
        }
        return super.navigate(...arguments);
    },
};

patch(PosStore.prototype, posStorePatch);
