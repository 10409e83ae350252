import {Component} from "@odoo/owl";
import {PairingPanel} from "../pairing/pairing_panel";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** The pairing screen on the form of a terminal, which has to be saved first. */
export class SciPairingWidget extends Component {
    static template = "pos_mx51_sci.SciPairingWidget";
    static components = {PairingPanel};
    static props = {...standardWidgetProps};

    save() {
        return this.props.record.save();
    }

    /** Pairing changes the record on the server; what is being edited stays. */
    async onChanged() {
        const record = this.props.record;
        if (await record.isDirty()) {
            await record.save();
        } else {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sci_pairing", {component: SciPairingWidget});
