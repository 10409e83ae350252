import {onWillStart, useState} from "@odoo/owl";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ClosePosPopup} from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import {SciDay} from "@pos_mx51_sci/app/components/sci_day/sci_day";
import {SciDayDesk} from "@pos_mx51_sci/app/services/sci_day_desk";
import {SciUnfinishedOrders} from "@pos_mx51_sci/app/components/sci_unfinished_orders/sci_unfinished_orders";
import {SciUnresolved} from "@pos_mx51_sci/app/components/sci_unresolved/sci_unresolved";
import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {identifyManager, usesEmployees} from "@pos_mx51_sci/app/request/manager";
import {patch} from "@web/core/utils/patch";

Object.assign(ClosePosPopup.components, {SciDay, SciUnresolved});

/** The register closes once its card payments are resolved, or a manager insists. */
export const closePosPopupPatch = {
    setup() {
        super.setup(...arguments);
        this.sci = useState({rows: []});
        this.sciDay = new SciDayDesk(this.pos);
        this.sciDayState = useState(this.sciDay.state);
        onWillStart(async () => {
            try {
                await Promise.all([this.loadSciUnresolved(), this.sciDay.load()]);
            } catch (error) {
                // The server checks again before it closes anything.
                console.warn("Card payments of the session:", error.message);
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
        this.showSciUnresolved();
        return undefined;
    },

    /** Says why nothing closes; then to the list, which may be out of sight. */
    showSciUnresolved() {
        this.dialog.add(
            AlertDialog,
            {
                title: _t("Card payments without a result"),
                body: this.canCloseSciAnyway
                    ? _t(
                          "Resolve them first, or close without these results. The list " +
                              "leads to their orders."
                      )
                    : _t(
                          "Resolve them first; the list leads to their orders. A " +
                              "manager may close without these results."
                      ),
            },
            {
                onClose: () => {
                    const list = document.querySelector(".o_sci_unresolved");
                    list?.scrollIntoView();
                    list?.querySelector(".o_sci_open_order")?.focus();
                },
            }
        );
    },

    /**
     * Odoo would offer to cancel the orders in the way. Those that a card has paid
     * cannot be cancelled, and are not to be tried.
     */
    async handleClosingError(response) {
        await this.loadSciUnresolved();
        if (this.sci.rows.length) {
            this.showSciUnresolved();
            return undefined;
        }
        const orders = this.findSciUnfinished(response);
        if (!orders.length) {
            return super.handleClosingError(...arguments);
        }
        this.dialog.add(SciUnfinishedOrders, {
            orders,
            canLeave: this.canCloseSciAnyway,
            open: ({uuid}) => this.openSciOrder(uuid),
            leave: () => this.leaveSciOrders(orders),
        });
        return undefined;
    },

    /**
     * @param {Object} response why the server does not close; `sci_orders` are those
     * that it has found
     * @returns {{uuid: string, name: string, amount: string}[]} with those of this
     * browser
     */
    findSciUnfinished({sci_orders: found = []}) {
        const known = new Set(found.map(({uuid}) => uuid));
        const {formatCurrency} = this.env.utils;
        const own = this.pos.models["pos.order"]
            .filter((order) => order.getSciLockedLines().length)
            .filter((order) => !order.isSciGivenBack() && !known.has(order.uuid))
            .filter((order) => order.session_id?.id === this.pos.session.id)
            .map((order) => ({
                uuid: order.uuid,
                name: order.getName(),
                amount: order
                    .getSciLockedLines()
                    .map((line) => formatCurrency(line.getAmount()))
                    .join(", "),
            }));
        return [...found, ...own];
    },

    async leaveSciOrders(orders) {
        const uuids = orders.map(({uuid}) => uuid);
        if (await this.closeWithoutSci([], uuids)) {
            await this.closeSession();
        }
    },

    /** With pos_hr a manager comes with a PIN. */
    get canCloseSciAnyway() {
        return usesEmployees(this.pos) || this.props.is_manager;
    },

    /** @returns {Promise<boolean>} whether a manager has let it close without these */
    async closeWithoutSci(rowIds, orderUuids) {
        const {data, models, session} = this.pos;
        const refusal = _t("Only a manager may close with card payments unresolved.");
        const person = await identifyManager(this.pos, refusal);
        if (!person || person.error) {
            if (person) {
                this.dialog.add(AlertDialog, {
                    title: _t("Card payment"),
                    body: person.error,
                });
            }
            return false;
        }
        const {employeeId, pin} = person;
        const args = [[session.id], rowIds, orderUuids, employeeId, pin];
        const postponed = await data.call("pos.session", "sci_close_anyway", args);
        for (const order of models["pos.order"].readMany(postponed)) {
            order.session_id = undefined;
        }
        return true;
    },

    async openSciOrder(uuid) {
        const order =
            this.pos.models["pos.order"].getBy("uuid", uuid) ||
            (await this.pos.data.loadServerOrders([["uuid", "=", uuid]]))[0];
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
        await this.closeWithoutSci(
            rows.map(({id}) => id),
            []
        );
        await this.loadSciUnresolved();
    },
};

patch(ClosePosPopup.prototype, closePosPopupPatch);
