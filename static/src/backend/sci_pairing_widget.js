import {Component} from "@odoo/owl";
import {PairingPanel} from "../pairing/pairing_panel";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** The pairing screen on the form of a terminal, which has to be saved first. */
export class SciPairingWidget extends Component {
    static template = "pos_mx51_sci.SciPairingWidget";
    static components = {PairingPanel};
    static props = {...standardWidgetProps};

    setup() {
        this.action = useService("action");
    }

    save() {
        return this.props.record.save();
    }

    /** The terminal has a record from before, and the new one is gone. */
    async goOnIn(terminalId) {
        await this.props.record.discard();
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "pos.sci.terminal",
                res_id: terminalId,
                views: [[false, "form"]],
            },
            {stackPosition: "replaceCurrentAction"}
        );
    }

    /** Pairing changes the record on the server; what is being edited stays. */
    async onChanged(view) {
        const record = this.props.record;
        if (view.id !== record.resId) {
            return this.goOnIn(view.id);
        }
        if (await record.isDirty()) {
            await record.save();
        } else {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sci_pairing", {component: SciPairingWidget});
