import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {patch} from "@web/core/utils/patch";

patch(PosOrder.prototype, {
    /** Card payments whose outcome is open: the order must wait for them. */
    getSciUnresolvedLines() {
        return this.payment_ids.filter((line) => line.isSciUnresolved());
    },

    /** Card payments that tie the order down: open ones and approved ones. */
    getSciLockedLines() {
        return this.finalized
            ? []
            : this.payment_ids.filter((line) => line.isSciLocked());
    },

    removePaymentline(line) {
        return line.isSciLocked() ? undefined : super.removePaymentline(...arguments);
    },

    /** A card payment that was declined leaves the way open for another method. */
    electronicPaymentInProgress() {
        return (
            super.electronicPaymentInProgress() &&
            this.payment_ids.some(
                (line) =>
                    line.payment_status &&
                    !["done", "reversed"].includes(line.payment_status) &&
                    !(line.isSci() && line.payment_status === "retry")
            )
        );
    },
});
