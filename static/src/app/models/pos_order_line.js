import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/** A tip or a surcharge that a terminal has charged cannot be changed in its order. */
export const posOrderlinePatch = {
    /**
     * The ledger is not loaded, so Odoo keeps a line's row only when it comes from the
     * server. For a new line it is in `uiState`, which survives a reload.
     */
    getSciRowId() {
        return this.sci_transaction_id || this.uiState.sciRowId || false;
    },

    isSciFixed() {
        return Boolean(this.sci_line_kind) && !this.order_id?.finalized;
    },

    setQuantity() {
        return this.isSciFixed()
            ? {
                  title: _t("Card payment"),
                  body: _t(
                      "The terminal has charged this amount, so it cannot be changed."
                  ),
              }
            : super.setQuantity(...arguments);
    },

    setDiscount() {
        return this.isSciFixed() ? undefined : super.setDiscount(...arguments);
    },

    canBeMergedWith() {
        return !this.sci_line_kind && super.canBeMergedWith(...arguments);
    },
};

patch(PosOrderline.prototype, posOrderlinePatch);
