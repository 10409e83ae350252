import {Component, onWillStart, useState} from "@odoo/owl";
import {
    chargedAmounts,
    formatMinor,
    signedTotal,
} from "@pos_mx51_sci/app/request/amounts";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** The card payments of this register's session, and their receipts. */
export class SciSessionPayments extends Component {
    static template = "pos_mx51_sci.SciSessionPayments";
    static props = {};

    setup() {
        this.pos = usePos();
        this.state = useState({rows: [], note: ""});
        onWillStart(() => this.read());
    }

    /** The panel opens without them, rather than not at all. */
    async read() {
        try {
            this.state.rows = await this.pos.sci.status.readPayments();
        } catch {
            this.state.note = _t("Odoo did not answer.");
        }
    }

    time(row) {
        return deserializeDateTime(row.create_date).toFormat("HH:mm");
    }

    /** Odoo has no name for a draft; the register has its number. */
    order(row) {
        const order = this.pos.models["pos.order"].getBy("uuid", row.order_uuid);
        return order?.getName() || (row.pos_order_id && row.pos_order_id[1]) || "";
    }

    amount(row) {
        return formatMinor(signedTotal(chargedAmounts(row)), this.pos);
    }

    /** @returns {{text: string, tone: string}} what became of it */
    result({status, financial_status: financial, override_outcome: stated}) {
        if (financial === "APPROVED") {
            return {text: _t("Approved"), tone: "success"};
        }
        if (stated) {
            return stated === "yes"
                ? {text: _t("Paid (by hand)"), tone: "success"}
                : {text: _t("Not paid (by hand)"), tone: "danger"};
        }
        const results = {
            DECLINED: {text: _t("Declined"), tone: "danger"},
            CANCELLED: {text: _t("Cancelled"), tone: "muted"},
            not_sent: {text: _t("Not sent"), tone: "muted"},
            UNKNOWN: {text: _t("No result"), tone: "danger"},
            unknown: {text: _t("No result"), tone: "danger"},
        };
        const running = {text: _t("In progress"), tone: "info"};
        return results[financial || status] || running;
    }

    openReceipts(row) {
        return this.pos.sci.openReceiptsOf([["id", "=", row.id]]);
    }

    async openLast() {
        this.state.note = "";
        try {
            const id = await this.pos.sci.status.findLastReceipt();
            if (id) {
                await this.pos.sci.openReceiptsOf([["id", "=", id]]);
            } else {
                this.state.note = _t("This register has no card receipt yet.");
            }
        } catch {
            this.state.note = _t("Odoo did not answer.");
        }
    }
}
