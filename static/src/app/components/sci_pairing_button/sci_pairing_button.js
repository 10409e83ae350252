import {Component, useState} from "@odoo/owl";
import {PairingDialog} from "@pos_mx51_sci/pairing/pairing_dialog";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useService} from "@web/core/utils/hooks";

/** Opens the pairing of the terminal that a payment method goes to. */
export class SciPairingButton extends Component {
    static template = "pos_mx51_sci.SciPairingButton";
    static props = {methodId: Number};

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
        this.state = useState(this.pos.sci.terminals.state);
    }

    get terminal() {
        return this.state.canPair && this.pos.sci.terminals.usual(this.props.methodId);
    }

    open() {
        this.dialog.add(
            PairingDialog,
            {terminalId: this.terminal.id},
            {onClose: () => this.pos.sci.terminals.refresh()}
        );
    }
}
