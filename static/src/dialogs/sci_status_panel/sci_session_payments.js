import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {clock} from "@pos_mx51_sci/app/display/moments";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** Bootstrap's colours of what became of a payment, see `ledger/figures.py`. */
const TONES = {
    approved: "success",
    by_hand: "success",
    not_by_hand: "danger",
    declined: "danger",
    unknown: "danger",
    running: "info",
};

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
        return clock(row.at);
    }

    /** By the number that the register shows, where it still has the order. */
    order(row) {
        const order = this.pos.models["pos.order"].getBy("uuid", row.order_uuid);
        return order?.getName() || row.order;
    }

    amount(row) {
        return formatMinor(row.amount, this.pos);
    }

    tone(row) {
        return TONES[row.outcome] || "muted";
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
