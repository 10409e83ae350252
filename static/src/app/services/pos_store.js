import {PosStore} from "@point_of_sale/app/services/pos_store";
import {SPLITTING, guardOrders} from "./order_guards";
import {SciService} from "./sci_service";
import {markRaw} from "@odoo/owl";
import {patch} from "@web/core/utils/patch";

export const posStorePatch = {
    async setup(env, services) {
        this.sci = markRaw(new SciService(this, services.pos_data));
        guardOrders(this, services.pos_data);
        await super.setup(...arguments);
        this.sci.open();
    },

    /**
     * Says why when a card payment forbids deleting, merging or splitting an order.
     * @returns {Boolean} whether it does
     */
    refuseForSci(order) {
        return this.sci.refuseBecauseOf(order?.getSciLockedLines() || []);
    },

    isMergeLockedForSci(source, destination) {
        return [source, destination].some((order) => order.getSciLockedLines().length);
    },

    /** The same for two orders that would become one; with one, nothing is merged. */
    refuseMergeForSci(source, destination) {
        return Boolean(
            source &&
                destination &&
                (this.refuseForSci(source) || this.refuseForSci(destination))
        );
    },

    async _onBeforeDeleteOrder(order) {
        if (!order.isSciGivenBack() && this.refuseForSci(order)) {
            return false;
        }
        return super._onBeforeDeleteOrder(...arguments);
    },

    removeOrder(order) {
        if (order.getSciLockedLines().length) {
            if (!order.isSciGivenBack()) {
                return !this.refuseForSci(order);
            }
            // Its payment lines stay for as long as it is a draft.
            order.state = "cancel";
        }
        return super.removeOrder(...arguments);
    },

    /** A tip that a terminal has charged is not the cashier's to change. */
    async setTip(tip) {
        const order = this.getOrder();
        const tips = order.lines.filter((line) => line.isTipLine());
        if (!tips.some((line) => line.isSciFixed())) {
            return super.setTip(...arguments);
        }
        const own = tips.find((line) => !line.isSciFixed());
        if (own) {
            own.setUnitPrice(tip);
            return own;
        }
        const product = this.config.tip_product_id;
        return this.addLineToCurrentOrder({
            product_id: product,
            price_unit: tip,
            product_tmpl_id: product.product_tmpl_id,
        });
    },

    /** "Edit Payment" after the sale would turn a charged card into cash. */
    canEditPayment(order) {
        const isCharged = order.payment_ids.some(
            (line) => line.isSci() && line.isDone()
        );
        return super.canEditPayment(...arguments) && !isCharged;
    },

    /** Where Odoo goes on once an order is done: not with one that a card is paying. */
    get openOrder() {
        const isFree = (order) => !order.finalized && !order.getSciLockedLines().length;
        return this.models["pos.order"].find(isFree) || this.addNewOrder();
    },

    navigate(routeName) {
        if (routeName === SPLITTING && this.refuseForSci(this.getOrder())) {
            return false;
        }
        return super.navigate(...arguments);
    },
};

patch(PosStore.prototype, posStorePatch);
