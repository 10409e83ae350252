import {Component} from "@odoo/owl";
import {PairingPanel} from "./pairing_panel";
import {Dialog} from "@web/core/dialog/dialog";

/** The pairing screen over the POS. */
export class PairingDialog extends Component {
    static template = "pos_mx51_sci.PairingDialog";
    static components = {Dialog, PairingPanel};
    static props = {
        terminalId: Number,
        close: Function,
    };
}
