import {Component} from "@odoo/owl";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** Opens the pairing of the terminal that a payment method goes to. */
export class SciPairingButton extends Component {
    static template = "pos_mx51_sci.SciPairingButton";
    static props = {methodId: Number};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
    }

    get terminal() {
        const {mayManage} = this.pos.sci.status;
        return mayManage && this.terminals.usual(this.props.methodId);
    }

    /** The terminal may have gone since the button was drawn: then its panel says so. */
    open() {
        const {terminal} = this;
        return terminal
            ? this.pos.sci.status.openPairing(terminal.id)
            : this.pos.sci.status.open();
    }
}
