import {
    chargedAmounts,
    formatMinor,
    signedTotal,
} from "@pos_mx51_sci/app/request/amounts";
import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** The receipts of the card payments of one order, to be printed again. */
export class SciReceiptsDialog extends Component {
    static template = "pos_mx51_sci.SciReceiptsDialog";
    static components = {Dialog};
    static props = {rows: Array, close: Function};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
    }

    /** @returns {String} the kind, the terminal and what it showed */
    title(row) {
        const kinds = {
            refund: _t("Refund"),
            moto: _t("Mail or telephone order"),
            cashout: _t("Cash-out"),
            purchase_with_cashout: _t("Purchase with cash-out"),
        };
        const kind = kinds[row.kind] || _t("Purchase");
        return [kind, this.terminals.get(row.terminal_id)?.name, row.message]
            .filter(Boolean)
            .join(" · ");
    }

    amount(row) {
        return formatMinor(signedTotal(chargedAmounts(row)), this.pos);
    }

    print(text) {
        return this.pos.sci.print(text);
    }
}

registry.category("lazy_components").add("SciReceiptsDialog", SciReceiptsDialog);
