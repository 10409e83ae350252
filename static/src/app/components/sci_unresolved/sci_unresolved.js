import {Component} from "@odoo/owl";
import {clock} from "@pos_mx51_sci/app/display/moments";
import {formatMinor, signedTotal} from "@pos_mx51_sci/app/request/amounts";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** Card payments without a result, which keep the register from closing. */
export class SciUnresolved extends Component {
    static template = "pos_mx51_sci.SciUnresolved";
    static props = {
        rows: Array,
        canCloseAnyway: Boolean,
        open: Function,
        closeAnyway: Function,
    };

    setup() {
        this.pos = usePos();
    }

    amount(row) {
        return formatMinor(signedTotal(row.amounts), this.pos);
    }

    since(row) {
        return clock(row.since);
    }
}
