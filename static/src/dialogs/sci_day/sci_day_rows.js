import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {clock} from "@pos_mx51_sci/app/display/moments";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** The card payments behind a number of the closing popup. */
export class SciDayRows extends Component {
    static template = "pos_mx51_sci.SciDayRows";
    static components = {Dialog};
    static props = {title: String, rows: Array, close: Function};

    setup() {
        this.pos = usePos();
    }

    amount(row) {
        return formatMinor(row.amount, this.pos);
    }

    /** With all that was charged, where only a part of it is in the number. */
    details(row) {
        const inAll =
            row.charged !== row.amount &&
            _t("%s in all", formatMinor(row.charged, this.pos));
        return [row.kind, row.order, row.cashier, inAll].filter(Boolean).join(" · ");
    }

    clock(row) {
        return clock(row.at);
    }
}

registry.category("lazy_components").add("SciDayRows", SciDayRows);
