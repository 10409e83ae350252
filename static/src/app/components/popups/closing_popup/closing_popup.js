import {onWillStart, useState} from "@odoo/owl";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ClosePosPopup} from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import {SciUnresolved} from "@pos_mx51_sci/app/components/sci_unresolved/sci_unresolved";
import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {patch} from "@web/core/utils/patch";

Object.assign(ClosePosPopup.components, {SciUnresolved});

/** The register closes once its card payments are resolved, or a manager insists. */
export const closePosPopupPatch = {
    setup() {
        super.setup(...arguments);
        this.sci = useState({rows: []});
        onWillStart(async () => {
            try {
                await this.loadSciUnresolved();
            } catch (error) {
                // The server checks again before it closes anything.
                console.warn("Card payments without a result:", error.message);
            }
        });
    },

    async loadSciUnresolved() {
        const {id} = this.pos.session;
        this.sci.rows = await this.pos.data.call("pos.session", "sci_unresolved", [
            [id],
        ]);
    },

    async confirm() {
        await this.loadSciUnresolved();
        if (!this.sci.rows.length) {
            return super.confirm(...arguments);
        }
        // The list may have been scrolled out of sight.
        document.querySelector(".o_sci_unresolved")?.scrollIntoView();
        return undefined;
    },

    async openSciOrder(row) {
        const order =
            this.findSciOrder(row) ||
            (await this.pos.data.loadServerOrders([["uuid", "=", row.order_uuid]]))[0];
        if (!order || order.finalized) {
            this.dialog.add(AlertDialog, {
                title: _t("Card payment"),
                body: _t(
                    "The order of this payment is no longer open. A manager can record " +
                        "the outcome under Point of Sale, EFTPOS transactions."
                ),
            });
            return;
        }
        this.props.close();
        this.pos.setOrder(order);
        this.pos.navigate("PaymentScreen", {orderUuid: order.uuid});
    },

    findSciOrder(row) {
        return this.pos.models["pos.order"].getBy("uuid", row.order_uuid);
    },

    async closeSciAnyway() {
        const {rows} = this.sci;
        const isSure = await ask(this.dialog, {
            title: _t("Close without these results?"),
            body: _t(
                "The payments go to the EFTPOS reviews. Their orders stay open for the " +
                    "next session."
            ),
            confirmLabel: _t("Close without results"),
            cancelLabel: _t("Keep waiting"),
        });
        if (!isSure) {
            return;
        }
        const postponed = await this.pos.data.call("pos.session", "sci_close_anyway", [
            [this.pos.session.id],
            rows.map(({id}) => id),
        ]);
        for (const order of this.pos.models["pos.order"].readMany(postponed)) {
            order.session_id = undefined;
        }
        await this.loadSciUnresolved();
    },
};

patch(ClosePosPopup.prototype, closePosPopupPatch);
