import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {bankText} from "@pos_mx51_sci/app/components/sci_day/sci_day";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** What the bank has answered to a settlement or an enquiry, as text to be printed. */
export class SciSettlementDialog extends Component {
    static template = "pos_mx51_sci.SciSettlementDialog";
    static components = {Dialog};
    static props = {settlement: Object, close: Function};

    setup() {
        this.pos = usePos();
    }

    get title() {
        const {kind, terminal_name: name} = this.props.settlement;
        return kind === "settlement"
            ? _t("Settlement of %s", name)
            : _t("Totals of %s", name);
    }

    get text() {
        return bankText(this.props.settlement);
    }

    print() {
        return this.pos.sci.print(this.props.settlement.receipt);
    }
}

registry.category("lazy_components").add("SciSettlementDialog", SciSettlementDialog);
