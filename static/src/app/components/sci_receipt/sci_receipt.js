import {Component} from "@odoo/owl";

/** A terminal's receipt on paper: laid out in columns by the terminal itself. */
export class SciReceipt extends Component {
    static template = "pos_mx51_sci.SciReceipt";
    static props = {text: String};
}
