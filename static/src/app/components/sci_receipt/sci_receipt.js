import {Component} from "@odoo/owl";

/** A terminal's receipt on paper: its own lay-out, one character after the other. */
export class SciReceipt extends Component {
    static template = "pos_mx51_sci.SciReceipt";
    static props = {text: String};
}
