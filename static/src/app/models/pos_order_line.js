import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/** A tip or a surcharge that a terminal has charged cannot be changed in its order. */
export const posOrderlinePatch = {
    isSciFixed() {
        return Boolean(this.sci_line_kind) && !this.order_id?.finalized;
    },

    /** Whether a terminal has added it, or added what it takes back. */
    isSciAdded() {
        return Boolean(this.sci_line_kind || this.refunded_orderline_id?.sci_line_kind);
    },

    /** @returns {{title: string, body: string}} why it is fixed, for a dialog */
    getSciNotice() {
        return {
            title: _t("Card payment"),
            body: _t("The terminal has charged this amount, so it cannot be changed."),
        };
    },

    setQuantity() {
        return this.isSciFixed()
            ? this.getSciNotice()
            : super.setQuantity(...arguments);
    },

    setDiscount() {
        return this.isSciFixed() ? undefined : super.setDiscount(...arguments);
    },

    setUnitPrice() {
        return this.isSciFixed() ? undefined : super.setUnitPrice(...arguments);
    },

    canBeMergedWith() {
        return !this.sci_line_kind && super.canBeMergedWith(...arguments);
    },
};

patch(PosOrderline.prototype, posOrderlinePatch);
