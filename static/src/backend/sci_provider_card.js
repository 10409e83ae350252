import {PosPaymentProviderCards} from "@point_of_sale/backend/pos_payment_provider_cards/pos_payment_provider_cards";
import {patch} from "@web/core/utils/patch";

/** Odoo's list of providers is its own; our card stands beside it. */
patch(PosPaymentProviderCards.prototype, {
    openSciSetUp() {
        return this.action.doAction("pos_mx51_sci.action_pos_sci_set_up");
    },
});
