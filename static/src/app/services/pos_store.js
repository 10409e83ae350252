import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {SciDesk} from "@pos_mx51_sci/app/sci/sci_desk";
import {_t} from "@web/core/l10n/translation";
import {markRaw} from "@odoo/owl";
import {orderLockText} from "@pos_mx51_sci/app/sci/sci_texts";
import {patch} from "@web/core/utils/patch";

/**
 * Methods of pos_restaurant that take an order apart, each with that order first. It
 * may be installed or not, and may patch the store after this file: so the store's
 * own methods are wrapped once it is complete.
 */
const TAKING_APART = ["mergeOrders", "restoreOrdersToOriginalTable"];

patch(PosStore.prototype, {
    async setup(env, services) {
        this.sci = markRaw(new SciDesk(this, services.pos_data));
        this.guardOrdersForSci();
        await super.setup(...arguments);
        this.sci.open();
    },

    guardOrdersForSci() {
        for (const name of TAKING_APART.filter((method) => this[method])) {
            const method = this[name];
            this[name] = async (order, ...args) =>
                this.refuseForSci(order) ? false : method.call(this, order, ...args);
        }
    },

    /**
     * Says why when a card payment forbids to delete, merge or split an order.
     * @returns {Boolean} whether it does
     */
    refuseForSci(order) {
        const lines = order?.getSciLockedLines() || [];
        if (lines.length) {
            this.dialog.add(AlertDialog, {
                title: _t("Card payment"),
                body: orderLockText(lines),
            });
        }
        return lines.length > 0;
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

    /** "Edit Payment" after the sale would let a charged card go for cash. */
    canEditPayment(order) {
        const isCharged = order.payment_ids.some(
            (line) => line.isSci() && line.isDone()
        );
        return super.canEditPayment(...arguments) && !isCharged;
    },

    navigate(routeName) {
        if (routeName === "SplitBillScreen" && this.refuseForSci(this.getOrder())) {
            return false;
        }
        return super.navigate(...arguments);
    },
});
