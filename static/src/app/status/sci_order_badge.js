import {Component} from "@odoo/owl";
import {waitsFor} from "./running_payments";

/** On an order's tab: a card payment of it runs, and what it waits for. */
export class SciOrderBadge extends Component {
    static template = "pos_mx51_sci.SciOrderBadge";
    static props = {order: Object};

    /** @returns {Object|undefined} the cashier's turn first, see `waitsFor` */
    get waiting() {
        const all = this.props.order.getSciUnresolvedLines().map(waitsFor);
        return all.find(({needsCashier}) => needsCashier) || all[0];
    }
}
