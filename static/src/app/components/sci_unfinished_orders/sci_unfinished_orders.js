import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** Orders that cards have paid in part, which keep the register from closing. */
export class SciUnfinishedOrders extends Component {
    static template = "pos_mx51_sci.SciUnfinishedOrders";
    static components = {Dialog};
    static props = {
        orders: Array,
        canLeave: Boolean,
        open: Function,
        leave: Function,
        close: Function,
    };

    open(order) {
        this.props.close();
        this.props.open(order);
    }

    leave() {
        this.props.close();
        this.props.leave();
    }
}
