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
        return this.terminals.canPair && this.terminals.usual(this.props.methodId);
    }

    open() {
        this.pos.sci.openPairing(this.terminal.id);
    }
}
