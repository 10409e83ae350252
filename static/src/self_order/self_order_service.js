import {SelfOrder} from "@pos_self_order/app/services/self_order_service";
import {patch} from "@web/core/utils/patch";

patch(SelfOrder.prototype, {
    async setup() {
        /** Of each order, the last row of the ledger that the customer has seen. */
        this.sciRows = new Map();
        await super.setup(...arguments);
    },

    /** Odoo has a list of its own here. */
    filterPaymentMethods(methods) {
        const found = super.filterPaymentMethods(methods);
        const ours = this.kioskMode
            ? methods.filter((method) => method.use_payment_terminal === "mx51_sci")
            : [];
        return [...new Set([...found, ...ours])];
    },
});
