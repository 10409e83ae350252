import {Component, useState} from "@odoo/owl";
import {openDialog} from "@pos_mx51_sci/app/sci/sci_later";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** Opens the pairing of the terminal that a payment method goes to. */
export class SciPairingButton extends Component {
    static template = "pos_mx51_sci.SciPairingButton";
    static props = {methodId: Number};

    setup() {
        this.pos = usePos();
        this.state = useState(this.pos.sci.terminals.state);
    }

    get terminal() {
        return this.state.canPair && this.pos.sci.terminals.usual(this.props.methodId);
    }

    open() {
        openDialog(
            this.env.services,
            "PairingDialog",
            {terminalId: this.terminal.id},
            {onClose: () => this.pos.sci.terminals.refresh()}
        );
    }
}
