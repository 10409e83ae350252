import {
    chargedAmounts,
    formatMinor,
    signedTotal,
} from "@pos_mx51_sci/app/request/amounts";
import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {kindText} from "@pos_mx51_sci/app/display/texts";
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
        const terminal = this.terminals.get(row.terminal_id)?.name;
        return [kindText(row.kind), terminal, row.message].filter(Boolean).join(" · ");
    }

    amount(row) {
        return formatMinor(signedTotal(chargedAmounts(row)), this.pos);
    }

    print(text) {
        return this.pos.sci.print(text);
    }
}

registry.category("lazy_components").add("SciReceiptsDialog", SciReceiptsDialog);
