import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {PairingPanel} from "@pos_mx51_sci/pairing/pairing_panel";
import {registry} from "@web/core/registry";

/** The pairing screen in a dialog of the POS. */
export class PairingDialog extends Component {
    static template = "pos_mx51_sci.PairingDialog";
    static components = {Dialog, PairingPanel};
    static props = {
        terminalId: Number,
        ask: {type: Function, optional: true},
        close: Function,
    };
}

registry.category("lazy_components").add("PairingDialog", PairingDialog);
